import { msOf } from "../time/instant.ts";
import { minorDigits, Money } from "../money/money.ts";
import type { Components, StorefrontRefund, RefundTransaction } from "./observation.ts";
import type { Instant } from "../time/instant.ts";
import type { Amount } from "../money/amount.ts";
import type { Policy } from "../policy.ts";

/** A refund's figures in one of the two currencies that the storefront itself states. */
export type Figures = {
  readonly currency: string;
  readonly settled: Amount;
  readonly pending: Amount;
  readonly components: Components;
  /** How far the true amounts may be away from computed ones; absent for stated amounts. */
  readonly computedWithin?: Amount | undefined;
};

/** The currency in which the buyer paid. */
export function buyersCurrency({
  currency,
  presentment,
}: Pick<StorefrontRefund, "currency" | "presentment">): string {
  if (presentment === null || presentment.computedWithin !== undefined) return currency;
  return presentment.currency;
}

/** The refund's amounts in this currency, as the storefront states them; null if it does not. */
export function figuresIn(refund: StorefrontRefund, currency: string): Figures | null {
  if (refund.currency === currency) return refund;
  return refund.presentment?.currency === currency ? refund.presentment : null;
}

/** What the ERP should book: the settled money, or the pending money while none is settled. */
export function toBook({ settled, pending }: Pick<Figures, "settled" | "pending">): Amount {
  return isNothing(settled) ? pending : settled;
}

/** The settled and the pending money together. */
export function bothParts({ settled, pending, currency }: Omit<Figures, "components">): Amount {
  return Money.of(settled, currency).plus(Money.of(pending, currency)).toString();
}

/**
 * The second amount that the ERP may book if the register rounded the cash, in the shop's currency;
 * empty if it did not round. If the payment equals the sum of the parts, the cash was rounded after
 * it, so the second amount is the payment plus the rounding. If the payment differs from that sum
 * by the rounding, it is rounded already, so the second amount is the sum of the parts. The
 * rounding must never be applied with the opposite sign: that would be an error of twice its size.
 */
export function withoutCashRounding(refund: StorefrontRefund, figures: Figures): readonly Amount[] {
  const { currency } = figures;
  if (!refund.benign.includes("cash_rounding") || currency !== refund.currency) return [];
  const rounding = Money.sum(
    refund.transactions.map((one) => Money.of(one.rounding, currency)),
    currency,
  );
  const paid = Money.of(toBook(figures), currency);
  const parts = partsTotal(figures, refund.taxesIncluded);
  if (parts === null) return [paid.plus(rounding).toString()];
  const due = Money.of(parts, currency);
  const isRounded = [paid.minus(rounding), paid.plus(rounding)].some((one) => one.equals(due));
  return [(isRounded && !paid.equals(due) ? due : paid.plus(rounding)).toString()];
}

/**
 * The sum of the refund's parts, which may differ from the amount that was paid; null if the
 * storefront does not state the parts.
 */
export function partsTotal(
  { components, currency }: Pick<Figures, "components" | "currency">,
  taxesIncluded: boolean,
): Amount | null {
  const { items, tax, shipping, shippingTax, duties, adjustment, charges = [] } = components;
  if (items === null || shipping === null) return null;
  const added = taxesIncluded ? [] : [tax, shippingTax ?? "0"];
  const charged = charges.map(({ amount }) => amount);
  return Money.sum(
    [items, shipping, duties, ...charged, ...added].map((amount) => Money.of(amount, currency)),
    currency,
  )
    .minus(Money.of(adjustment, currency))
    .toString();
}

/** How far the parts and the lines of a refund may be away from the true ones, each alone. */
export function partSlackOf(
  { partsComputed, lines }: Pick<StorefrontRefund, "partsComputed" | "lines">,
  currency: string,
): Money {
  if (partsComputed !== true) return Money.zero(currency);
  const unit = Money.of("1", currency).dividedBy(10 ** minorDigits(currency));
  return unit.times(Math.max(1, lines.length));
}

/** The payment is still pending: the refund is neither missing nor a mismatch. */
export function awaitsPayment({ settled, pending }: StorefrontRefund): boolean {
  return isNothing(settled) && !isNothing(pending);
}

export function isPartlyPaid({ settled, pending }: StorefrontRefund): boolean {
  return !isNothing(settled) && !isNothing(pending);
}

/** The time from which the ERP should have the refund: it was processed and its money had moved. */
export function clockStart({
  processedAt,
  settledAt,
  createdAt,
  marks,
}: Pick<StorefrontRefund, "processedAt" | "settledAt" | "createdAt"> & {
  readonly marks?: readonly string[];
}): Instant {
  if (marks !== undefined && marks.length > 0 && marks.includes("future_dated")) {
    // One of its times is wrong and in the future. Waiting for it would hide the refund until then.
    const times = [processedAt, createdAt, settledAt ?? processedAt];
    return times.toSorted()[0] ?? processedAt;
  }
  return settledAt !== null && settledAt > processedAt ? settledAt : processedAt;
}

/**
 * Since when the refund exists in the storefront: its processing date may be before its creation.
 */
export function knownSince({
  processedAt,
  createdAt,
}: Pick<StorefrontRefund, "processedAt" | "createdAt">): Instant {
  return createdAt > processedAt ? createdAt : processedAt;
}

export function isNothing(amount: Amount): boolean {
  return amount === "0.00" || !/[1-9]/.test(amount);
}

/** A payment that was processed at most 15 minutes after its refund counts as a part of it. */
export function settlesAtOnce(
  refund: Pick<StorefrontRefund, "processedAt" | "createdAt">,
  { processedAt }: Pick<RefundTransaction, "processedAt">,
): boolean {
  if (processedAt === null) return true;
  const known = knownSince(refund);
  return processedAt <= known || msOf(processedAt) - msOf(known) <= AT_ONCE_MS;
}

const AT_ONCE_MS = 15 * 60_000;

/**
 * The refund's document may be older than the period for which the ERP was read, so nobody can say
 * that it is missing.
 */
export function isBeforeErpWatch(
  refund: StorefrontRefund,
  { erpWatchedSince = null }: Policy,
): boolean {
  return (erpWatchedSince ?? "") > clockStart(refund);
}

import { msOf } from "../time/instant.ts";
import { Money } from "../money/money.ts";
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
};

/** The refund in this currency by the storefront's own pair of amounts; null when it has no such pair. */
export function figuresIn(refund: StorefrontRefund, currency: string): Figures | null {
  if (refund.currency === currency) return refund;
  return refund.presentment?.currency === currency ? refund.presentment : null;
}

/** What the ERP should book: the money that moved, or while none has, the money on its way. */
export function toBook({ settled, pending }: Pick<Figures, "settled" | "pending">): Amount {
  return isNothing(settled) ? pending : settled;
}

/** The money that moved and the money on its way together. */
export function bothParts({ settled, pending, currency }: Omit<Figures, "components">): Amount {
  return Money.of(settled, currency).plus(Money.of(pending, currency)).toString();
}

/**
 * The other amount that a register's cash rounding stands for, in the shop's currency; none where it
 * did not round. A payment that is what the parts come to was rounded afterwards, so the cash is the
 * payment with its rounding; one that is not has been rounded already, and the exact amount is what
 * the parts come to. Never the rounding the other way round: that is a mistake of twice its size.
 */
export function withoutCashRounding(refund: StorefrontRefund, figures: Figures): readonly Amount[] {
  const { currency } = figures;
  if (!refund.benign.includes("cash_rounding") || currency !== refund.currency) return [];
  const rounding = Money.sum(
    refund.transactions.map((one) => Money.of(one.rounding, currency)),
    currency,
  );
  const paid = Money.of(toBook(figures), currency);
  const due = Money.of(partsTotal(figures, refund.taxesIncluded), currency);
  const isRounded = [paid.minus(rounding), paid.plus(rounding)].some((one) => one.equals(due));
  return [(isRounded && !paid.equals(due) ? due : paid.plus(rounding)).toString()];
}

/** What the parts of the refund come to, whatever was paid. */
export function partsTotal(
  { components, currency }: Pick<Figures, "components" | "currency">,
  taxesIncluded: boolean,
): Amount {
  const { items, tax, shipping, shippingTax, duties, adjustment } = components;
  const added = taxesIncluded ? [] : [tax, shippingTax];
  return Money.sum(
    [items, shipping, duties, ...added].map((amount) => Money.of(amount, currency)),
    currency,
  )
    .minus(Money.of(adjustment, currency))
    .toString();
}

/** The payment has not gone through yet: neither missing nor a mismatch. */
export function awaitsPayment({ settled, pending }: StorefrontRefund): boolean {
  return isNothing(settled) && !isNothing(pending);
}

/** Part of the payment has gone through, part is on its way. */
export function isPartlyPaid({ settled, pending }: StorefrontRefund): boolean {
  return !isNothing(settled) && !isNothing(pending);
}

/** From when the ERP is expected to know: the refund was processed and its money had moved. */
export function clockStart({
  processedAt,
  settledAt,
  createdAt,
  marks,
}: Pick<StorefrontRefund, "processedAt" | "settledAt" | "createdAt"> & {
  readonly marks?: readonly string[];
}): Instant {
  if (marks !== undefined && marks.length > 0 && marks.includes("future_dated")) {
    // One of its times is a mistake: waiting for that time would hide the refund until then.
    const times = [processedAt, createdAt, settledAt ?? processedAt];
    return times.toSorted()[0] ?? processedAt;
  }
  return settledAt !== null && settledAt > processedAt ? settledAt : processedAt;
}

/** From when the storefront knew: a refund can be processed with an older date than its own. */
export function knownSince({
  processedAt,
  createdAt,
}: Pick<StorefrontRefund, "processedAt" | "createdAt">): Instant {
  return createdAt > processedAt ? createdAt : processedAt;
}

export function isNothing(amount: Amount): boolean {
  return amount === "0.00" || !/[1-9]/.test(amount);
}

/** A payment that went through within a quarter of an hour of its refund is part of it. */
export function settlesAtOnce(
  refund: Pick<StorefrontRefund, "processedAt" | "createdAt">,
  { processedAt }: Pick<RefundTransaction, "processedAt">,
): boolean {
  if (processedAt === null) return true;
  const known = knownSince(refund);
  return processedAt <= known || msOf(processedAt) - msOf(known) <= AT_ONCE_MS;
}

const AT_ONCE_MS = 15 * 60_000;

/** Its document may lie before what was read of the ERP: nobody can call it missing. */
export function isBeforeErpWatch(
  refund: StorefrontRefund,
  { erpWatchedSince = null }: Policy,
): boolean {
  return (erpWatchedSince ?? "") > clockStart(refund);
}

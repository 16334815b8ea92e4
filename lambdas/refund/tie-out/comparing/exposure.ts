import { isOfAmount } from "../../record/mismatch.ts";
import { Money } from "../../money/money.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import type { Amount } from "../../money/amount.ts";
import { figuresIn, isNothing, toBook } from "../../observation/refund-figures.ts";
import { paysOutStoreCredit } from "./compare-identity.ts";
import type { Mismatch, MismatchKind } from "../../record/mismatch.ts";

/**
 * The money that may have to be written off while this is open, in the refund's currency. It is the
 * amount that the ERP booked again, plus the difference; or plus the whole amount (if that is more
 * than the difference) where the booking does not count or is in a third currency. A missing
 * reference, a period, a delay and an unusual kind of document lose no money by themselves.
 */
export function exposureOf(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  mismatches: readonly Mismatch[],
): Amount {
  const kinds = new Set(mismatches.map(({ kind }) => kind));
  // The difference is known if the storefront states the amount in that currency too.
  const isForeign =
    kinds.has("currency") && documents.some(({ currency }) => figuresIn(refund, currency) === null);
  const isWrongKind =
    kinds.has("transaction_type") &&
    documents.some((one) => one.kind === "other" || paysOutStoreCredit(refund, one));
  const whole = kinds.has("status") || isForeign || isWrongKind;
  const differing = largestOf(refund, mismatches, MONEY_KINDS);
  const once = whole ? larger(wholeAmount(refund, documents), differing) : differing;
  const again = largestOf(refund, mismatches, ["duplicate_in_erp"]);
  return once.plus(again).toString();
}

/**
 * Converts an amount in the refund's other currency by the ratio of the refund's own two amounts.
 */
function inRefundCurrency(refund: StorefrontRefund, amount: Money): Money {
  if (amount.currency === refund.currency) return amount;
  const figures = figuresIn(refund, amount.currency);
  if (figures === null || isNothing(toBook(figures)))
    return Money.of(toBook(refund), refund.currency);
  return Money.of(toBook(refund), refund.currency)
    .times(amount.toString())
    .dividedBy(toBook(figures))
    .rounded("half-up");
}

const MONEY_KINDS: readonly MismatchKind[] = ["amount", "tax", "shipping", "discount"];

/** A refund with a failed payment has no amount of its own, so the booked amount counts. */
function wholeAmount(refund: StorefrontRefund, documents: readonly ErpDocument[]): Money {
  const own = Money.of(toBook(refund), refund.currency);
  if (!own.isZero()) return own;
  const booked = documents.filter(({ currency }) => currency === refund.currency);
  return Money.sum(
    booked.map(({ total }) => Money.of(total, refund.currency)),
    refund.currency,
  );
}

/**
 * The difference of the total (credited or paid) already includes the differences of its parts, so
 * only the largest one counts.
 */
function largestOf(
  refund: StorefrontRefund,
  mismatches: readonly Mismatch[],
  kinds: readonly MismatchKind[],
): Money {
  const counted = mismatches.filter(isOfAmount).filter(({ kind }) => kinds.includes(kind));
  const totals = counted.filter(({ kind }) => kind === "amount");
  let largest = Money.zero(refund.currency);
  for (const { difference, currency } of totals.length > 0 ? totals : counted) {
    largest = larger(largest, inRefundCurrency(refund, Money.of(difference, currency)).absolute());
  }
  return largest;
}

function larger(one: Money, other: Money): Money {
  return one.compare(other) >= 0 ? one : other;
}

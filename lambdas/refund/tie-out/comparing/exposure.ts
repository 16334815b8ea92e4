import { isOfAmount } from "../../record/mismatch.ts";
import { Money } from "../../money/money.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import type { Amount } from "../../money/amount.ts";
import { figuresIn, isNothing, toBook } from "../../observation/refund-figures.ts";
import type { Mismatch, MismatchKind } from "../../record/mismatch.ts";

/**
 * What may have to be written off while this is open, in the refund's currency: what the ERP booked
 * once more, the whole amount where the booking does not count or is in a third currency (or the
 * difference, where that is more), else the difference. A missing reference, a period and a delay lose no money by themselves.
 */
export function exposureOf(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  mismatches: readonly Mismatch[],
): Amount {
  const kinds = new Set(mismatches.map(({ kind }) => kind));
  // In a currency that the storefront states too, the difference is known.
  const isForeign =
    kinds.has("currency") && documents.some(({ currency }) => figuresIn(refund, currency) === null);
  const whole = kinds.has("status") || isForeign || kinds.has("transaction_type");
  const differing = largestOf(refund, mismatches, MONEY_KINDS);
  const once = whole ? larger(wholeAmount(refund, documents), differing) : differing;
  const again = largestOf(refund, mismatches, ["duplicate_in_erp"]);
  return once.plus(again).toString();
}

/** An amount of the refund's other currency in the refund's own, by the refund's own two amounts. */
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

/** A payment that failed has no amount of its own: then what was booked for it. */
function wholeAmount(refund: StorefrontRefund, documents: readonly ErpDocument[]): Money {
  const own = Money.of(toBook(refund), refund.currency);
  if (!own.isZero()) return own;
  const booked = documents.filter(({ currency }) => currency === refund.currency);
  return Money.sum(
    booked.map(({ total }) => Money.of(total, refund.currency)),
    refund.currency,
  );
}

/** The total's difference, credited or paid, already holds that of its parts: the largest counts. */
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

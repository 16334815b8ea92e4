import { ofAmount } from "../../record/mismatch.ts";
import { Money } from "../../money/money.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { withoutCashRounding, figuresIn } from "../../observation/refund-figures.ts";
import type { Mismatch } from "../../record/mismatch.ts";
import { isStoreCredit, paidFromBank } from "../../observation/tenders.ts";

/**
 * Compares what the ERP paid out for a credit with what the refund's tenders paid out of the bank.
 * A credit without a payout is not compared: whether it needs a payout is the brand's habit.
 */
export function comparePaid(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  tolerance: Money,
): readonly Mismatch[] {
  const [first] = documents;
  if (first === undefined || documents.every(({ settlement }) => settlement === null)) return [];
  const { currency } = first;
  if (documents.some((document) => document.currency !== currency)) return [];
  const moved = refund.transactions.filter(({ status }) => status === "success");
  // A payout of store credit is a wrong type of booking, and it is reported as that.
  if (moved.length > 0 && moved.every(isStoreCredit)) return [];
  const expected = paidFromBank(refund, currency, ["success"]);
  if (expected === null) return [];
  const paid = paidOut(documents, currency);
  const agrees = (other: Money): boolean => paid.minus(other).absolute().compare(tolerance) <= 0;
  if (agrees(expected) || otherCorrectPayouts(refund, currency).some(agrees)) return [];
  return [paidMismatch(expected, paid)];
}

/**
 * The money that left the bank for these documents: the payouts of credits, and the documents that
 * are payments themselves.
 */
export function paidOut(documents: readonly ErpDocument[], currency: string): Money {
  return Money.sum(
    documents
      .filter((document) => document.currency === currency)
      .flatMap(({ kind, total, settlement }) => {
        if (kind === "cash_refund" || kind === "customer_refund") return [total];
        return settlement === null ? [] : [settlement.amount];
      })
      .map((amount) => Money.of(amount, currency)),
    currency,
  );
}

export function paidMismatch(expected: Money, paid: Money): Mismatch {
  return ofAmount({
    kind: "amount",
    expected: expected.toString(),
    actual: paid.toString(),
    currency: paid.currency,
    leg: "paid",
  });
}

/** Other correct payouts: with the pending payment, or with the register's cash rounding. */
function otherCorrectPayouts(refund: StorefrontRefund, currency: string): readonly Money[] {
  const both = paidFromBank(refund, currency, ["success", "pending", "unknown"]);
  const figures = figuresIn(refund, currency);
  const rounded = figures === null ? [] : withoutCashRounding(refund, figures);
  return [...(both === null ? [] : [both]), ...rounded.map((one) => Money.of(one, currency))];
}

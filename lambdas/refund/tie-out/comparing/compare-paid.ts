import { ofAmount } from "../../record/mismatch.ts";
import { Money } from "../../money/money.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { withoutCashRounding, figuresIn } from "../../observation/refund-figures.ts";
import type { Mismatch } from "../../record/mismatch.ts";
import { isStoreCredit, paidFromBank } from "../../observation/tenders.ts";

/**
 * The money that left: what the ERP paid out of a credit against what the refund's tenders paid out
 * of the bank. Nothing is said of a credit without a payout: whether one is due is the brand's habit.
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
  // Store credit that was paid out as well is a wrong kind of booking, told as that.
  if (moved.length > 0 && moved.every(isStoreCredit)) return [];
  const expected = paidFromBank(refund, currency, ["success"]);
  if (expected === null) return [];
  const paid = paidOut(documents, currency);
  const agrees = (other: Money): boolean => paid.minus(other).absolute().compare(tolerance) <= 0;
  if (agrees(expected) || otherRight(refund, currency).some(agrees)) return [];
  return [paidMismatch(expected, paid)];
}

/** Money that left the bank for these documents: what paid a credit out, and what is a payment itself. */
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

/** With the payment that is on its way, or in coins. */
function otherRight(refund: StorefrontRefund, currency: string): readonly Money[] {
  const both = paidFromBank(refund, currency, ["success", "pending", "unknown"]);
  const figures = figuresIn(refund, currency);
  const coins = figures === null ? [] : withoutCashRounding(refund, figures);
  return [...(both === null ? [] : [both]), ...coins.map((one) => Money.of(one, currency))];
}

import { ofWords } from "../../record/mismatch.ts";
import { samePayment } from "../../observation/same-payment.ts";
import { otherPeriod } from "./accounting-period.ts";
import { inWords, msOf } from "../../time/instant.ts";
import { nameOf } from "../../observation/document-names.ts";
import { isStoreCredit } from "../../observation/tenders.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { carriesId, orderOf, weakOrderOf } from "../../observation/order-reference.ts";
import { normaliseOrder } from "../../observation/order-number.ts";
import { clockStart } from "../../observation/refund-figures.ts";
import type { Mismatch, WordsKind } from "../../record/mismatch.ts";
import type { Policy } from "../../policy.ts";

/**
 * Compares everything except money: references, kind of document, period, delay.
 *
 * @param arrivedMs when the ERP first had all of it, in milliseconds since 1970
 */
export function compareIdentity(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  arrivedMs: number,
  policy: Policy,
): readonly Mismatch[] {
  const { currency } = refund;
  const found: Mismatch[] = [];
  const add = (kind: WordsKind, expected: string, actual: string): void => {
    found.push(ofWords({ kind, expected, actual, currency }));
  };
  if (!documents.some((document) => namesOrder(document, refund, policy))) {
    add("order_reference_missing", refund.orderNumber, "none");
  }
  const otherPayment = documents.find((document) => samePayment(refund, document) === "no");
  if (otherPayment !== undefined) {
    const ours = refund.transactions.flatMap(({ references }) => references);
    add("payment_reference_missing", ours.join(", "), otherPayment.paymentReferences.join(", "));
  }
  for (const document of documents) {
    if (document.kind === "other") add("transaction_type", "a refund document", nameOf(document));
    else if (paysOutStoreCredit(refund, document)) {
      add("transaction_type", "store credit", "paid out");
    }
    const period = otherPeriod(refund, document, policy.timeZone);
    if (period !== null && !found.some(({ kind }) => kind === "period")) found.push(period);
  }
  // Nobody can say that it was late if it may have been made long before.
  if (documents.some(({ createdAtIsLatest }) => createdAtIsLatest === true)) return found;
  const gap = arrivedMs - msOf(clockStart(refund));
  return gap <= policy.staleAfterMs ? found : [...found, lateBy(gap, policy, currency)];
}

/**
 * Whether the document names the order: by its number, by its id, or by the ERP's own number of the
 * source document, which counts because such a document was matched by its amount.
 */
function namesOrder(document: ErpDocument, refund: StorefrontRefund, policy: Policy): boolean {
  if (orderOf(document, policy) !== null) return true;
  if (carriesId(document, refund.orderId)) return true;
  const orderOfSource = weakOrderOf(document, policy);
  return (
    orderOfSource !== null &&
    orderOfSource === normaliseOrder(refund.orderNumber, policy.orderPrefixes)
  );
}

/**
 * A refund given as store credit moves no money, so a payout of its credit memo, or a cash refund,
 * pays twice. The opposite case proves nothing: some brands book every card refund as a credit memo
 * without a payout.
 */
export function paysOutStoreCredit(refund: StorefrontRefund, document: ErpDocument): boolean {
  const isCash = document.kind === "cash_refund" || document.kind === "customer_refund";
  if (document.settlement === null && !isCash) return false;
  const paid = refund.transactions.filter(({ status }) => status === "success");
  return paid.length > 0 && paid.every(isStoreCredit);
}

export function lateBy(gapMs: number, { staleAfterMs }: Policy, currency: string): Mismatch {
  const expected = `within ${inWords(staleAfterMs)}`;
  return ofWords({ kind: "late", expected, actual: inWords(gapMs), currency });
}

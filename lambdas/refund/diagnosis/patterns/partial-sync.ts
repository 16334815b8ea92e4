import { namesOf } from "../../observation/document-names.ts";
import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * The ERP has the credit, but without order id, payment record or lines; without an order id, rule
 * 5 found it. A document that a person entered by hand is not a partial sync: see `enteredByHand`.
 */
export function partialSync(record: SyncRecord): string | null {
  const { documents, mismatches, match } = record;
  if (documents.length === 0 || documents.some(({ createdBy }) => createdBy.kind === "human")) {
    return null;
  }
  const kinds = new Set(mismatches.map(({ kind }) => kind));
  const names = namesOf(documents);
  if (match?.rule === "circumstantial" || kinds.has("order_reference_missing")) {
    return `The ERP has the credit (${names}) without an order reference; it was found by amount, currency and time alone.`;
  }
  if (kinds.has("payment_reference_missing")) {
    return `The ERP has the credit (${names}) without a record of the payment.`;
  }
  if (documents.every(({ lines }) => lines !== null && lines.length === 0)) {
    return `The ERP has the credit (${names}) without any line.`;
  }
  return null;
}

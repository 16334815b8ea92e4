import { namesOf } from "../../observation/document-names.ts";
import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * The ERP has the credit but without order id, payment record or lines; found by rule 5. What a
 * person entered by hand without a reference is another story.
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
    return `The ERP has the credit (${names}) without a single line.`;
  }
  return null;
}

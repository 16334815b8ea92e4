import type { Link } from "./matching/matches.ts";
import { msOf } from "../time/instant.ts";
import { amountKey, amountKeys } from "../observation/amount-key.ts";
import type { VoidDocument } from "../observation/live-documents.ts";
import type { ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import { normaliseRefundId, refundIdsOf } from "../observation/refund-id.ts";

/**
 * When the ERP first booked the documents of a link, in milliseconds since 1970. If a document was
 * voided or reversed and then posted again, the first posting counts, also where the new document
 * has another amount. A rejected document was never booked.
 */
export function firstPostedMs(
  { documents, refunds }: Link,
  voided: readonly VoidDocument[],
): number {
  const arrived = Math.max(...documents.map(({ createdAt }) => msOf(createdAt)));
  const [document, another] = documents;
  if (voided.length === 0 || document === undefined || another !== undefined) return arrived;
  const earlier = voided
    .filter((one) => POSTED.has(one.end) && isOfLink(one, document, refunds))
    .map((one) => msOf(one.document.createdAt));
  return Math.min(arrived, ...earlier);
}

const POSTED: ReadonlySet<VoidDocument["end"]> = new Set([
  "voided",
  "deleted",
  "reversed",
  "replaced",
]);

/** The void document had the amount of the document or of its refund, or it named the refund. */
function isOfLink(
  { document: before }: VoidDocument,
  { currency, total }: Pick<ErpDocument, "currency" | "total">,
  refunds: readonly StorefrontRefund[],
): boolean {
  const named = new Set(refundIdsOf(before));
  if (refunds.some(({ refundId }) => named.has(normaliseRefundId(refundId)))) return true;
  const amounts = new Set([amountKey(currency, total), ...refunds.flatMap(amountKeys)]);
  return amounts.has(amountKey(before.currency, before.total));
}

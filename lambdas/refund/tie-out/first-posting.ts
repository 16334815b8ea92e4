import type { Link } from "./matching/matches.ts";
import { msOf } from "../time/instant.ts";
import type { VoidDocument } from "../observation/live-documents.ts";

/**
 * When the ERP first booked the documents of a link, in milliseconds since 1970. If a document was
 * voided or reversed and then posted again, the first posting counts. A rejected document was never
 * booked.
 */
export function firstPostedMs({ documents }: Link, voided: readonly VoidDocument[]): number {
  const arrived = Math.max(...documents.map(({ createdAt }) => msOf(createdAt)));
  const [document, another] = documents;
  if (voided.length === 0 || document === undefined || another !== undefined) return arrived;
  const earlier = voided
    .filter((one) => POSTED.has(one.end) && isSame(one, document))
    .map((one) => msOf(one.document.createdAt));
  return Math.min(arrived, ...earlier);
}

const POSTED: ReadonlySet<VoidDocument["end"]> = new Set([
  "voided",
  "deleted",
  "reversed",
  "replaced",
]);

function isSame(
  { document }: VoidDocument,
  { currency, total }: { readonly currency: string; readonly total: string },
): boolean {
  return document.currency === currency && document.total === total;
}

import type { Instant } from "../../../refund/time/instant.ts";
import type { Window } from "../../source.ts";

/**
 * The query for credit memos that changed, from this time on. A condition of `q` is joined by `and`
 * in the version of the framework that is sent.
 *
 * @param field LastUpdateDate, or CreationDate where a pod cannot search by the first
 */
export function changedMemos(field: TimeField, from: Instant, { until }: Window): string {
  const since = `${field} >= "${withOffset(from)}"`;
  return until >= NO_LIMIT ? since : `${since} and ${field} <= "${withOffset(until)}"`;
}

export type TimeField = "LastUpdateDate" | "CreationDate";

export const MEMOS = "receivablesCreditMemos";
export const LINES = "receivablesCreditMemoLines";
export const TAX_LINES = "receivablesCreditMemoLineTaxLines";
/** Where a brand's own fields stand. */
export const FLEX_FIELDS = [
  "receivablesCreditMemoDFF",
  "receivablesCreditMemoTransactionDFF",
] as const;
export const INVOICES = "receivablesInvoices";
export const ACCOUNTS = "receivablesCustomerAccountActivities";

/** Fusion writes the offset of UTC in digits. */
function withOffset(at: Instant): string {
  return at.replace(/Z$/, "+00:00");
}

/** A window without an end. */
const NO_LIMIT = "9000";

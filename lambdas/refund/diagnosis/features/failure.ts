import { isUnpaid } from "../../record/mismatch.ts";
import type { MismatchKind } from "../../record/mismatch.ts";
import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * The first failure of a record, from which its other mismatches follow; null for a record without
 * a failure. A refund that never arrived has no tax to compare, so "missing" is its only failure.
 */
export function failureOf({ mismatches, status, openedAt }: SyncRecord): Failure | null {
  const kinds = new Set(mismatches.map((one) => (isUnpaid(one) ? "unpaid" : one.kind)));
  for (const [failure, signs] of FIRST_TO_LAST) {
    if (signs.some((kind) => kinds.has(kind))) return failure;
  }
  if (status === "stale") return "missing";
  if (status === "orphaned") return "orphan";
  if (status === "duplicated") return "duplicate";
  return status === "resolved" && openedAt !== null ? "late" : null;
}

export const FAILURES = [
  "missing",
  "orphan",
  "duplicate",
  "unreferenced",
  "currency",
  "transaction_type",
  "unpaid",
  "amount",
  "payment_reference",
  "status",
  "period",
  "late",
] as const;
export type Failure = (typeof FAILURES)[number];

const FIRST_TO_LAST: readonly (readonly [Failure, readonly (MismatchKind | "unpaid")[]])[] = [
  ["missing", ["missing_in_erp"]],
  ["orphan", ["missing_in_storefront"]],
  ["duplicate", ["duplicate_in_erp"]],
  ["unreferenced", ["order_reference_missing"]],
  ["currency", ["currency"]],
  ["transaction_type", ["transaction_type"]],
  ["unpaid", ["unpaid"]],
  ["amount", ["amount", "tax", "shipping", "discount"]],
  ["payment_reference", ["payment_reference_missing"]],
  ["status", ["status"]],
  ["period", ["period"]],
  ["late", ["late"]],
];

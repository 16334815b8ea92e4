import { isOfAmount } from "../record/mismatch.ts";
import type { AlertKind, AlertMember, AlertSource } from "./alert.ts";
import { Money } from "../money/money.ts";
import { EXCEPTION_STATUSES, type SyncRecord } from "../record/sync-record.ts";

/** The money from which a mismatch is worth a message. */
export type Threshold = { readonly amount: string };

/** What of a record belongs into an alert of this kind; null when nothing does. */
export function memberOf(
  record: SyncRecord,
  kind: AlertKind,
  threshold: Threshold,
): AlertMember | null {
  if (kind === "source_silent" || !EXCEPTION_STATUSES.has(record.status)) return null;
  const belongs =
    kind === "stale"
      ? record.status === "stale"
      : record.status !== "stale" && reaches(record, threshold);
  if (!belongs) return null;
  const { refund, documents } = record;
  const since =
    refund?.processedAt ?? documents.map(({ createdAt }) => createdAt).toSorted()[0] ?? UNKNOWN;
  return {
    recordId: record.id,
    orderNumber: refund?.orderNumber ?? record.order,
    amount: record.exposure,
    currency: record.currency,
    since,
    changedAt: record.history.at(-1)?.at ?? record.openedAt ?? since,
    mismatches: [...new Set(record.mismatches.map(({ kind: mismatch }) => mismatch))],
  };
}

/**
 * The source without which this record cannot be believed: what is missing in a system is only as
 * true as our last look into that system.
 */
export function believedBy(record: SyncRecord): AlertSource | null {
  if (record.status === "stale") return "erp";
  return record.status === "orphaned" ? "storefront" : null;
}

/**
 * Whether money at risk or any difference reaches the threshold. The threshold's figure counts in
 * the record's own currency: nothing is converted by a rate of ours.
 */
function reaches({ exposure, currency, mismatches }: SyncRecord, threshold: Threshold): boolean {
  const amounts = [
    Money.of(exposure, currency),
    ...mismatches
      .filter(isOfAmount)
      .map((mismatch) => Money.of(mismatch.difference, mismatch.currency)),
  ];
  return amounts.some(
    (amount) => amount.absolute().compare(Money.of(threshold.amount, amount.currency)) >= 0,
  );
}

/** A record without either side cannot be; if it is, it sorts as the oldest. */
const UNKNOWN = "1970-01-01T00:00:00.000Z";

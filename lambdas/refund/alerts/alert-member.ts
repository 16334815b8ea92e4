import { isOfAmount } from "../record/mismatch.ts";
import type { AlertKind, AlertMember, AlertSource } from "./alert.ts";
import { Money } from "../money/money.ts";
import { EXCEPTION_STATUSES, type SyncRecord } from "../record/sync-record.ts";

/** The smallest amount of a mismatch that causes a message. */
export type Threshold = { readonly amount: string };

/** The entry for a record in an alert of this kind; null if the record does not belong in one. */
export function memberOf(
  record: SyncRecord,
  kind: AlertKind,
  threshold: Threshold,
): AlertMember | null {
  if (kind === "source_silent" || !EXCEPTION_STATUSES.has(record.status)) return null;
  if (record.ownership === "probably_not_ours") return null; // the digest lists it apart
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
 * The source that decides whether this exception is true: a refund or document is only missing in a
 * system if the last read of that system is recent and did not find it.
 */
export function neededSource(record: SyncRecord): AlertSource | null {
  if (record.status === "stale") return "erp";
  return record.status === "orphaned" ? "storefront" : null;
}

/**
 * Whether the money at risk or any difference reaches the threshold. The number of the threshold
 * applies in the record's own currency, because amounts are never converted.
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

/** A record always has a side. If a record had none, it would be sorted as the oldest. */
const UNKNOWN = "1970-01-01T00:00:00.000Z";

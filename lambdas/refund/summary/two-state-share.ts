import { isExpectedInErp } from "../observation/nothing-to-book.ts";
import type { Instant } from "../time/instant.ts";
import type { SyncRecord } from "../record/sync-record.ts";

/**
 * The share of refunds, 0 to 1, that were for some time in only one of the two systems.
 *
 * Only refunds that the ERP should get are counted (money moved, inside the watched scope). A
 * refund was in two states if the ERP's document came more than 15 minutes after it, or if it is
 * more than 15 minutes old at the end of the window and the ERP still has no document. 15 minutes
 * are the time between two pulls and the most that a real-time integration needs. A refund that the
 * ERP had first was not in two states.
 */
export function twoStateShare(refunds: readonly SyncRecord[], asOf: Instant): number {
  const expected = refunds.filter(({ benign }) => isExpectedInErp(benign));
  if (expected.length === 0) return 0;
  const inTwoStates = expected.filter((record) => twoStatesMs(record, asOf) > REAL_TIME_MS);
  return Math.round((inTwoStates.length / expected.length) * 10_000) / 10_000;
}

function twoStatesMs({ gapMs, documents, refund }: SyncRecord, asOf: Instant): number {
  if (gapMs !== null) return gapMs;
  // There is a document but no gap: both systems have the refund, and it is unknown since when.
  if (refund === null || documents.length > 0) return 0;
  return Date.parse(asOf) - Date.parse(refund.processedAt);
}

const REAL_TIME_MS = 15 * 60_000;

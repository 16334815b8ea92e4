import { isExpectedInErp } from "../observation/nothing-to-book.ts";
import type { Instant } from "../time/instant.ts";
import type { SyncRecord } from "../record/sync-record.ts";

/**
 * The share of refunds, 0 to 1, that somebody looking at both systems saw in only one of them.
 *
 * Counted over refunds that the ERP should get (money moved, inside the watched scope). One is in
 * two states when the ERP's document came more than a quarter of an hour after the refund, which is
 * one pull and what a live integration needs at most, or when it is that old at the end of the
 * window and the ERP still has nothing. A refund that the ERP had first is not counted.
 */
export function twoStateShare(refunds: readonly SyncRecord[], asOf: Instant): number {
  const expected = refunds.filter(({ benign }) => isExpectedInErp(benign));
  if (expected.length === 0) return 0;
  const apart = expected.filter((record) => apartMs(record, asOf) > LIVE_MS);
  return Math.round((apart.length / expected.length) * 10_000) / 10_000;
}

function apartMs({ gapMs, documents, refund }: SyncRecord, asOf: Instant): number {
  if (gapMs !== null) return gapMs;
  // Without a gap but with a document, both systems show it: nothing tells since when.
  if (refund === null || documents.length > 0) return 0;
  return Date.parse(asOf) - Date.parse(refund.processedAt);
}

const LIVE_MS = 15 * 60_000;

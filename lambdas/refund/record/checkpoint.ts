import { isClaim } from "../observation/nothing-to-book.ts";
import type { Policy } from "../policy.ts";
import { after } from "../time/instant.ts";
import type { Instant } from "../time/instant.ts";
import { EXCEPTION_STATUSES } from "./sync-record.ts";
import type { Status, SyncRecord } from "./sync-record.ts";

/** The check of one refund a fixed time after it was processed, whatever happened before or after. */
export type Checkpoint = {
  readonly refundId: string;
  readonly orderNumber: string;
  readonly at: Instant;
  /**
   * `passed`: the ERP had it right by then, or nothing was to be booked. `flagged`: it was an
   * exception then. `waiting`: nobody could tell yet, because a payment was pending or a record was
   * not readable.
   */
  readonly result: "passed" | "flagged" | "waiting";
  readonly status: Status;
  readonly documentIds: readonly string[];
};

/**
 * What the checkpoint of a refund finds, by what is known now about that time. The times of both
 * sides count, not the times of our runs.
 *
 * @returns null before the checkpoint, and for a record that is no refund
 */
export function checkpointOf(
  { refund, history, documents }: SyncRecord,
  { checkpointAfterMs }: Policy,
  now: Instant,
): Checkpoint | null {
  if (refund === null || isClaim(refund)) return null;
  const at = after(refund.processedAt, checkpointAfterMs);
  if (at > now) return null;
  const status = history.findLast((entry) => entry.at <= at)?.status ?? "pending";
  return {
    refundId: refund.refundId,
    orderNumber: refund.orderNumber,
    at,
    result: resultOf(status),
    status,
    documentIds: documents
      .filter(({ createdAt }) => createdAt <= at)
      .map(({ documentId }) => documentId),
  };
}

function resultOf(status: Status): Checkpoint["result"] {
  if (EXCEPTION_STATUSES.has(status)) return "flagged";
  return status === "pending" ? "waiting" : "passed";
}

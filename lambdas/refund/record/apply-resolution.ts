import { fingerprint } from "./fingerprint.ts";
import { zeroOf } from "../money/minor-units.ts";
import type { Instant } from "../time/instant.ts";
import { EXCEPTION_STATUSES } from "./sync-record.ts";
import type { HistoryEntry, Resolution, SyncRecord } from "./sync-record.ts";

/**
 * Applies a person's resolution to a record. The record stays resolved while both sides are
 * unchanged. If a side changed after the resolution, the record is open again, and its history says
 * why.
 */
export function applyResolution(
  record: SyncRecord,
  resolution: Resolution | undefined,
  now: Instant,
): SyncRecord {
  if (resolution === undefined || resolution.at > now) return record;
  const { history, status, currency } = record;
  const resolvedEntry: HistoryEntry = {
    at: resolution.at,
    status: "resolved",
    why: `${resolution.by}: ${resolution.note}`,
  };
  const before = history.filter(({ at }) => at <= resolution.at);
  const after = history.filter(({ at }) => at > resolution.at);
  if (!EXCEPTION_STATUSES.has(status)) {
    const wasOpenedBefore = record.openedAt !== null && record.openedAt <= resolution.at;
    return {
      ...record,
      resolution,
      history: wasOpenedBefore ? [...before, resolvedEntry, ...after] : history,
    };
  }
  if (resolution.fingerprint === fingerprint(record)) {
    return {
      ...record,
      status: "resolved",
      exposure: zeroOf(currency),
      dueAt: null,
      resolvedAt: resolution.at,
      history: [...before, resolvedEntry],
      resolution,
    };
  }
  const changedAt = latest([resolution.at, ...changesOf(record).filter((at) => at <= now)]);
  const why = `open again: the refund or a document changed after ${resolution.by} resolved it`;
  const reopened = after.length > 0 ? after : [{ at: changedAt, status, why }];
  const openedAt = reopened[0]?.at ?? changedAt;
  return { ...record, resolution, openedAt, history: [...before, resolvedEntry, ...reopened] };
}

function changesOf({ refund, documents }: SyncRecord): readonly Instant[] {
  const changes = documents.map(({ modifiedAt }) => modifiedAt);
  return refund === null ? changes : [refund.updatedAt, ...changes];
}

function latest(instants: readonly Instant[]): Instant {
  return instants.reduce((one, other) => (one > other ? one : other), "");
}

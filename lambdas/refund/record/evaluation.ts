import type { SyncRecord } from "./sync-record.ts";

/**
 * The evaluation of one record at one instant. Several evaluations make the history of a record.
 */
export type Evaluation = Omit<SyncRecord, "history" | "openedAt" | "resolvedAt" | "resolution"> & {
  /** The status in words. */
  readonly why: string;
};

import type { SyncRecord } from "./sync-record.ts";

/** What is so of one record at one instant; its history is told by several of these. */
export type Evaluation = Omit<SyncRecord, "history" | "openedAt" | "resolvedAt" | "resolution"> & {
  /** The status in words. */
  readonly why: string;
};

import type { BenignCase, ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { Instant } from "../time/instant.ts";
import type { Amount } from "../money/amount.ts";
import type { Mismatch } from "./mismatch.ts";

/**
 * One refund as both sides tell it, what ties them together, and what is wrong: a pure function of
 * both sides' latest versions, the policy, what people decided, and the instant asked for.
 */
export type SyncRecord = {
  /** `refund:<id>`, or `document:<id>` while no refund is known for an ERP document. */
  readonly id: string;
  /** Normalised order reference; null for a document that names none. */
  readonly order: string | null;
  readonly refund: StorefrontRefund | null;
  /** The ERP documents of the match; for an orphan, the document itself. */
  readonly documents: readonly ErpDocument[];
  readonly match: Match | null;
  readonly status: Status;
  readonly mismatches: readonly Mismatch[];
  readonly benign: readonly BenignCase[];
  /** Equally good candidates that were left alone, by document or refund id. */
  readonly ambiguous: readonly string[];
  /** From the moment the money was settled to the ERP's created time, milliseconds; negative when the ERP was first. */
  readonly gapMs: number | null;
  /** When this became an exception; null when it never was one. */
  readonly openedAt: Instant | null;
  readonly resolvedAt: Instant | null;
  /** Money at risk while open, in the refund's currency; zero when nothing is. */
  readonly exposure: Amount;
  readonly currency: string;
  /** When only the passing of time will next change this record; null when nothing will. */
  readonly dueAt: Instant | null;
  readonly history: readonly HistoryEntry[];
  readonly resolution: Resolution | null;
};

export const STATUSES = [
  "pending",
  "matched",
  "mismatched",
  "stale",
  "orphaned",
  "duplicated",
  "resolved",
] as const;
export type Status = (typeof STATUSES)[number];

/** An exception needs a person: these statuses, until resolved. */
export const EXCEPTION_STATUSES: ReadonlySet<Status> = new Set([
  "mismatched",
  "stale",
  "orphaned",
  "duplicated",
]);

export const MATCH_RULES = [
  "reference",
  "order_amount",
  "order_parts",
  "order",
  "circumstantial",
] as const;
export type MatchRule = (typeof MATCH_RULES)[number];

export type Match = {
  readonly rule: MatchRule;
  /** In words that finance can read. */
  readonly reason: string;
  /** The other refunds that the same document settles, by id (a batch); empty otherwise. */
  readonly sharedWith: readonly string[];
};

export type HistoryEntry = {
  /** When it was so, told by the sides' own times, not by when we looked. */
  readonly at: Instant;
  readonly status: Status;
  readonly why: string;
};

/** A person's word. It holds while both sides stay as they were (`fingerprint`). */
export type Resolution = {
  readonly at: Instant;
  readonly by: string;
  readonly note: string;
  readonly fingerprint: string;
};

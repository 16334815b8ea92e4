import type { BenignCase, ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { Instant } from "../time/instant.ts";
import type { Amount } from "../money/amount.ts";
import type { Mismatch } from "./mismatch.ts";

/**
 * One refund: both sides, the match between them, and what is wrong. It is a pure function of the
 * latest versions of both sides, the policy, the resolutions by people, and the requested instant.
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
  /** Equally good candidates, by document or refund id; none of them was chosen. */
  readonly ambiguous: readonly string[];
  /**
   * Milliseconds from the settlement of the money to the ERP's created time; negative when the ERP
   * had it first.
   */
  readonly gapMs: number | null;
  /** When this became an exception; null when it never was one. */
  readonly openedAt: Instant | null;
  readonly resolvedAt: Instant | null;
  /** Money at risk while open, in the refund's currency; zero when no money is at risk. */
  readonly exposure: Amount;
  readonly currency: string;
  /** When this record may change next without new data; null if it cannot. */
  readonly dueAt: Instant | null;
  readonly history: readonly HistoryEntry[];
  readonly resolution: Resolution | null;
  /** Why a document without a refund is perhaps not this shop's; null for all other records. */
  readonly ownership: "unclear" | "probably_not_ours" | null;
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
  /** When the status began, by the times of the two sides, not by the time when we read them. */
  readonly at: Instant;
  readonly status: Status;
  readonly why: string;
};

/** A person's decision. It is valid while both sides are unchanged (`fingerprint`). */
export type Resolution = {
  readonly at: Instant;
  readonly by: string;
  readonly note: string;
  readonly fingerprint: string;
};

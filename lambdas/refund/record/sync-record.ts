import type { BenignCase, ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { Instant } from "../time/instant.ts";
import type { Amount } from "../money/amount.ts";

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

export type Status =
  | "pending"
  | "matched"
  | "mismatched"
  | "stale"
  | "orphaned"
  | "duplicated"
  | "resolved";

/** An exception needs a person: these statuses, until resolved. */
export const EXCEPTION_STATUSES: ReadonlySet<Status> = new Set([
  "mismatched",
  "stale",
  "orphaned",
  "duplicated",
]);

export type MatchRule = "reference" | "order_amount" | "order_parts" | "order" | "circumstantial";

export type Match = {
  readonly rule: MatchRule;
  /** In words that finance can read. */
  readonly reason: string;
  /** The other refunds that the same document settles, by id (a batch); empty otherwise. */
  readonly sharedWith: readonly string[];
};

export const MISMATCH_KINDS = [
  "missing_in_erp",
  "missing_in_storefront",
  "amount",
  "tax",
  "shipping",
  "discount",
  "currency",
  "order_reference_missing",
  "payment_reference_missing",
  "transaction_type",
  "duplicate_in_erp",
  "status",
  "period",
  "late",
] as const;
export type MismatchKind = (typeof MISMATCH_KINDS)[number];

export type Mismatch = {
  readonly kind: MismatchKind;
  /** The storefront's figure or word; amounts as canonical decimals. */
  readonly expected: string;
  /** The ERP's. */
  readonly actual: string;
  /** actual − expected for amounts; empty where nothing can be subtracted. */
  readonly difference: string;
  readonly currency: string;
  /** Header totals agree, the lines do not. */
  readonly hidden?: true;
  /** What left the bank differs, not what was credited. */
  readonly leg?: "paid";
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

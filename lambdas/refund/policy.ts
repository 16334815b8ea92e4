import type { Instant } from "./time/instant.ts";
import type { Amount } from "./money/amount.ts";
import type { BookingHabit } from "./observation/booking-habit.ts";
import type { LearnedOwnership } from "./observation/learned-ownership.ts";
import type { DocumentReference } from "./observation/observation.ts";

/** The settings of the brand that decide how a refund is matched, compared and diagnosed. */
export type Policy = {
  readonly brandCurrency: string;
  readonly timeZone: string;
  readonly orderPrefixes: readonly string[];
  /** Start of the period for which the storefront's refunds were read; null if it is unknown. */
  readonly watchedSince?: Instant | null;
  /** Start of the period for which the ERP's documents were read; null if it is unknown. */
  readonly erpWatchedSince?: Instant | null;
  /**
   * ERP documents that could not be read. A refund that one of them may book is not reported as
   * missing.
   */
  readonly unreadable?: readonly Unreadable[];
  /**
   * Refunds of the storefront that could not be read. A document that may book one of them is not
   * reported as without a refund.
   */
  readonly unreadableRefunds?: readonly UnreadableRefund[];
  readonly windowMs: number;
  readonly tolerancePerLine: Amount;
  readonly staleAfterMs: number;
  readonly checkpointAfterMs: number;
  readonly approvalLimit: Amount;
  readonly integrationUsers: readonly string[];
  readonly integrationApps: readonly string[];
  /** Which documents of the ERP are this brand's, as the brand file says; absent means all. */
  readonly scope?: DocumentScope | undefined;
  /** What the matches of the past show about this; null or absent before it was learned. */
  readonly learned?: LearnedOwnership | null | undefined;
  /** How the ERP usually books and pays out; empty or absent before it was learned. */
  readonly habits?: readonly BookingHabit[] | undefined;
  /** How many companies the ERP's account has; null or absent where that is not known. */
  readonly companyCount?: number | null | undefined;
};

/** An empty list allows every value. */
export type DocumentScope = {
  /** Ids of companies, such as NetSuite's subsidiaries. */
  readonly companies: readonly string[];
  /** Beginnings of document numbers, such as "CM-EU". */
  readonly documentPrefixes: readonly string[];
  /** Ids or names of segments of the ERP, such as NetSuite's classes and departments. */
  readonly channels: readonly string[];
};

type UnreadableRefund = {
  /** The refund's id, or a name of its own where the id could not be read. */
  readonly id: string;
  /** When it was first found unreadable. */
  readonly since: Instant;
};

/** The readable parts of an ERP document that could not be read: it may still book a refund. */
export type Unreadable = {
  /** When it was first found unreadable. */
  readonly since: Instant;
  readonly references: readonly DocumentReference[];
  readonly currency: string | null;
  readonly total: string | null;
};

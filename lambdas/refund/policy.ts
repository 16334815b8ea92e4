import type { Instant } from "./time/instant.ts";
import type { Amount } from "./money/amount.ts";
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
  readonly windowMs: number;
  readonly tolerancePerLine: Amount;
  readonly staleAfterMs: number;
  readonly checkpointAfterMs: number;
  readonly approvalLimit: Amount;
  readonly integrationUsers: readonly string[];
  readonly integrationApps: readonly string[];
};

/** The readable parts of an ERP document that could not be read: it may still book a refund. */
export type Unreadable = {
  /** When it was first found unreadable. */
  readonly since: Instant;
  readonly references: readonly DocumentReference[];
  readonly currency: string | null;
  readonly total: string | null;
};

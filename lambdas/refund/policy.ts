import type { Instant } from "./time/instant.ts";
import type { Amount } from "./money/amount.ts";
import type { DocumentReference } from "./observation/observation.ts";

/** The brand's rules, as far as they decide what a refund is. */
export type Policy = {
  readonly brandCurrency: string;
  readonly timeZone: string;
  readonly orderPrefixes: readonly string[];
  /** From when on the storefront's refunds were read; null where that is not known. */
  readonly watchedSince?: Instant | null;
  /** From when on the ERP's documents were read; null where that is not known. */
  readonly erpWatchedSince?: Instant | null;
  /** ERP documents that could not be read: a refund that one of them may book is not called missing. */
  readonly unreadable?: readonly Unreadable[];
  readonly windowMs: number;
  readonly tolerancePerLine: Amount;
  readonly staleAfterMs: number;
  readonly checkpointAfterMs: number;
  readonly approvalLimit: Amount;
  readonly integrationUsers: readonly string[];
  readonly integrationApps: readonly string[];
};

/** An ERP document that could not be read, as far as it could: it may book a refund all the same. */
export type Unreadable = {
  /** Since when it could not be read. */
  readonly since: Instant;
  readonly references: readonly DocumentReference[];
  readonly currency: string | null;
  readonly total: string | null;
};

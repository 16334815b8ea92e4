import type { Policy } from "../refund/policy.ts";
import type { Instant } from "../refund/time/instant.ts";

/** What the evaluation of a record needs besides its two sides. */
export type Rules = {
  readonly policy: Policy;
  /** Both sources are complete through this instant, and records are evaluated as of it. */
  readonly horizon: Instant;
  readonly now: Instant;
  readonly retentionMs: number;
};

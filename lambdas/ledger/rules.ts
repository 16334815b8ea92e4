import type { Policy } from "../refund/policy.ts";
import type { Instant } from "../refund/time/instant.ts";

/** What decides a record beside its two sides. */
export type Rules = {
  readonly policy: Policy;
  /** Both sources are complete through this instant. */
  readonly horizon: Instant;
  readonly now: Instant;
  readonly retentionMs: number;
};

/** Why a record is an exception: the cause, the pattern, the confidence and the evidence. */
export type Diagnosis = {
  readonly cause: Cause;
  readonly pattern: Pattern | null;
  /** Probability that `cause` is right, 0 to 1; 0 when undetermined. */
  readonly confidence: number;
  /** Sentences with their numbers, the strongest evidence first. */
  readonly evidence: readonly string[];
};

export const CAUSES = ["integration", "process", "both", "undetermined"] as const;
export type Cause = (typeof CAUSES)[number];

export const PATTERNS = [
  "partial_sync",
  "rounding_drift",
  "promo_mismatch",
  "async_gap",
  "register_bypass",
  "verbal_approval",
  "cross_team_handoff",
  "store_credit_loop",
] as const;
export type Pattern = (typeof PATTERNS)[number];

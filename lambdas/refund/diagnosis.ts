import type { Failure } from "./failure.ts";
import type { Amount } from "./observation.ts";

/** Why one exception is one: the pattern, whose fault, how sure, and by what. */
export type Diagnosis = {
  readonly cause: Cause;
  readonly pattern: Pattern | null;
  /** Probability that `cause` is right, 0 to 1; 0 when undetermined. */
  readonly confidence: number;
  /** Sentences with their numbers, strongest first. */
  readonly evidence: readonly string[];
};

export type Cause = "integration" | "process" | "both" | "undetermined";

export type Pattern =
  | "partial_sync"
  | "rounding_drift"
  | "promo_mismatch"
  | "async_gap"
  | "register_bypass"
  | "verbal_approval"
  | "cross_team_handoff"
  | "store_credit_loop";

/** Exceptions that share a segment, and what they have in common. */
export type Cohort = {
  readonly segment: Readonly<Record<string, string>>;
  readonly count: number;
  /** All refunds of the segment, failed or not. */
  readonly population: number;
  readonly rate: number;
  /** In the brand's currency. */
  readonly exposure: Amount;
  readonly cause: Cause;
  readonly pattern: Pattern | null;
  readonly confidence: number;
  readonly questions: readonly QuestionAnswer[];
  readonly nextSteps: readonly string[];
};

/** A cohort by the name under which a person's answers and repairs are kept. */
export type NamedCohort = Cohort & {
  /** See `cohortKey`. */
  readonly key: string;
  /** What went wrong with most of its members. */
  readonly failure: Failure;
};

export type QuestionAnswer = {
  readonly id: 1 | 2 | 3 | 4 | 5;
  readonly answer: "yes" | "no" | "mixed" | "unknown";
  readonly points: "integration" | "process" | "neither";
  /** With its numbers; when unknown, why. */
  readonly evidence: string;
};

import type { Failure } from "./features/failure.ts";
import type { Cause, Pattern } from "./patterns/diagnosis.ts";
import type { Amount } from "../money/amount.ts";
import type { QuestionAnswer } from "./questions/question.ts";

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

/** A cohort with the key under which a person's answers and repairs are stored. */
export type NamedCohort = Cohort & {
  /** See `cohortKey`. */
  readonly key: string;
  /** What went wrong with most of its members. */
  readonly failure: Failure;
};

import type { Failure } from "./features/failure.ts";
import type { Since } from "../time/days-in-words.ts";
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
  /**
   * The days between which the failure became more frequent (90 %); null where it did not in the
   * last 30 days, or too few refunds failed to tell.
   */
  readonly onset: Since | null;
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

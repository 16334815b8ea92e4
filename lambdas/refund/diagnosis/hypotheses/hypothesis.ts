import type { Cause, Pattern } from "../patterns/diagnosis.ts";
import { SIGN_WEIGHTS } from "./hypothesis-weights.ts";
import type { Reason, Sign } from "./hypothesis-weights.ts";

/**
 * What may have happened to an exception, each with its weight: the weights of one record are
 * compared with each other, and what is left over is "something else".
 */
export type Hypothesis = {
  /** Undetermined: something that nobody thought of, as long as little was seen. */
  readonly cause: Cause;
  readonly pattern: Pattern | null;
  readonly weight: number;
  /** Which of the fitted weights is in `weight`; null for what a document shows by itself. */
  readonly reason: Reason | null;
  readonly because: string;
};

/** @param factor of the sign's own weight, for a sign that is less than certain */
export function signOf(sign: Sign, because: string, factor = 1): Hypothesis {
  const { cause, pattern, weight } = SIGN_WEIGHTS[sign];
  return { cause, pattern, weight: weight * factor, reason: null, because };
}

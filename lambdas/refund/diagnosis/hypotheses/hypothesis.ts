import type { Cause, Pattern } from "../patterns/diagnosis.ts";
import { REASON_WEIGHTS, SIGN_WEIGHTS } from "./hypothesis-weights.ts";
import type { Reason, Sign } from "./hypothesis-weights.ts";

/**
 * One thing that may have happened to an exception, with its weight. The weights of one record are
 * compared with each other, and the rest of the probability is "something else".
 */
export type Hypothesis = {
  /** Undetermined: an unknown cause, while few refunds were seen. */
  readonly cause: Cause;
  readonly pattern: Pattern | null;
  readonly weight: number;
  /** The fitted weight that is included in `weight`; null for a sign of the document itself. */
  readonly reason: Reason | null;
  readonly because: string;
};

/** @param factor is multiplied with the sign's weight, for a sign that is not certain */
export function signOf(sign: Sign, because: string, factor = 1): Hypothesis {
  const { cause, pattern, weight } = SIGN_WEIGHTS[sign];
  return { cause, pattern, weight: weight * factor, reason: null, because };
}

/**
 * The sign's weight is its odds against all others together.
 *
 * @param each how many of what the sign is about there are for each refund: one credit can be one
 *   refund's only, so of ten refunds it explains each with a tenth
 */
export function besideOthers(hypothesis: Hypothesis, others: number, each = 1): Hypothesis {
  const share = (hypothesis.weight / (1 + hypothesis.weight)) * Math.min(1, each);
  return { ...hypothesis, weight: (others * share) / (1 - share) };
}

/** @param weight the rate at which the integration loses refunds for this reason */
export function byIntegration(
  reason: Reason,
  pattern: Pattern | null,
  weight: number,
  because: string,
): Hypothesis {
  return {
    cause: "integration",
    pattern,
    reason,
    weight: weight * Math.exp(REASON_WEIGHTS[reason]),
    because,
  };
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

import type { CohortCase } from "./cohort-case.ts";
import type { QuestionAnswer } from "./question.ts";
import type { RoundingFinding } from "../rounding/rounding-finding.ts";
import { roundingInWords } from "../rounding/rounding-words.ts";

/**
 * Does it reproduce? Equal inputs give equal differences: integration. Where nothing arrived there is
 * nothing to compute again, and only a round trip in the sandbox can tell.
 */
export function reproduction({ found, brand }: CohortCase): QuestionAnswer {
  const differing = found.members.filter(({ failure }) => failure === "amount");
  if (differing.length === 0) {
    return {
      id: 5,
      answer: "unknown",
      points: "neither",
      evidence:
        "Nothing was booked that could be computed again: send a test refund of the same kind through the sandbox and answer by hand.",
    };
  }
  if (found.signature === "rounding_drift") return recomputed(brand.rounding, differing.length);
  const explained = differing.filter(({ formula }) => formula !== null).length;
  const evidence = `${explained} of ${differing.length} differences come out to the cent by one known formula.`;
  const share = explained / differing.length;
  if (share >= 0.8) return { id: 5, answer: "yes", points: "integration", evidence };
  if (share <= 0.3) return { id: 5, answer: "no", points: "process", evidence };
  return { id: 5, answer: "mixed", points: "neither", evidence };
}

/** Drift reproduces when one rule, applied to the refunds as they are, gives the ERP's own totals. */
function recomputed(rounding: RoundingFinding | null, count: number): QuestionAnswer {
  if (rounding === null) {
    const evidence = `No rounding rule reproduces the ${count} differences, or they are too few to tell.`;
    return { id: 5, answer: "unknown", points: "neither", evidence };
  }
  return { id: 5, answer: "yes", points: "integration", evidence: roundingInWords(rounding) };
}

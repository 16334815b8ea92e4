import type { CohortCase } from "./cohort-case.ts";
import type { QuestionAnswer } from "./question.ts";
import type { RoundingFinding } from "../rounding/rounding-finding.ts";
import { roundingInWords } from "../rounding/rounding-words.ts";

/**
 * Does it reproduce? If equal inputs give equal differences, it is integration. Where no document
 * arrived there is nothing to recompute, and only a round trip in the sandbox gives the answer.
 */
export function reproduction({ found, brand }: CohortCase): QuestionAnswer {
  const differing = found.members.filter(({ failure }) => failure === "amount");
  if (differing.length === 0) {
    return {
      id: 5,
      answer: "unknown",
      points: "neither",
      evidence:
        "There is no difference in an amount that could be recomputed. Send a test refund of the same kind through the sandbox and answer this question by hand.",
    };
  }
  if (found.signature === "rounding_drift") return recomputed(brand.rounding, differing.length);
  const explained = differing.filter(({ formula }) => formula !== null).length;
  const evidence = `${explained} of ${differing.length} differences are explained to the cent by one known formula.`;
  const share = explained / differing.length;
  if (share >= 0.8) return { id: 5, answer: "yes", points: "integration", evidence };
  if (share <= 0.3) return { id: 5, answer: "no", points: "process", evidence };
  return { id: 5, answer: "mixed", points: "neither", evidence };
}

/** Drift reproduces when one rule, applied to the unchanged refunds, gives the ERP's totals. */
function recomputed(rounding: RoundingFinding | null, count: number): QuestionAnswer {
  if (rounding === null) {
    const evidence = `No rounding rule reproduces the ${count} differences, or they are too few to decide.`;
    return { id: 5, answer: "unknown", points: "neither", evidence };
  }
  return { id: 5, answer: "yes", points: "integration", evidence: roundingInWords(rounding) };
}

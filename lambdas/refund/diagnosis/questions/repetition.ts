import { samplesOf } from "./cohort-case.ts";
import type { CohortCase } from "./cohort-case.ts";
import type { QuestionAnswer } from "./question.ts";
import { roundingInWords } from "../rounding/rounding-words.ts";
import { wilson } from "../../statistics/proportion.ts";

/**
 * Does it repeat for the same order type? If nearly all refunds with the profile of the failed ones
 * fail in the same way, it is integration. If some fail and some do not, it is process.
 */
export function repetition(one: CohortCase): QuestionAnswer {
  const { rounding } = one.brand;
  if (one.found.signature === "rounding_drift" && rounding !== null) {
    return { id: 1, answer: "yes", points: "integration", evidence: roundingInWords(rounding) };
  }
  const { hits, tries, whichRefunds } = twinsOf(one);
  if (tries < LEAST_TWINS) {
    return {
      id: 1,
      answer: "unknown",
      points: "neither",
      evidence: `There are only ${tries} refunds ${whichRefunds}; these are too few to say whether it repeats.`,
    };
  }
  if (hits < LEAST_FAILED) {
    return {
      id: 1,
      answer: "unknown",
      points: "neither",
      evidence: `Only ${hits} of ${tries} refunds ${whichRefunds} failed in this way on these days; these are too few to say whether it repeats.`,
    };
  }
  const { low, high } = wilson(hits, tries);
  const evidence = `${hits} of ${tries} refunds ${whichRefunds} fail the same way (${samplesOf(one.found.members)}).`;
  if (low >= NEARLY_ALL) return { id: 1, answer: "yes", points: "integration", evidence };
  if (high <= SOME) return { id: 1, answer: "no", points: "process", evidence };
  return { id: 1, answer: "mixed", points: "neither", evidence };
}

function twinsOf({ found, rollups, brand }: CohortCase): Twins {
  const first = found.members[0];
  const formula = first?.formula ?? null;
  if (formula !== null) {
    const { applies, shown } = brand.formulas.get(formula) ?? { applies: 0, shown: 0 };
    return {
      hits: shown,
      tries: applies,
      whichRefunds: "for which the same formula would give a difference",
    };
  }
  const profiles = new Set(found.members.flatMap(({ features }) => features?.profile ?? []));
  let hits = 0;
  let tries = 0;
  for (const { twins } of rollups) {
    for (const profile of profiles) {
      const tally = twins[profile];
      tries += tally?.refunds ?? 0;
      if (first !== undefined) hits += tally?.failed[first.failure] ?? 0;
    }
  }
  return { hits, tries, whichRefunds: "with the same profile" };
}

type Twins = { readonly hits: number; readonly tries: number; readonly whichRefunds: string };

const LEAST_TWINS = 8;
const LEAST_FAILED = 3;
const NEARLY_ALL = 0.7;
const SOME = 0.6;

import type { CohortCase } from "./cohort-case.ts";
import { LEAST_COUNT, concentrationIn, LEAST_LIFT } from "../cohorts/concentrated-segment.ts";
import type { Concentration } from "../cohorts/concentrated-segment.ts";
import type { Population } from "../cohorts/population.ts";
import type { QuestionAnswer } from "./question.ts";
import { falseDiscoveryRates } from "../../statistics/false-discovery.ts";
import type { SegmentKey } from "../features/features.ts";
import { gTest } from "../../statistics/g-test.ts";
import type { Column } from "../../statistics/g-test.ts";
import type { DiagnosedException } from "../hypotheses/diagnosed-exception.ts";

/**
 * Is it concentrated in categories, order sizes, fulfilment methods, locations, staff? It is tested
 * against the base rate of all refunds with an exact test, corrected for every segment tried.
 * Concentrated means process, even means integration.
 *
 * Channel, gateway, currency, discounts and tax are the order type, which is the first question: a
 * broken mapping is concentrated there too. A channel that is a register counts as a place.
 */
export function concentration({ found, suspects, population }: CohortCase): QuestionAnswer {
  const sameKind = suspects.filter(({ signature }) => signature === found.signature);
  const tried: Concentration[] = [];
  for (const key of PEOPLE_AND_PLACES) {
    for (const value of population.values(key).keys()) {
      if (key === "channel" && !isRegister(found, value)) continue;
      tried.push(concentrationIn(new Map([[key, value]]), sameKind, population));
    }
  }
  const known = tried.filter(({ exceptions: count }) => count >= LEAST_COUNT);
  if (known.length === 0) {
    return {
      id: 3,
      answer: "unknown",
      points: "neither",
      evidence: `${sameKind.length} exceptions of this kind are too few, or their places and people are not known.`,
    };
  }
  const [worst] = known.toSorted((a, b) => a.chance - b.chance || b.seen - a.seen);
  if (worst === undefined) throw new RangeError("a list that is not empty has no first entry");
  const corrected = Math.min(1, worst.chance * known.length);
  const evidence = `${inWords(worst)}: ${worst.lift.toFixed(1)} times the number expected from all refunds (p = ${corrected.toPrecision(2)}, corrected for ${known.length} segments tried).`;
  if (corrected < 0.01 && worst.lift >= LEAST_LIFT && worst.seen >= LEAST_COUNT) {
    return { id: 3, answer: "yes", points: "process", evidence };
  }
  const uneven = unevenness(sameKind, population);
  if (sameKind.length < ENOUGH_TO_BE_EVEN || uneven < 0.01) {
    return { id: 3, answer: "mixed", points: "neither", evidence };
  }
  return {
    id: 3,
    answer: "no",
    points: "integration",
    evidence: `The exceptions are spread like all refunds (G-tests, smallest p = ${uneven.toPrecision(2)}). The most concentrated segment: ${evidence}`,
  };
}

/**
 * The smallest p-value of the G-tests over the values of each segment, corrected for the number of
 * tests (false discovery rate). It is small when the exceptions are spread unevenly, even if no
 * single value is conspicuous.
 */
function unevenness(sameKind: readonly DiagnosedException[], population: Population): number {
  const tests = PEOPLE_AND_PLACES.filter((key) => key !== "channel").map((key) => {
    const columns = new Map<string, Column>();
    const known = sameKind.flatMap(({ features }) => features?.segments[key] ?? []);
    for (const [value, refunds] of population.values(key)) {
      const rare = refunds * known.length < population.known(key) * LEAST_EXPECTED;
      const column = rare ? "(rare)" : value;
      const seen = columns.get(column);
      columns.set(column, {
        failed: (seen?.failed ?? 0) + known.filter((one) => one === value).length,
        population: (seen?.population ?? 0) + refunds,
      });
    }
    return gTest([...columns.values()]).p;
  });
  return Math.min(1, ...falseDiscoveryRates(tests));
}

/** A G-test gives p-values that are too small where the expected count is lower than this. */
const LEAST_EXPECTED = 1;

function inWords({ segment, seen, exceptions }: Concentration): string {
  const where = [...segment].map(([key, value]) => `${key} ${value}`).join(", ");
  return `${seen} of ${exceptions} exceptions have ${where}`;
}

function isRegister(found: CohortCase["found"], channel: string): boolean {
  return found.members.some(
    ({ features }) => features?.atRegister === true && features.segments.channel === channel,
  );
}

const PEOPLE_AND_PLACES: readonly SegmentKey[] = [
  "category",
  "size",
  "path",
  "location",
  "staff",
  "channel",
];
const ENOUGH_TO_BE_EVEN = 8;

import { isOf } from "./population.ts";
import type { Population } from "./population.ts";
import { LEAST_COUNT, mostConcentrated } from "./concentrated-segment.ts";
import type { Segment } from "./concentrated-segment.ts";
import type { DiagnosedException } from "../hypotheses/diagnosed-exception.ts";

/**
 * Finds the cohorts among the open exceptions. Exceptions with the same signature are split by the
 * segments where they are concentrated, the strongest first. The exceptions that are concentrated
 * nowhere form one cohort of all refunds. Every exception is in at most one cohort, and too few
 * exceptions of a kind form none.
 */
export function findCohorts(
  exceptions: readonly DiagnosedException[],
  population: Population,
): FoundCohort[] {
  const bySignature = new Map<string, DiagnosedException[]>();
  for (const one of exceptions) {
    bySignature.set(one.signature, [...(bySignature.get(one.signature) ?? []), one]);
  }
  const found: FoundCohort[] = [];
  for (const [signature, members] of [...bySignature].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    found.push(...split(signature, members, population));
  }
  return found.toSorted((a, b) => b.members.length - a.members.length);
}

export type FoundCohort = {
  readonly signature: string;
  readonly segment: Segment;
  readonly members: readonly DiagnosedException[];
  readonly population: number;
};

function split(
  signature: string,
  members: readonly DiagnosedException[],
  population: Population,
): FoundCohort[] {
  const found: FoundCohort[] = [];
  let rest = members;
  for (let round = 0; round < MOST_SEGMENTS && rest.length >= LEAST_COUNT; round += 1) {
    const concentration = mostConcentrated(rest, population);
    const segment: Segment = concentration?.segment ?? new Map();
    const inside = rest.filter(({ features }) => concentration === null || isOf(features, segment));
    const atRisk = concentration === null ? population.atRiskOf(signature) : 0;
    const size = atRisk > 0 ? atRisk : (population.ofAll(segment) ?? population.all);
    found.push({ signature, segment, members: inside, population: Math.max(size, inside.length) });
    const taken = new Set(inside);
    rest = rest.filter((one) => !taken.has(one));
  }
  return found;
}

const MOST_SEGMENTS = 6;

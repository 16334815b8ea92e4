import type { Population } from "../cohorts/population.ts";
import type { FoundCohort } from "../cohorts/find-cohorts.ts";
import type { DailyRollup } from "../rollup/daily-rollup.ts";
import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import type { Onset } from "../../statistics/change-point.ts";
import type { PersonsAnswer } from "./given-answer.ts";
import type { DiagnosedException } from "../hypotheses/diagnosed-exception.ts";
import type { Policy } from "../../policy.ts";

/** A cohort with all data that the five questions and the repair steps need. */
export type CohortCase = {
  readonly found: FoundCohort;
  /** All open exceptions, of this cohort or not. */
  readonly suspects: readonly DiagnosedException[];
  readonly population: Population;
  readonly rollups: readonly DailyRollup[];
  readonly brand: BrandKnowledge;
  readonly policy: Policy;
  readonly answers: readonly PersonsAnswer[];
  /** When the cohort's failure became more frequent; null where it did not. */
  readonly since: Onset | null;
};

/**
 * "#1001, #1002, #1003": a few of the cohort's records to look at, by their order number where it
 * is known.
 */
export function samplesOf(members: readonly DiagnosedException[]): string {
  return members
    .slice(0, MOST_SAMPLES)
    .map(({ record }) => record.refund?.orderNumber ?? record.order ?? record.id)
    .join(", ");
}

/** The same, with the number of further records. */
export function someOf(members: readonly DiagnosedException[]): string {
  const more = members.length - MOST_SAMPLES;
  return more > 0 ? `${samplesOf(members)} and ${more} more` : samplesOf(members);
}

const MOST_SAMPLES = 3;

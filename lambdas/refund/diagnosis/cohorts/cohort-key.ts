import type { FoundCohort } from "./find-cohorts.ts";

/** A key that stays the same from day to day: what went wrong in the cohort, and where. */
export function cohortKey({
  signature,
  segment,
}: Pick<FoundCohort, "signature" | "segment">): string {
  const where = [...segment].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [signature, ...where.map(([key, value]) => `${key}=${value}`)].join("|");
}

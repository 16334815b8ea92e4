import type { FoundCohort } from "./find-cohorts.ts";

/** A name for a cohort that is the same tomorrow: what went wrong, and where. */
export function cohortKey({
  signature,
  segment,
}: Pick<FoundCohort, "signature" | "segment">): string {
  const where = [...segment].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [signature, ...where.map(([key, value]) => `${key}=${value}`)].join("|");
}

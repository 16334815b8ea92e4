import { dayBefore, lastCompleteDay } from "../lambdas/refund/time/business-day.ts";
import type { OpenDiagnosis } from "../lambdas/ledger/diagnose-open.ts";
import { PREFIXES } from "../lambdas/names.ts";
import type { Costed } from "../lambdas/refund/diagnosis/repairs/cost.ts";
import type { NamedCohort } from "../lambdas/refund/diagnosis/cohort.ts";
import { summarySchema } from "../lambdas/refund/summary/summary.ts";
import { unlinked } from "../lambdas/reports/printable.ts";
import type { OpenState } from "./at-state.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Finds a cohort by the key that the digest shows: as it is now, or as it is in the last digest
 * that has it, because a cohort that was repaired soon no longer exists. Null when there is none.
 */
export async function findCohort(
  opened: OpenState,
  { cohorts }: Pick<OpenDiagnosis, "cohorts">,
  wanted: string,
): Promise<KnownCohort | null> {
  const now = cohorts.find(({ key }) => isKey(key, wanted));
  if (now !== undefined) return now;
  const { brand, at, stores } = opened;
  const day = lastCompleteDay(at, brand.timeZone);
  for (let back = 0; back < LOOK_BACK_DAYS; back += 1) {
    const { date } = dayBefore(day, back, brand.timeZone);
    const key = `${PREFIXES.digests}${date.replaceAll("-", "/")}/summary.json`;
    const body = await stores.objects.get(key);
    const cohortsOfDay = body === null ? [] : cohortsIn(Buffer.from(body).toString());
    const found = cohortsOfDay.find((cohort) => isKey(cohort.key, wanted));
    if (found !== undefined) return { ...found, members: [], asOf: date };
  }
  return null;
}

export type KnownCohort = Costed<NamedCohort> & {
  /** Ids of its records; empty for one of an older digest. */
  readonly members: readonly string[];
  /** Date of the digest that has it; absent for a cohort that exists now. */
  readonly asOf?: string;
};

/** @throws UsageError that lists the existing keys */
export async function requiredCohort(
  opened: OpenState,
  diagnosed: Pick<OpenDiagnosis, "cohorts">,
  wanted: string,
): Promise<KnownCohort> {
  const found = await findCohort(opened, diagnosed, wanted);
  if (found !== null) return found;
  const keys = diagnosed.cohorts.map(({ key }) => `\n  ${key}`).join("") || " none";
  throw new UsageError(`there is no cohort ${JSON.stringify(wanted)}; existing cohorts:${keys}`);
}

/** The key itself, or the key as a page shows it. */
function isKey(key: string, wanted: string): boolean {
  return key === wanted || unlinked(key) === wanted;
}

function cohortsIn(text: string): readonly Costed<NamedCohort>[] {
  const value: unknown = JSON.parse(text);
  // A digest of an older version did not name its cohorts.
  return summarySchema.safeParse(value).data?.cohorts ?? [];
}

const LOOK_BACK_DAYS = 14;

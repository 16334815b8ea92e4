import type { Brand } from "../brand.ts";
import { costed } from "../refund/diagnosis/repairs/cost.ts";
import type { NamedCohort } from "../refund/diagnosis/cohort.ts";
import type { CostAssumptions, Costed } from "../refund/diagnosis/repairs/cost.ts";
import { diagnose } from "../refund/diagnosis/diagnose.ts";
import type { Diagnosis } from "../refund/diagnosis/patterns/diagnosis.ts";
import type { Instant } from "../refund/time/instant.ts";
import { EXCEPTION_STATUSES } from "../refund/record/sync-record.ts";
import type { SyncRecord } from "../refund/record/sync-record.ts";
import { readAnswers } from "./store/answers.ts";
import { lastCompleteDay } from "../refund/time/business-day.ts";
import { openCollections } from "./open-records.ts";
import { readPolicy } from "./policy.ts";
import type { Stores } from "./ports.ts";
import { readSourceState } from "./store/source-state.ts";
import { reevaluateStored } from "./reevaluate.ts";
import { lookBackDays, readRollups } from "./store/rollups.ts";

/**
 * Diagnoses the exceptions that are open at this instant, with the answers that people gave
 * meanwhile: the same diagnosis as in the digest, without waiting for the next digest.
 */
export async function diagnoseOpen(
  { table, objects }: Stores,
  brand: Brand,
  at: Instant,
): Promise<OpenDiagnosis> {
  const policy = await readPolicy(table, brand, {
    storefront: await readSourceState(table, "storefront"),
    erp: await readSourceState(table, "erp"),
  });
  const days = lookBackDays(lastCompleteDay(at, brand.timeZone), brand.timeZone);
  const rollups = [...(await readRollups(objects, days)).values()];
  const exceptions = reevaluateStored(await openCollections(table, policy), policy, at).filter(
    ({ status }) => EXCEPTION_STATUSES.has(status),
  );
  const answers = await readAnswers(table);
  const { diagnoses, cohorts, members } = diagnose({
    rollups,
    exceptions,
    policy,
    now: at,
    answers,
  });
  return {
    exceptions,
    diagnoses,
    cohorts: cohorts.map((cohort, place) => ({
      ...costed(cohort, assumptionsOf(brand)),
      members: members[place] ?? [],
    })),
  };
}

export type OpenDiagnosis = {
  readonly exceptions: readonly SyncRecord[];
  /** By record id. */
  readonly diagnoses: ReadonlyMap<string, Diagnosis>;
  readonly cohorts: readonly OpenCohort[];
};

/** With the ids of its records. */
type OpenCohort = Costed<NamedCohort> & { readonly members: readonly string[] };

export function assumptionsOf({ costs, currency }: Brand): CostAssumptions {
  return { ...costs, currency };
}

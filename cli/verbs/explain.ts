import { diagnoseOpen } from "../../lambdas/ledger/diagnose-open.ts";
import type { OpenDiagnosis } from "../../lambdas/ledger/diagnose-open.ts";
import { findRecords } from "../../lambdas/ledger/find-records.ts";
import type { FoundRecord } from "../../lambdas/ledger/find-records.ts";
import { diagnoseRecord } from "../../lambdas/refund/diagnosis/diagnose.ts";
import { EXCEPTION_STATUSES } from "../../lambdas/refund/record/sync-record.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";
import { atState } from "../at-state.ts";
import type { OpenState } from "../at-state.ts";
import { explainCohort } from "../explain-cohort.ts";
import { explainRecord } from "../explain-record.ts";
import { findCohort } from "../find-cohort.ts";
import type { KnownCohort } from "../find-cohort.ts";
import { readOptions } from "../options.ts";
import { say, sayJson } from "../say.ts";
import { NothingKnown } from "./status.ts";
import { UsageError } from "../usage-error.ts";

/** The whole reasoning about one refund, order or cohort, on one screen. */
export async function explain(words: readonly string[]): Promise<number> {
  const options = readOptions(words, ["config", "state"], { flags: ["json"], words: 1 });
  const [wanted] = options.words;
  if (wanted === undefined) {
    throw new UsageError("give what to explain: a refund, an order, or a cohort's key");
  }
  return atState(options.values, new Date().toISOString(), async (opened) => {
    const diagnosed = await diagnoseOpen(opened.stores, opened.brand, opened.at);
    const cohort = await findCohort(opened, diagnosed, wanted);
    const asJson = options.flags.has("json");
    if (cohort !== null) printCohort(cohort, diagnosed, opened, asJson);
    else await printRecords(wanted, diagnosed, opened, asJson);
    return 0;
  });
}

function printCohort(
  cohort: KnownCohort,
  { exceptions }: OpenDiagnosis,
  { brand }: OpenState,
  asJson: boolean,
): void {
  const members = new Set(cohort.members);
  const records = exceptions.filter(({ id }) => members.has(id));
  if (asJson) sayJson(cohort);
  else say(explainCohort(cohort, records, brand).join("\n"));
}

async function printRecords(
  wanted: string,
  diagnosed: OpenDiagnosis,
  { stores, brand, policy, at }: OpenState,
  asJson: boolean,
): Promise<void> {
  const found = await findRecords(stores, wanted, policy, at);
  if (found.length === 0) throw new NothingKnown(wanted);
  const explained = found.toSorted(byNeed).map(({ record }) => ({
    record,
    diagnosis: EXCEPTION_STATUSES.has(record.status)
      ? (diagnosed.diagnoses.get(record.id) ?? diagnoseRecord(record, policy))
      : null,
    cohort: cohortOf(record, diagnosed),
  }));
  if (asJson) sayJson(explained);
  else say(explained.map((one) => explainRecord(one, brand).join("\n")).join("\n\n"));
}

/** Exceptions come first; what is probably another business's comes last. */
function byNeed(one: FoundRecord, other: FoundRecord): number {
  return rank(one) - rank(other);
}

function rank({ record: { status, ownership } }: FoundRecord): number {
  if (ownership === "probably_not_ours") return 2;
  return EXCEPTION_STATUSES.has(status) ? 0 : 1;
}

export function cohortOf(
  { id }: SyncRecord,
  { cohorts }: Pick<OpenDiagnosis, "cohorts">,
): KnownCohort | null {
  return cohorts.find(({ members }) => members.includes(id)) ?? null;
}

import { appendActs } from "../../lambdas/ledger/store/act-log.ts";
import { dayBefore, lastCompleteDay } from "../../lambdas/refund/time/business-day.ts";
import { diagnoseOpen } from "../../lambdas/ledger/diagnose-open.ts";
import { saveRepair } from "../../lambdas/ledger/store/repairs.ts";
import { lookBackDays, readRollups } from "../../lambdas/ledger/store/rollups.ts";
import { recordIntervention } from "../../lambdas/refund/diagnosis/repairs/check-in.ts";
import type { Intervention } from "../../lambdas/refund/diagnosis/repairs/check-in.ts";
import { SEGMENT_KEYS } from "../../lambdas/refund/diagnosis/features/features.ts";
import { percent } from "../../lambdas/reports/figures.ts";
import { atState } from "../at-state.ts";
import type { OpenState } from "../at-state.ts";
import { requiredCohort } from "../find-cohort.ts";
import type { KnownCohort } from "../find-cohort.ts";
import { clock, readDate, readOptions, required } from "../options.ts";
import { personsNote } from "../person-input.ts";
import { say } from "../say.ts";
import { UsageError } from "../usage-error.ts";

/** Records a repair with the rate before it; from then on the digest shows whether it helped. */
export async function fix(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, ["config", "state", "cohort", "on", "note", "now"]);
  const wanted = required(values.cohort, "cohort");
  const on = readDate(required(values.on, "on"), "on");
  const note = personsNote(values.note);
  const now = clock(values.now);
  return atState(values, now, async (opened) => {
    const diagnosed = await diagnoseOpen(opened.stores, opened.brand, opened.at);
    const cohort = await requiredCohort(opened, diagnosed, wanted);
    const intervention = await interventionOf(opened, cohort, on, now);
    await saveRepair(opened.stores.table, { intervention, note }, now);
    const act = { act: "fix" as const, subject: cohort.key, by: "command line" };
    await appendActs(opened.stores.objects, [{ ...act, said: `repaired on ${on}: ${note}` }], now);
    const { hits, tries } = intervention.before;
    say(
      `Recorded: ${cohort.key} was repaired on ${on}. Before, ${hits} of ${tries} failed (${percent(hits / tries)}).`,
    );
    say("From then on the digest shows how the rate changes, and after 30 days whether it fell.");
    return 0;
  });
}

async function interventionOf(
  { stores, brand }: OpenState,
  { key, segment, failure }: KnownCohort,
  on: string,
  now: string,
): Promise<Intervention> {
  const today = dayBefore(lastCompleteDay(now, brand.timeZone), -1, brand.timeZone);
  if (on > today.date) {
    throw new UsageError(`--on must not be after today (${today.date}), got ${on}`);
  }
  const back = Math.round((Date.parse(today.date) - Date.parse(on)) / DAY_MS) + 1;
  const before = lookBackDays(dayBefore(today, back, brand.timeZone), brand.timeZone);
  const rollups = [...(await readRollups(stores.objects, before)).values()];
  const where = Object.fromEntries(
    SEGMENT_KEYS.flatMap((name) => {
      const value = segment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const intervention = recordIntervention({ cohort: key, segment: where, failure, on, rollups });
  if (intervention.before.tries === 0) {
    throw new UsageError(
      `no refund of ${key} was counted before ${on}: there is no rate to compare with`,
    );
  }
  return intervention;
}

const DAY_MS = 86_400_000;

import type { DailyRollup } from "../refund/diagnosis/rollup/daily-rollup.ts";
import type { SyncRecord } from "../refund/record/sync-record.ts";
import type { Policy } from "../refund/policy.ts";
import { after } from "../refund/time/instant.ts";
import type { Instant } from "../refund/time/instant.ts";
import { utcDays } from "../refund/time/business-day.ts";
import type { BusinessDay } from "../refund/time/business-day.ts";
import type { Objects } from "./ports.ts";
import { NewestSides } from "./reevaluate.ts";
import { decisionKeys, forEachIn, forEachTimes } from "./store/event-log.ts";
import type { LoggedDecision } from "./store/event-log.ts";
import { saveRollups } from "./store/rollups.ts";

/**
 * Rolls up the days that diagnosis uses, as far as they changed since they were rolled up last.
 *
 * The last two days are always made again. An older day is made again when the log of the last two
 * days has a decision about one of its refunds or documents: an arrival on the third day, a payout
 * a week later, a person's decision. So a refund that was missing when its day was rolled up is
 * known to be missing still.
 *
 * The log of an older day is read a few days at a time, so that a first digest needs little memory.
 */
export async function rollUpDays(
  objects: Objects,
  { days, rolled, recent, logged, policy, at, now }: DaysToRollUp,
): Promise<readonly DailyRollup[]> {
  const [today, yesterday] = days;
  const newest = [today, yesterday].flatMap((day) => day ?? []);
  const older = days
    .slice(newest.length)
    .filter((day) => {
      const known = rolled.get(day.date);
      return known === undefined || recent.some((one) => isAfter(one, known) && touches(one, day));
    })
    .toReversed();
  const rules = { policy, now: at, before: rolled };
  const made = [...(await saveRollups(objects, newest, logged, rules))];
  const log = await indexLog(objects, older, policy.windowMs, now);
  for (const some of inChunks(older, log)) {
    const records = await recordsOf(objects, some, log, { policy, at });
    made.push(...(await saveRollups(objects, some, records, rules)));
  }
  return [...new Map([...rolled.values(), ...made].map((one) => [one.day, one])).values()];
}

type DaysToRollUp = {
  /** The newest first. */
  readonly days: readonly BusinessDay[];
  readonly rolled: ReadonlyMap<string, DailyRollup>;
  /** The decisions of the last two days, and their records. */
  readonly recent: readonly LoggedDecision[];
  readonly logged: readonly SyncRecord[];
  readonly policy: Policy;
  readonly at: Instant;
  readonly now: Instant;
};

/** A decision in the same second is repeated rather than lost. */
function isAfter(decision: LoggedDecision, { rolledUpAt }: DailyRollup): boolean {
  return decision.at >= rolledUpAt;
}

function touches(
  { refund, documents }: Pick<LoggedDecision, "refund" | "documents">,
  { from, to }: Pick<BusinessDay, "from" | "to">,
): boolean {
  const isWithin = (instant: Instant): boolean => instant >= from && instant < to;
  return (
    (refund !== null && isWithin(refund.processedAt)) ||
    documents.some(({ createdAt }) => isWithin(createdAt))
  );
}

/** What the log has about one day: how many decisions, and in which objects. */
type DayInLog = { decisions: number; readonly keys: Set<string> };

/**
 * Which objects of the log have decisions about each of these days. Rule 5 needs the refunds and
 * documents of the days around a day as candidates, so those count too.
 */
async function indexLog(
  objects: Objects,
  days: readonly BusinessDay[],
  windowMs: number,
  now: Instant,
): Promise<ReadonlyMap<BusinessDay, DayInLog>> {
  const index = new Map(days.map((day) => [day, { decisions: 0, keys: new Set<string>() }]));
  const [oldest] = days;
  if (oldest === undefined) return index;
  const spans = days.map((day) => ({ inLog: index.get(day), ...around([day], windowMs) }));
  const keys = await decisionKeys(objects, utcDays(around([oldest], windowMs).from, now));
  await forEachTimes(objects, keys, (key, times) => {
    for (const { inLog, from, to } of spans) {
      if (inLog === undefined || !times.some((at) => at >= from && at < to)) continue;
      inLog.decisions += 1;
      inLog.keys.add(key);
    }
  });
  return index;
}

function around(
  days: readonly BusinessDay[],
  windowMs: number,
): { readonly from: Instant; readonly to: Instant } {
  const [first, last] = [days[0]?.from ?? "", days.at(-1)?.to ?? ""];
  return { from: after(first, -windowMs), to: after(last, windowMs) };
}

/** Days that are near each other share most of their decisions. */
function inChunks(
  days: readonly BusinessDay[],
  log: ReadonlyMap<BusinessDay, DayInLog>,
): readonly (readonly BusinessDay[])[] {
  const chunks: BusinessDay[][] = [];
  let held = 0;
  for (const day of days) {
    const decisions = log.get(day)?.decisions ?? 0;
    const last = chunks.at(-1);
    if (last !== undefined && held + decisions <= MOST_DECISIONS) last.push(day);
    else {
      chunks.push([day]);
      held = 0;
    }
    held += decisions;
  }
  return chunks;
}

async function recordsOf(
  objects: Objects,
  days: readonly BusinessDay[],
  log: ReadonlyMap<BusinessDay, DayInLog>,
  { policy, at }: Pick<DaysToRollUp, "policy" | "at">,
): Promise<readonly SyncRecord[]> {
  const span = around(days, policy.windowMs);
  const keys = new Set(days.flatMap((day) => [...(log.get(day)?.keys ?? [])]));
  const newest = new NewestSides();
  await forEachIn(objects, [...keys].toSorted(), (decision) => {
    if (touches(decision, span)) newest.add(decision);
  });
  return newest.records(policy, at);
}

/** A decision takes some kilobytes while its records are made; days share most of theirs. */
const MOST_DECISIONS = 60_000;

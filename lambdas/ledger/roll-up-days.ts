import type { DailyRollup } from "../refund/diagnosis/rollup/daily-rollup.ts";
import type { SyncRecord } from "../refund/record/sync-record.ts";
import type { Policy } from "../refund/policy.ts";
import { after } from "../refund/time/instant.ts";
import type { Instant } from "../refund/time/instant.ts";
import { utcDays } from "../refund/time/business-day.ts";
import type { BusinessDay } from "../refund/time/business-day.ts";
import type { Objects } from "./ports.ts";
import { reevaluateDecisions } from "./reevaluate.ts";
import { forEachDecision } from "./store/event-log.ts";
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
  const counts = await countDecisions(objects, older, now);
  for (const some of inChunks(older, counts)) {
    const records = await recordsOf(objects, some, { policy, at, now });
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

/** How many decisions there are about each of these days; several about one refund count each. */
async function countDecisions(
  objects: Objects,
  days: readonly BusinessDay[],
  now: Instant,
): Promise<ReadonlyMap<BusinessDay, number>> {
  const counts = new Map<BusinessDay, number>();
  const [oldest] = days;
  if (oldest === undefined || days.length === 1) return counts;
  await forEachDecision(objects, utcDays(oldest.from, now), (decision) => {
    for (const day of days) {
      if (touches(decision, day)) counts.set(day, (counts.get(day) ?? 0) + 1);
    }
  });
  return counts;
}

function inChunks(
  days: readonly BusinessDay[],
  counts: ReadonlyMap<BusinessDay, number>,
): readonly (readonly BusinessDay[])[] {
  const chunks: BusinessDay[][] = [];
  let held = Infinity;
  for (const day of days) {
    const count = counts.get(day) ?? 0;
    const last = chunks.at(-1);
    if (last !== undefined && held + count <= MOST_DECISIONS) last.push(day);
    else {
      chunks.push([day]);
      held = 0;
    }
    held += count;
  }
  return chunks;
}

/**
 * The records that touch these days, with everything else of their orders, and with the refunds and
 * documents of the days around them, which rule 5 needs as candidates.
 */
async function recordsOf(
  objects: Objects,
  days: readonly BusinessDay[],
  { policy, at, now }: Pick<DaysToRollUp, "policy" | "at" | "now">,
): Promise<readonly SyncRecord[]> {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const around = {
    from: after(first.from, -policy.windowMs),
    to: after(last.to, policy.windowMs),
  };
  const logDays = utcDays(around.from, now);
  const orders = new Set<string>();
  await forEachDecision(objects, logDays, (decision) => {
    if (decision.order !== null && touches(decision, around)) orders.add(decision.order);
  });
  const kept: LoggedDecision[] = [];
  await forEachDecision(objects, logDays, (decision) => {
    const isOfOrder = decision.order !== null && orders.has(decision.order);
    if (isOfOrder || touches(decision, around)) kept.push(decision);
  });
  return reevaluateDecisions(kept, policy, at);
}

/** A decision takes some kilobytes while its records are made. */
const MOST_DECISIONS = 40_000;

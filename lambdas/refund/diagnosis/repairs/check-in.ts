import * as z from "zod";
import { onsetOfFailure } from "../cohorts/onset.ts";
import { dayAndMonth } from "../../time/days-in-words.ts";
import { countFailed } from "../cohorts/count-failed.ts";
import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { FAILURES } from "../features/failure.ts";
import { SEGMENT_KEYS } from "../features/features.ts";
import { atLeastByChance } from "../../statistics/fisher.ts";
import { newcombe } from "../../statistics/proportion.ts";
import type { Interval, Share } from "../../statistics/proportion.ts";

/**
 * A repair that somebody made, with the failure rate before it. It is recorded once, so that the
 * check-in thirty days later does not need the earlier roll-ups.
 */
export type Intervention = z.infer<typeof interventionSchema>;

export const interventionSchema = z.strictObject({
  /** See `cohortKey`. */
  cohort: z.string().min(1),
  segment: z.partialRecord(z.enum(SEGMENT_KEYS), z.string()),
  failure: z.enum(FAILURES),
  /** The first local calendar day on which the repair is in effect. */
  on: z.iso.date(),
  /** The likeliest day on which the trouble began; null where it is not known. */
  since: z.iso.date().nullable().default(null),
  before: z.strictObject({ hits: z.int().min(0), tries: z.int().min(0) }),
});

/**
 * The record to store on the day when a cohort is repaired. If the trouble began in these days, only
 * the time since then is compared: the good days before it would make the repair look useless.
 */
export function recordIntervention({
  cohort,
  segment,
  failure,
  on,
  rollups,
}: Repair): Intervention {
  const before = rollups.filter(({ day }) => day < on);
  const since = onsetOfFailure(before, segment, failure)?.likeliest ?? null;
  const troubled = before.filter(({ day }) => day >= (since ?? ""));
  const counts = countFailed(troubled, segment, failure);
  return { cohort, segment, failure, on, since, before: counts };
}

export type Repair = Omit<Intervention, "before" | "since"> & {
  readonly rollups: readonly DailyRollup[];
};

/**
 * Did the repair work? Compares the cohort's rate after the repair with the rate before, and tests
 * whether it fell by more than chance (Fisher's exact test, one-sided, 5 %).
 *
 * @param today when given, the verdict is "too early" until thirty days have passed
 */
export function checkIn(
  intervention: Intervention,
  rollups: readonly DailyRollup[],
  today: string | null = null,
): CheckIn {
  const { before, on, since, segment, failure, cohort } = intervention;
  const days = rollups.filter(({ day }) => day >= on);
  const after = countFailed(days, segment, failure);
  const change = newcombe(after, before);
  const chance = atLeastByChance({
    seen: before.hits,
    drawn: before.tries,
    special: before.hits + after.hits,
    population: before.tries + after.tries,
  });
  const dueOn = checkInDay(on);
  const isEarly = after.tries < LEAST_REFUNDS || (today !== null && today < dueOn);
  const verdict = isEarly ? "too early" : chance < 0.05 ? "it fell" : "back to step 1";
  return withSentence({
    cohort,
    on,
    since,
    dueOn,
    days: days.length,
    before,
    after,
    change,
    chance,
    verdict,
  });
}

function checkInDay(on: string): string {
  return new Date(Date.parse(on) + CHECK_IN_DAYS * DAY_MS).toISOString().slice(0, 10);
}

export type CheckIn = {
  readonly cohort: string;
  readonly on: string;
  /** The likeliest day on which the trouble began; `before` is counted from it. */
  readonly since: string | null;
  /** The day of the check-in. */
  readonly dueOn: string;
  readonly days: number;
  readonly before: Share;
  readonly after: Share;
  /** The rate after minus the rate before, as a 95 % confidence interval. */
  readonly change: Interval;
  /** p-value: the probability of a fall at least this large if nothing had changed. */
  readonly chance: number;
  readonly verdict: "too early" | "it fell" | "back to step 1";
  readonly sentence: string;
};

function withSentence(found: Omit<CheckIn, "sentence">): CheckIn {
  const { before, after, change, chance, verdict, days, dueOn } = found;
  const began =
    found.since === null ? "" : ` (counted since it began, about ${dayAndMonth(found.since)})`;
  const since =
    days === 0 ? "no day after it is counted yet" : `${rate(after)} in the ${days} days after it`;
  const rates = `${rate(before)} before the repair${began}, ${since} (change ${points(change.low)} to ${points(change.high)} percentage points, 95 % confidence interval)`;
  const end = {
    "too early": `Too early to tell: the check-in is on ${dueOn}.`,
    "it fell": `The rate fell by more than chance (p = ${chance.toPrecision(2)}).`,
    "back to step 1": `The rate did not fall by more than chance (p = ${chance.toPrecision(2)}): go back to step 1.`,
  }[verdict];
  return { ...found, sentence: `${rates}. ${end}` };
}

function rate({ hits, tries }: Share): string {
  const share = tries === 0 ? "" : ` = ${((100 * hits) / tries).toFixed(1)} %`;
  return `${hits} of ${tries}${share}`;
}

function points(share: number): string {
  return (100 * share).toFixed(1);
}

const LEAST_REFUNDS = 10;
const CHECK_IN_DAYS = 30;
const DAY_MS = 86_400_000;

import { appendTo, groupBy } from "../../collections/group-by.ts";
import { inWords, msOf } from "../../time/instant.ts";
import type { Instant } from "../../time/instant.ts";
import { bucketEnd, lagBucket } from "../rollup/gap-buckets.ts";
import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { QUARTER_MS } from "../rollup/quarters.ts";
import { batchCadence } from "./batch-cadence.ts";
import { chanceToArrive, delayCurve, HORIZON, lagOf, stillToCome } from "../patterns/async-gap.ts";
import type { DelayCurve, FollowedWait } from "../patterns/async-gap.ts";
import { findRests, restedBetween } from "./rests.ts";
import type { Rest } from "./rests.ts";
import { findRuns, median } from "./runs.ts";
import type { Runs, Span } from "./runs.ts";

/**
 * The learned async gap of a brand: how long refunds take from their settlement until the ERP has
 * them, and whether a refund that is missing now will still come.
 *
 * Where the integration brings refunds in batches, a wait is measured in the batches that passed
 * over the refund, else in time without the rests of the integration (a weekend). A path (channel
 * and gateway) has its own curve where its waits differ from those of all others by more than
 * chance. The percentiles that people read are in plain time.
 */
export class Delay {
  /** Milliseconds between two batches; null where documents arrive all the time. */
  readonly cadence: number | null;
  readonly #now: number;
  readonly #arrived: readonly Wait[];
  readonly #all: Learned;
  readonly #ofPath: ReadonlyMap<string, Learned>;

  /**
   * @param inOrder roll-ups, the oldest first
   * @param until everything was read through this instant
   */
  constructor(inOrder: readonly DailyRollup[], until: Instant) {
    this.#now = msOf(until);
    this.cadence = batchCadence(inOrder);
    const waits = waitsOf(inOrder, this.#now);
    const bins = binsOf(inOrder);
    const rests = findRests({
      bins,
      waits,
      cadence: this.cadence,
      until: this.#now,
    });
    const worked = withoutResent(
      waits.map((one) => ({
        ...one,
        time: workedIn(one, rests),
        soonest: one.least - restedBetween(rests, one.from, one.from + one.least),
        followed: this.#now - one.from - restedBetween(rests, one.from, this.#now),
      })),
    );
    this.#arrived = worked.filter(({ arrived }) => arrived);
    this.#all = learn(worked, bins, rests);
    this.#ofPath = new Map(
      pathsThatDiffer(worked).map(([path, own]) => [path, learn(own, bins, rests)]),
    );
  }

  /** The lag within which this share of the arrived refunds arrived, in milliseconds. */
  percentile(share: number): number | null {
    const arrived = this.#arrived.map((one) => ({ ...one, time: one.ms }));
    const longest = HORIZON * (lagOf(arrived, 0.99) ?? 0);
    return lagOf(
      arrived.filter(({ time }) => time <= longest),
      share,
    );
  }

  /** Refunds do not come by themselves after so long a time without any document: a day at least. */
  horizonMs(): number {
    return Math.max(DAY_MS, HORIZON * (this.percentile(0.99) ?? 0));
  }

  /** "4 h": the 99th percentile, for sentences. */
  longestInWords(): string | null {
    const ms = this.percentile(0.99);
    return ms === null ? null : inWords(ms);
  }

  /** What the waits of other refunds show about a refund that is missing. */
  ofRefund({ settledAt, path }: Missing): StillComing {
    const { curve, runs, rests } = this.#ofPath.get(path) ?? this.#all;
    const from = msOf(settledAt);
    const waitedMs = Math.max(0, this.#now - from);
    const passedOver = runs?.since({ from, to: from }) ?? null;
    const rested = restedBetween(rests, from, this.#now);
    const age = passedOver === null ? waitedMs - rested : passedOver - 1;
    return {
      waitedMs,
      passedOver,
      rests: passedOver === null && rested >= QUARTER_MS,
      ownPath: this.#ofPath.has(path),
      chance: chanceToArrive(curve, age),
      share: stillToCome(curve, age),
    };
  }
}

type Missing = {
  /** When the ERP could first have it. */
  readonly settledAt: Instant;
  /** See `pathName`. */
  readonly path: string;
};

export type StillComing = {
  readonly waitedMs: number;
  /** How many batches came since its settlement without it; null where there are no batches. */
  readonly passedOver: number | null;
  /** Whether the integration rested in that time. */
  readonly rests: boolean;
  /** Whether its path has a curve of its own. */
  readonly ownPath: boolean;
  /** Of the refunds that waited so long, the share that arrived later; null where it is unknown. */
  readonly chance: number | null;
  /** Of all refunds, the share that waited so long and arrived later. */
  readonly share: number;
};

type Wait = {
  readonly path: string;
  /** The quarter of an hour of the settlement. */
  readonly from: number;
  /** At most; at least `least`. */
  readonly ms: number;
  readonly least: number;
  readonly arrived: boolean;
  readonly count: number;
};

/**
 * A refund that waited when its day was rolled up still waits: a late arrival has its day rolled up
 * again. So its wait lasts until now.
 */
function waitsOf(rollups: readonly DailyRollup[], now: number): readonly Wait[] {
  const waits: Wait[] = [];
  for (const { lags } of rollups) {
    for (const [path, { arrived, waiting }] of Object.entries(lags)) {
      for (const [quarter, bucket, count] of arrived) {
        const from = quarter * QUARTER_MS;
        const least = bucket === 0 ? 0 : bucketEnd(bucket - 1);
        waits.push({ path, from, ms: bucketEnd(bucket), least, arrived: true, count });
      }
      for (const [quarter, count] of waiting) {
        const from = quarter * QUARTER_MS;
        const ms = Math.max(0, now - from);
        waits.push({ path, from, ms, least: ms, arrived: false, count });
      }
    }
  }
  return waits;
}

type Worked = Wait &
  FollowedWait & {
    /** `time` at least: long lags are known to some hours only. */
    readonly soonest: number;
  };

function workedIn({ from, ms }: Wait, rests: readonly Rest[]): number {
  const worked = ms - restedBetween(rests, from, from + ms);
  return bucketEnd(lagBucket(Math.max(0, worked)));
}

type Learned = {
  /** In batches that passed over the refund where there are batches, else in milliseconds. */
  readonly curve: DelayCurve;
  readonly runs: Runs | null;
  readonly rests: readonly Rest[];
};

function learn(waits: readonly Worked[], bins: readonly number[], rests: readonly Rest[]): Learned {
  const came = waits.filter(({ arrived }) => arrived);
  const brought = came.map((one) => ({
    settled: settlementOf(one),
    arrived: arrivalOf(one),
    count: one.count,
  }));
  const runs = findRuns(brought, bins);
  if (runs === null) return { curve: delayCurve(waits), runs, rests };
  const inRuns = waits.map((one) => {
    const settled = settlementOf(one);
    // A refund that waits is known not to have come with the batches before, and no more.
    const time = one.arrived ? runs.passedOver(settled, arrivalOf(one)) : runs.since(settled) - 0.5;
    return { ...one, time, followed: runs.since(settled) - 0.5 };
  });
  return { curve: delayCurve(inRuns), runs, rests };
}

function settlementOf({ from }: Wait): Span {
  return { from, to: from + QUARTER_MS };
}

function arrivalOf({ from, ms, least }: Wait): Span {
  return { from: from + least, to: from + QUARTER_MS + ms };
}

function binsOf(rollups: readonly DailyRollup[]): readonly number[] {
  const bins = new Set(rollups.flatMap(({ arrivals }) => arrivals.map(([bin]) => bin)));
  return [...bins].toSorted((a, b) => a - b);
}

/**
 * Refunds that somebody sent again together are no evidence that others arrive late: on one day far
 * more late refunds arrived than on the others. They count as lost.
 */
function withoutResent(waits: readonly Worked[]): readonly Worked[] {
  const arrived = waits.filter((one) => one.arrived);
  const usual = usualOn(arrived) ?? lagOf(waits, 0.95);
  if (usual === null) return waits;
  const isLate = ({ arrived: has, soonest }: Worked): boolean => has && soonest > LATE * usual;
  const byDay = new Map<number, number>();
  for (const one of arrived) {
    if (!isLate(one)) continue;
    const day = arrivalDay(one);
    byDay.set(day, (byDay.get(day) ?? 0) + one.count);
  }
  const late = [...byDay.values()].reduce((sum, count) => sum + count, 0);
  const days = Math.max(1, new Set(arrived.map(arrivalDay)).size);
  const resent = new Set(
    [...byDay].flatMap(([day, count]) =>
      count >= SEVERAL && count > LATE * (1 + (late - count) / days) ? [day] : [],
    ),
  );
  return resent.size === 0
    ? waits
    : waits.map((one) =>
        isLate(one) && resent.has(arrivalDay(one)) ? { ...one, arrived: false } : one,
      );
}

/**
 * The 95th percentile of an ordinary day: that of all days together would be the backfill's, where
 * it brought a tenth of all refunds.
 */
function usualOn(arrived: readonly Worked[]): number | null {
  const days = [...groupBy(arrived, (one) => [String(arrivalDay(one))]).values()];
  const ofDays = days.flatMap((some) => lagOf(some, 0.95) ?? []);
  return ofDays.length < LEAST_DAYS ? null : median(ofDays);
}

function arrivalDay(one: Wait): number {
  return Math.floor(arrivalOf(one).to / DAY_MS);
}

function pathsThatDiffer(waits: readonly Worked[]): readonly (readonly [string, Worked[]])[] {
  const byPath = new Map<string, Worked[]>();
  for (const one of waits) appendTo(byPath, one.path, one);
  return [...byPath].filter(([path, own]) =>
    differs(
      own,
      waits.filter((one) => one.path !== path),
    ),
  );
}

/**
 * Whether two sets of waits have different distributions: the largest difference between the shares
 * that arrived by a time (Smirnov's two-sample test, p below 0.001).
 */
function differs(own: readonly Worked[], others: readonly Worked[]): boolean {
  const [one, other] = [counted(own), counted(others)];
  if (one.all < LEAST_OF_PATH || other.all < LEAST_OF_PATH) return false;
  const limit = SMIRNOV * Math.sqrt((one.all + other.all) / (one.all * other.all));
  let largest = 0;
  let [before, otherBefore] = [0, 0];
  const times = [...new Set([...one.byTime.keys(), ...other.byTime.keys()])];
  for (const time of times.toSorted((a, b) => a - b)) {
    before += one.byTime.get(time) ?? 0;
    otherBefore += other.byTime.get(time) ?? 0;
    largest = Math.max(largest, Math.abs(before / one.all - otherBefore / other.all));
  }
  return largest > Math.max(limit, LEAST_DIFFERENCE);
}

function counted(waits: readonly Worked[]): { all: number; byTime: Map<number, number> } {
  const byTime = new Map<number, number>();
  let all = 0;
  for (const { arrived, time, count } of waits) {
    if (!arrived) continue;
    all += count;
    byTime.set(time, (byTime.get(time) ?? 0) + count);
  }
  return { all, byTime };
}

const DAY_MS = 86_400_000;
/** Three times the usual wait is late; three times the usual number of late arrivals is unusual. */
const LATE = 3;
const SEVERAL = 3;
const LEAST_DAYS = 5;
const LEAST_OF_PATH = 30;
/** The critical value of Smirnov's test at p = 0.001: sqrt(-ln(0.001 / 2) / 2). */
const SMIRNOV = 1.949;
const LEAST_DIFFERENCE = 0.2;

import { batchCadence } from "./batch-cadence.ts";
import type { Burst } from "./burst.ts";
import type { DailyRollup } from "./daily-rollup.ts";
import type { SurvivalCurve } from "./kaplan-meier.ts";
import { lagCurve } from "./lag-curve.ts";
import { LostTogether } from "./lost-together.ts";
import { learnMissRates } from "./miss-rates.ts";
import type { MissRates } from "./miss-rates.ts";
import type { Instant } from "./observation.ts";
import { driftOf } from "./rounding-drift-total.ts";
import type { Drift } from "./rounding-drift-total.ts";
import { roundingForensic } from "./rounding-forensic.ts";
import type { RoundingFinding } from "./rounding-forensic.ts";
import { totalSlips } from "./slip-tally.ts";
import type { SlipTally } from "./slip-tally.ts";

/** What the last days' roll-ups teach about a brand, before any exception is looked at. */
export type BrandKnowledge = {
  readonly now: Instant;
  /** All refunds that the roll-ups counted. */
  readonly refunds: number;
  readonly rates: MissRates;
  readonly curve: SurvivalCurve;
  /** Milliseconds; null where documents arrive all the time. */
  readonly cadence: number | null;
  /** The last document that a machine made, where two batches or more are overdue since. */
  readonly silentSince: Instant | null;
  readonly bursts: readonly Burst[];
  readonly lostTogether: LostTogether;
  readonly rounding: RoundingFinding | null;
  readonly drift: Drift;
  readonly slips: ReadonlyMap<string, SlipTally>;
};

export function learnBrand(rollups: readonly DailyRollup[], now: Instant): BrandKnowledge {
  const inOrder = rollups.toSorted((a, b) => (a.day < b.day ? -1 : 1));
  const cases = inOrder.flatMap(({ roundingCases }) => roundingCases);
  const cadence = batchCadence(inOrder);
  const rounding = roundingForensic(cases);
  return {
    now,
    refunds: rollups.reduce((total, { refunds }) => total + refunds, 0),
    rates: learnMissRates(inOrder.flatMap(({ paths }) => paths)),
    curve: lagCurve(inOrder),
    cadence,
    silentSince: silentSince(inOrder, cadence, now),
    bursts: inOrder.flatMap(({ bursts }) => bursts),
    lostTogether: new LostTogether(inOrder, cadence),
    rounding,
    drift: driftOf(cases, rounding),
    slips: totalSlips(inOrder),
  };
}

/** Where no batch rhythm is known, or hardly anything is overdue, silence may be a quiet hour. */
function silentSince(
  rollups: readonly DailyRollup[],
  cadence: number | null,
  now: Instant,
): Instant | null {
  let last = 0;
  for (const { arrivals } of rollups) for (const [five] of arrivals) last = Math.max(last, five);
  const since = (last + 1) * FIVE_MINUTES;
  if (cadence === null || last === 0 || Date.parse(now) - since < 2 * cadence) return null;
  let lost = 0;
  for (const { quarters } of rollups) {
    for (const [quarter, , gone] of quarters) if (quarter * 3 * FIVE_MINUTES >= since) lost += gone;
  }
  if (lost < SEVERAL) return null;
  return new Date(since).toISOString();
}

const SEVERAL = 3;
const FIVE_MINUTES = 300_000;

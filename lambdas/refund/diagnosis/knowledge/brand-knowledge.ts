import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { Delay } from "./delay.ts";
import { endOfDay } from "../../time/local-day.ts";
import type { GivenCredit } from "./credit-loops.ts";
import { CreditLoops } from "./credit-loops.ts";
import { CreditsWithoutOrder } from "./credits-without-order.ts";
import { LossesNearby } from "./losses-nearby.ts";
import type { MissRates } from "./miss-rates.ts";
import type { Instant } from "../../time/instant.ts";
import { driftOf } from "../rounding/drift-total.ts";
import type { Drift } from "../rounding/drift-total.ts";
import { findRoundingRule } from "../rounding/find-rounding-rule.ts";
import type { RoundingFinding } from "../rounding/rounding-finding.ts";
import { totalFormulas } from "./formula-totals.ts";
import type { FormulaTotals } from "./formula-totals.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import type { Policy } from "../../policy.ts";
import { trueBursts } from "./unexplained-bursts.ts";
import type { TrueBurst } from "./unexplained-bursts.ts";

/** What is learned about a brand from the roll-ups of the last days and the open exceptions. */
export type BrandKnowledge = {
  readonly now: Instant;
  /** All refunds that the roll-ups counted. */
  readonly refunds: number;
  readonly rates: MissRates;
  readonly delay: Delay;
  /** When the integration made its last document, if two or more batches are overdue since then. */
  readonly silentSince: Instant | null;
  readonly bursts: readonly TrueBurst[];
  readonly lostTogether: LossesNearby;
  readonly rounding: RoundingFinding | null;
  readonly drift: Drift;
  readonly formulas: ReadonlyMap<string, FormulaTotals>;
  readonly creditsWithoutOrder: CreditsWithoutOrder;
  readonly loops: CreditLoops;
  /** Refunds that the ERP booked as a payout alone, without a credit memo. */
  readonly payoutsAlone: number;
};

export function learnBrand(seen: Learned): BrandKnowledge {
  const { rollups, exceptions, policy, now } = seen;
  const inOrder = rollups.toSorted((a, b) => (a.day < b.day ? -1 : 1));
  const cases = inOrder.flatMap(({ roundingCases }) => roundingCases);
  const until = lastSeen(inOrder, policy, now);
  const delay = new Delay(inOrder, until);
  const rounding = findRoundingRule(cases);
  return {
    now,
    refunds: rollups.reduce((total, { refunds }) => total + refunds, 0),
    ...trueBursts(inOrder),
    delay,
    silentSince: silentSince(inOrder, delay.cadence, until),
    lostTogether: new LossesNearby(inOrder, delay.cadence),
    rounding,
    drift: driftOf(cases, rounding),
    formulas: totalFormulas(inOrder),
    creditsWithoutOrder: new CreditsWithoutOrder(exceptions),
    loops: new CreditLoops(inOrder, seen.olderCredits),
    payoutsAlone: rollups.reduce((total, rollup) => total + rollup.payoutsAlone, 0),
  };
}

type Learned = {
  readonly rollups: readonly DailyRollup[];
  /** Store credit that was given before the roll-ups. */
  readonly olderCredits?: readonly GivenCredit[];
  /** Those that are open. */
  readonly exceptions: readonly SyncRecord[];
  readonly policy: Policy;
  readonly now: Instant;
};

/** Roll-ups end with a day: later documents are not in them, so later time is not silence. */
function lastSeen(inOrder: readonly DailyRollup[], { timeZone }: Policy, now: Instant): Instant {
  const day = inOrder.at(-1)?.day;
  const end = day === undefined ? now : endOfDay(day, timeZone);
  return end < now ? end : now;
}

/**
 * Null where no batch cadence is known or few refunds are lost: the silence may only be an hour
 * with few refunds.
 */
function silentSince(
  rollups: readonly DailyRollup[],
  cadence: number | null,
  until: Instant,
): Instant | null {
  let last = 0;
  for (const { arrivals } of rollups) for (const [five] of arrivals) last = Math.max(last, five);
  const since = (last + 1) * FIVE_MINUTES;
  if (cadence === null || last === 0 || Date.parse(until) - since < 2 * cadence) return null;
  let lost = 0;
  for (const { quarters } of rollups) {
    for (const [quarter, , gone] of quarters) if (quarter * 3 * FIVE_MINUTES >= since) lost += gone;
  }
  if (lost < SEVERAL) return null;
  return new Date(since).toISOString();
}

const SEVERAL = 3;
const FIVE_MINUTES = 300_000;

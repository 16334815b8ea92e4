import { stillWaiting, survivalCurve } from "../../statistics/kaplan-meier.ts";
import type { SurvivalCurve, Waited } from "../../statistics/kaplan-meier.ts";

/** So many times the 99th percentile: what comes later was lost and sent again. */
export const HORIZON = 3;

/**
 * Pattern async_gap: the refund is missing now, arrives later with the batch and is correct then.
 *
 * How long refunds take until the ERP has them, from those that arrived and those that still wait.
 * Times are in one unit: milliseconds, or batches that passed over the refund.
 */
export type DelayCurve = {
  readonly steps: SurvivalCurve;
  /** The share of refunds that had not arrived when the curve ends: they are counted as lost. */
  readonly lost: number;
  /** Ten refunds were followed for so long, whether they arrived or not. */
  readonly watched: number;
  /** Of those that arrived, 99 of 100 had arrived by then; null where fewer than ten arrived. */
  readonly p99: number | null;
};

export type FollowedWait = Waited & {
  /** How long the refund has been followed until now, whether it arrived or not. */
  readonly followed: number;
};

/**
 * Two rules keep single late arrivals from the end of the curve, where each of them would look like
 * a large share of the few refunds that are left. An arrival after three times the 99th percentile
 * counts as lost and sent again, and the curve ends where fewer than ten refunds are left.
 */
export function delayCurve(waits: readonly FollowedWait[]): DelayCurve {
  const p99 = lagOf(waits, 0.99);
  if (p99 === null) return { steps: [], lost: 1, watched: 0, p99: null };
  const horizon = HORIZON * Math.max(p99, LEAST_P99);
  const within = waits.map((one) =>
    one.time > horizon ? { time: horizon, arrived: false, count: one.count } : one,
  );
  const steps = survivalCurve(within).filter(({ atRisk }) => atRisk >= LEAST_AT_RISK);
  const lost = steps.at(-1)?.waiting ?? 1;
  return { steps, lost, watched: longestFollowed(waits), p99 };
}

/**
 * Of the refunds that still wait after this time, the share that arrives later; null where too few
 * refunds were followed for that long, or too few to know how long refunds take.
 */
export function chanceToArrive(curve: DelayCurve, age: number): number | null {
  const { steps, lost, watched, p99 } = curve;
  if (p99 === null) return null;
  if (age > watched && watched < HORIZON * Math.max(p99, LEAST_P99)) return null;
  if (age > (steps.at(-1)?.time ?? 0)) return 0;
  const waiting = stillWaiting(steps, age);
  return waiting <= 0 ? 0 : Math.max(0, (waiting - lost) / waiting);
}

/** Of all refunds, the share that still waits after this time and arrives later. */
export function stillToCome({ steps, lost }: DelayCurve, age: number): number {
  return Math.max(0, stillWaiting(steps, age) - lost);
}

/** The time by which this share of the arrived refunds arrived; null where fewer than ten did. */
export function lagOf(waits: readonly Waited[], share: number): number | null {
  const arrived = waits.filter((one) => one.arrived).toSorted((a, b) => a.time - b.time);
  const all = arrived.reduce((sum, { count }) => sum + count, 0);
  if (all < LEAST_AT_RISK) return null;
  let seen = 0;
  for (const { time, count } of arrived) {
    seen += count;
    if (seen >= share * all) return time;
  }
  return null;
}

function longestFollowed(waits: readonly FollowedWait[]): number {
  const inOrder = waits.toSorted((a, b) => b.followed - a.followed);
  let longer = 0;
  for (const { followed, count } of inOrder) {
    longer += count;
    if (longer >= LEAST_AT_RISK) return followed;
  }
  return 0;
}

const LEAST_AT_RISK = 10;
/** With a 99th percentile of zero batches, the horizon is still some batches. */
const LEAST_P99 = 1;

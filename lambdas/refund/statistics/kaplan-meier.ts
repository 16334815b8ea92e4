/**
 * The share of refunds that still wait after a time (Kaplan and Meier 1958). It uses the refunds
 * that arrived and those that still wait: a refund that still waits proves only "at least this
 * long".
 *
 * All times are in the same unit. At equal times the arrivals are counted before the refunds that
 * were only observed until then, as is usual.
 */
export function survivalCurve(observations: Iterable<Waited>): SurvivalCurve {
  const at = new Map<number, { arrived: number; watched: number }>();
  let atRisk = 0;
  for (const { time, arrived, count } of observations) {
    const seen = at.get(time) ?? { arrived: 0, watched: 0 };
    seen.watched += count;
    if (arrived) seen.arrived += count;
    at.set(time, seen);
    atRisk += count;
  }
  const steps: SurvivalStep[] = [];
  let waiting = 1;
  for (const [time, { arrived, watched }] of [...at].toSorted(([a], [b]) => a - b)) {
    if (arrived > 0) {
      waiting *= 1 - arrived / atRisk;
      steps.push({ time, waiting, atRisk, arrived });
    }
    atRisk -= watched;
  }
  return steps;
}

/** The first time by which `share` have arrived; null if so many never arrive. */
export function arrivedBy(curve: SurvivalCurve, share: number): number | null {
  return curve.find(({ waiting }) => 1 - waiting >= share - 1e-12)?.time ?? null;
}

/** The share that still waits after `time`. */
export function stillWaiting(curve: SurvivalCurve, time: number): number {
  let waiting = 1;
  for (const step of curve) {
    if (step.time > time) break;
    waiting = step.waiting;
  }
  return waiting;
}

export type Waited = {
  readonly time: number;
  /** False: it still waited at `time`, when it was last observed. */
  readonly arrived: boolean;
  readonly count: number;
};
type SurvivalStep = {
  readonly time: number;
  readonly waiting: number;
  readonly atRisk: number;
  readonly arrived: number;
};
export type SurvivalCurve = readonly SurvivalStep[];

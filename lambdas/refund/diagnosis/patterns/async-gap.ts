import { stillWaiting } from "../../statistics/kaplan-meier.ts";
import type { SurvivalCurve } from "../../statistics/kaplan-meier.ts";

/**
 * Pattern async_gap: the refund is missing now, arrives later with the batch and is correct then.
 *
 * Returns the probability that a refund of this age is such a case: of all refunds that were still
 * missing at this age, the share that arrived later.
 */
export function chanceToArrive(curve: SurvivalCurve, ageMs: number): number {
  const waitingNow = stillWaiting(curve, ageMs);
  const never = curve.at(-1)?.waiting ?? 1;
  return waitingNow <= 0 ? 0 : Math.max(0, (waitingNow - never) / waitingNow);
}

/** Of all refunds, the share that is still missing after `ageMs` but arrives later. */
export function stillToCome(curve: SurvivalCurve, ageMs: number): number {
  return Math.max(0, stillWaiting(curve, ageMs) - (curve.at(-1)?.waiting ?? 1));
}

import { stillWaiting } from "../../statistics/kaplan-meier.ts";
import type { SurvivalCurve } from "../../statistics/kaplan-meier.ts";

/**
 * Missing now, arrives later with the batch; correct in the end.
 *
 * The chance that a refund of this age is one of those: of all that still waited at this age, the
 * share that came after all.
 */
export function chanceToArrive(curve: SurvivalCurve, ageMs: number): number {
  const waitingNow = stillWaiting(curve, ageMs);
  const never = curve.at(-1)?.waiting ?? 1;
  return waitingNow <= 0 ? 0 : Math.max(0, (waitingNow - never) / waitingNow);
}

/** Of all refunds, the share that waits longer than this and comes after all. */
export function stillToCome(curve: SurvivalCurve, ageMs: number): number {
  return Math.max(0, stillWaiting(curve, ageMs) - (curve.at(-1)?.waiting ?? 1));
}

import type { DailyRollup } from "../rollup/daily-rollup.ts";
import type { Failure } from "../features/failure.ts";
import type { SegmentKey } from "../features/features.ts";
import { onsetOf } from "../../statistics/change-point.ts";
import type { Onset } from "../../statistics/change-point.ts";
import { countFailed } from "./count-failed.ts";

/**
 * When the failure of a segment became more frequent, in the roll-ups of the last days; null where
 * it did not: it was there before them, or too few refunds failed to tell.
 */
export function onsetOfFailure(
  rollups: readonly DailyRollup[],
  segment: Readonly<Partial<Record<SegmentKey, string>>>,
  failure: Failure,
): Onset | null {
  const inOrder = rollups.toSorted((a, b) => (a.day < b.day ? -1 : 1));
  return onsetOf(
    inOrder.map((rollup) => ({ day: rollup.day, ...countFailed([rollup], segment, failure) })),
  );
}

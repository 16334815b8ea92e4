import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { onsetOf } from "../../statistics/change-point.ts";
import type { DayCount, Onset } from "../../statistics/change-point.ts";
import { withoutStaff, pathInWords } from "../features/workflow-path.ts";

/** The workflow paths seen in the data, with their refunds and misses, the most misses first. */
export function workflowMap(rollups: readonly DailyRollup[]): readonly MappedPath[] {
  const inOrder = rollups.toSorted((a, b) => (a.day < b.day ? -1 : 1));
  const seen = new Map<string, Map<string, DayCount>>();
  for (const { day, paths } of inOrder) {
    for (const { path, refunds, missing } of paths) {
      const words = pathInWords(withoutStaff(path));
      const days = seen.get(words) ?? new Map<string, DayCount>();
      const { hits = 0, tries = 0 } = days.get(day) ?? {};
      seen.set(words, days.set(day, { day, hits: hits + missing, tries: tries + refunds }));
    }
  }
  return [...seen]
    .map(([path, days]) => {
      const counts = inOrder.map(({ day }) => days.get(day) ?? { day, hits: 0, tries: 0 });
      return {
        path,
        refunds: counts.reduce((sum, { tries }) => sum + tries, 0),
        missing: counts.reduce((sum, { hits }) => sum + hits, 0),
        onset: onsetOf(counts),
      };
    })
    .toSorted(
      (a, b) => b.missing - a.missing || b.refunds - a.refunds || (a.path < b.path ? -1 : 1),
    );
}

export type MappedPath = {
  readonly path: string;
  readonly refunds: number;
  readonly missing: number;
  /** When refunds of the path began to go missing more often; null where they did not. */
  readonly onset: Onset | null;
};

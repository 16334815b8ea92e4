import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { withoutStaff, pathInWords } from "../features/workflow-path.ts";

/** The workflow paths seen in the data, with their refunds and misses, the most misses first. */
export function workflowMap(rollups: readonly DailyRollup[]): readonly MappedPath[] {
  const seen = new Map<string, { refunds: number; missing: number }>();
  for (const { path, refunds, missing } of rollups.flatMap(({ paths }) => paths)) {
    const words = pathInWords(withoutStaff(path));
    const before = seen.get(words) ?? { refunds: 0, missing: 0 };
    seen.set(words, { refunds: before.refunds + refunds, missing: before.missing + missing });
  }
  return [...seen]
    .map(([path, counts]) => ({ path, ...counts }))
    .toSorted(
      (a, b) => b.missing - a.missing || b.refunds - a.refunds || (a.path < b.path ? -1 : 1),
    );
}

export type MappedPath = {
  readonly path: string;
  readonly refunds: number;
  readonly missing: number;
};

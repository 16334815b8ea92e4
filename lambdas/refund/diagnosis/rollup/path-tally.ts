import type { DailyRollup } from "./daily-rollup.ts";
import type { Failure } from "../features/failure.ts";

import { withoutStaff } from "../features/workflow-path.ts";
import type { WorkflowPath } from "../features/workflow-path.ts";

type PathTally = DailyRollup["paths"][number];

/**
 * A day's refunds and misses by workflow path. If a day has too many different paths, the member of
 * staff is dropped from them first; then the rarest paths are dropped, which have few refunds.
 */
export class RollupPaths {
  readonly #paths = new Map<string, PathTally>();

  count(path: WorkflowPath, failure: Failure | null): void {
    addTo(this.#paths, {
      path,
      refunds: 1,
      missing: failure === "missing" ? 1 : 0,
      failed: failure === null ? 0 : 1,
    });
  }

  all(): PathTally[] {
    const fine = [...this.#paths.values()];
    if (fine.length <= MOST_PATHS) return inOrder(fine);
    const coarse = new Map<string, PathTally>();
    for (const tally of fine) addTo(coarse, { ...tally, path: withoutStaff(tally.path) });
    return inOrder([...coarse.values()]).slice(0, MOST_PATHS);
  }
}

function addTo(paths: Map<string, PathTally>, { path, refunds, missing, failed }: PathTally): void {
  const key = JSON.stringify(path);
  const seen = paths.get(key);
  paths.set(key, {
    path,
    refunds: (seen?.refunds ?? 0) + refunds,
    missing: (seen?.missing ?? 0) + missing,
    failed: (seen?.failed ?? 0) + failed,
  });
}

/** Most refunds first, so that a cut drops the rarest; ties by text, so that the order is fixed. */
function inOrder(tallies: readonly PathTally[]): PathTally[] {
  return tallies.toSorted(
    (a, b) => b.refunds - a.refunds || (JSON.stringify(a.path) < JSON.stringify(b.path) ? -1 : 1),
  );
}

const MOST_PATHS = 300;

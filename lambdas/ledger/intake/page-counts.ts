import type { Observation } from "../../refund/observation/observation.ts";
import type { SourcePage } from "../../systems/source.ts";
import { idOf } from "./commit-page.ts";
import type { Committed } from "./commit-page.ts";

/**
 * The outcomes of the records that a run fetched: each is counted once, so that
 * fetched = added + edited + unchanged + repeated + skipped + unreadable.
 */
export type Accounts = {
  fetched: number;
  added: number;
  edited: number;
  /** Already known in the same version. */
  unchanged: number;
  /** Twice in one page. */
  repeated: number;
  /** Left out on purpose, such as test orders. */
  skipped: number;
  unreadable: number;
};

export const NOTHING_FETCHED: Readonly<Accounts> = {
  fetched: 0,
  added: 0,
  edited: 0,
  unchanged: 0,
  repeated: 0,
  skipped: 0,
  unreadable: 0,
};

/** Adds the counts of a page that was stored. */
export function account(
  to: Accounts,
  page: SourcePage<Observation>,
  taken: Pick<Committed, "refused" | "outcomes"> & {
    /** Records of the page that were not in the last window. */
    readonly unseen: readonly Observation[];
    /** Number of repeats in the page. */
    readonly repeated: number;
  },
): void {
  to.fetched += page.fetched;
  to.skipped += Object.values(page.skipped).reduce((sum, count) => sum + count, 0);
  to.unreadable += page.rejected.length;
  to.repeated += taken.repeated;
  to.unchanged += page.observations.length - taken.repeated - taken.unseen.length;
  const refused = new Set(taken.refused.map(({ id }) => id));
  for (const seen of taken.unseen) {
    const id = idOf(seen);
    if (refused.has(id)) to.unreadable += 1;
    else to[taken.outcomes.get(id) ?? "unchanged"] += 1;
  }
}

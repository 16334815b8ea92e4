import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { excessOver } from "../../statistics/excess-rate.ts";
import type { Excess } from "../../statistics/excess-rate.ts";
import type { Instant } from "../../time/instant.ts";
import { QUARTER_MS, quarterOf } from "../rollup/quarters.ts";

/**
 * How much more often than usual refunds were lost around an instant, without the refund in
 * question. Two or three losses within an hour are too few for a burst, but they are seldom chance.
 */
export class LossesNearby {
  readonly #quarters: ReadonlyMap<number, { readonly refunds: number; readonly lost: number }>;
  readonly #usual: number;
  readonly #reach: number;

  /** @param cadence milliseconds between two batches, if there are any: a batch fails as a whole */
  constructor(rollups: readonly DailyRollup[], cadence: number | null) {
    const most = Math.min(MOST_REACH, Math.floor((cadence ?? 0) / (2 * QUARTER_MS)));
    this.#reach = Math.max(LEAST_REACH, most);
    const quarters = rollups.flatMap((rollup) => rollup.quarters);
    const refunds = quarters.reduce((total, [, count]) => total + count, 0);
    const lost = quarters.reduce((total, [, , count]) => total + count, 0);
    this.#quarters = new Map(
      quarters.map(([quarter, all, gone]) => [quarter, { refunds: all, lost: gone }]),
    );
    this.#usual = (lost + 1) / (refunds + 100);
  }

  around(at: Instant): Excess {
    const middle = quarterOf(at);
    let refunds = -1;
    let missing = -1;
    for (let quarter = middle - this.#reach; quarter <= middle + this.#reach; quarter += 1) {
      const seen = this.#quarters.get(quarter);
      refunds += seen?.refunds ?? 0;
      missing += seen?.lost ?? 0;
    }
    const others = { refunds: Math.max(0, refunds), missing: Math.max(0, missing) };
    return excessOver({ ...others, expected: others.refunds * this.#usual }, PRIOR);
  }
}

/** Quarters of an hour on each side: 75 minutes in all, or as long as a batch collects refunds. */
const LEAST_REACH = 2;
const MOST_REACH = 8;
/** `active`: the prior probability that a loss is part of a burst. */
const PRIOR = { active: 0.02, larger: null };

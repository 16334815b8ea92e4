import { atLeastBinomial } from "../../statistics/binomial.ts";
import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { learnMissRates } from "./miss-rates.ts";
import type { MissRates } from "./miss-rates.ts";

/**
 * Miss rates, and the bursts that they do not explain. A shop whose warehouse forgets two of three
 * refunds has periods every day that look like an outage. So each burst is compared with the losses
 * that the paths of its own refunds predict. A burst with no more losses than these is added to the
 * miss rates again.
 */
export function trueBursts(rollups: readonly DailyRollup[]): {
  readonly rates: MissRates;
  readonly bursts: readonly TrueBurst[];
} {
  const paths = rollups.flatMap((rollup) => rollup.paths);
  const first = learnMissRates(paths);
  const all = rollups.flatMap(({ bursts }) => bursts).map((burst) => weighed(burst, first));
  const usual = all.filter((burst) => burst.chance >= ALARM);
  return {
    bursts: all.filter((burst) => burst.chance < ALARM),
    rates:
      usual.length === 0
        ? first
        : learnMissRates([...paths, ...usual.flatMap((burst) => burst.paths)]),
  };
}

export type TrueBurst = DailyRollup["bursts"][number] & {
  /** The share of its refunds that was lost beyond what their paths predict, 0 to 1. */
  readonly excess: number;
};

function weighed(
  burst: DailyRollup["bursts"][number],
  rates: MissRates,
): TrueBurst & { readonly chance: number } {
  const { refunds, missing, paths } = burst;
  const known = paths.reduce((sum, one) => sum + one.refunds, 0);
  const expected = paths.reduce((sum, one) => sum + one.refunds * rateOf(one.path, rates), 0);
  const usual = known === 0 ? rates.base : expected / known;
  // The burst was chosen to begin and end with a loss, so these two losses are no evidence.
  const chance = atLeastBinomial(missing - 2, refunds - 2, usual);
  return { ...burst, chance, excess: Math.max(0, missing / refunds - usual) };
}

function rateOf(path: Parameters<MissRates["addedBy"]>[0], rates: MissRates): number {
  const added = rates.addedBy(path).reduce((sum, { rate }) => sum + rate, 0);
  return Math.min(0.99, rates.base + added);
}

const ALARM = 0.001;

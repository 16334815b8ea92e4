import { atLeastBinomial } from "../../statistics/binomial.ts";
import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { learnMissRates } from "./miss-rates.ts";
import type { MissRates } from "./miss-rates.ts";

/**
 * Miss rates, and the bursts that they do not explain. A shop whose warehouse forgets two refunds of
 * three has stretches every day that look like an outage; so a stretch is weighed against what the ways
 * of its own refunds would lose, and one that is no more than that goes back into the rates.
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
  /** Of its refunds, the share that was lost beyond what their ways lose, 0 to 1. */
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
  // Its two ends are losses by choice, so they are no evidence.
  const chance = atLeastBinomial(missing - 2, refunds - 2, usual);
  return { ...burst, chance, excess: Math.max(0, missing / refunds - usual) };
}

function rateOf(path: Parameters<MissRates["addedBy"]>[0], rates: MissRates): number {
  const added = rates.addedBy(path).reduce((sum, { rate }) => sum + rate, 0);
  return Math.min(0.99, rates.base + added);
}

const ALARM = 0.001;

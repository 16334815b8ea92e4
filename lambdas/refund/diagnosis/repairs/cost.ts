import { Money } from "../../money/money.ts";
import type { Amount } from "../../money/amount.ts";

/** The cost of working a cohort by hand, and the money at risk, by the brand's own assumptions. */
export function costOf({ count, exposure }: Worked, assumed: CostAssumptions): Cost {
  const minutes = count * assumed.minutesPerException;
  const work = Money.of(assumed.hourlyRate, assumed.currency).times(minutes).dividedBy(60);
  return { minutes, work: work.rounded("half-up").toString(), atRisk: exposure };
}

export function costed<One extends Worked>(cohort: One, assumed: CostAssumptions): Costed<One> {
  const { minutes, work } = costOf(cohort, assumed);
  return { ...cohort, cost: { minutes, work } };
}

export type Costed<One> = One & { readonly cost: Pick<Cost, "minutes" | "work"> };

/**
 * What a repair has saved so far: the work on the exceptions that the old rate predicts and that
 * did not occur.
 */
export function savedBy({ before, after }: RateChange, assumed: CostAssumptions): Cost {
  const expected = before.tries === 0 ? 0 : (after.tries * before.hits) / before.tries;
  const avoided = Math.max(0, Math.round(expected - after.hits));
  return costOf({ count: avoided, exposure: Money.zero(assumed.currency).toString() }, assumed);
}

export type Worked = { readonly count: number; readonly exposure: Amount };
export type CostAssumptions = {
  readonly minutesPerException: number;
  readonly hourlyRate: Amount;
  readonly currency: string;
};
export type Cost = {
  readonly minutes: number;
  /** In the brand's currency. */
  readonly work: Amount;
  readonly atRisk: Amount;
};

type RateChange = {
  readonly before: { readonly hits: number; readonly tries: number };
  readonly after: { readonly hits: number; readonly tries: number };
};

import { Money } from "../../money/money.ts";
import type { Amount } from "../../money/amount.ts";

/** What a cohort costs to work by hand, and what is at risk: by the brand's own assumptions. */
export function costOf({ count, exposure }: Worked, assumed: CostAssumptions): Cost {
  const minutes = count * assumed.minutesPerException;
  const work = Money.of(assumed.hourlyRate, assumed.currency).times(minutes).dividedBy(60);
  return { minutes, work: work.rounded("half-up").toString(), atRisk: exposure };
}

/** A cohort with what it costs. */
export function costed<One extends Worked>(cohort: One, assumed: CostAssumptions): Costed<One> {
  const { minutes, work } = costOf(cohort, assumed);
  return { ...cohort, cost: { minutes, work } };
}

export type Costed<One> = One & { readonly cost: Pick<Cost, "minutes" | "work"> };

/** What repairs have saved so far: the exceptions that would have come at the old rate, and did not. */
export function savedBy({ before, after }: RateChange, assumed: CostAssumptions): Cost {
  const expected = before.tries === 0 ? 0 : (after.tries * before.hits) / before.tries;
  const spared = Math.max(0, Math.round(expected - after.hits));
  return costOf({ count: spared, exposure: Money.zero(assumed.currency).toString() }, assumed);
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

import { logFactorial } from "./log-factorial.ts";

/**
 * When a rate rose, and how certain that is: a single change point in counts by day (Bayesian, with
 * a Beta-binomial before it and another one after it).
 *
 * Every day is a candidate, with the prior probability of one change in 400 days. The weights of all
 * candidates give the probability that there was a change, and the smallest set of days with nine
 * tenths of the weight. Days without tries say nothing, so they widen the range.
 *
 * @param days in order; no more hits than tries
 * @returns null where a rise is less likely than 95 %
 */
export function onsetOf(days: readonly DayCount[]): Onset | null {
  const all = sum(days);
  const steady = likelihood(all);
  const weights: number[] = [];
  const before = { hits: 0, tries: 0 };
  for (const [index, day] of days.entries()) {
    const after = { hits: all.hits - before.hits, tries: all.tries - before.tries };
    const rises = index > 0 && rateOf(after) > rateOf(before) && before.tries > 0;
    weights.push(
      rises ? HAZARD * Math.exp(likelihood({ ...before }) + likelihood(after) - steady) : 0,
    );
    before.hits += day.hits;
    before.tries += day.tries;
  }
  const total = weights.reduce((one, other) => one + other, 0);
  const certainty = Number.isFinite(total) ? total / (1 + total) : 1;
  if (certainty < CERTAIN) return null;
  const range = smallestSet(weights, total * RANGE);
  const [from, to] = [days[range.first]?.day ?? "", days[range.last]?.day ?? ""];
  const since = days.findIndex((_, index) => weights[index] === Math.max(...weights));
  return {
    from,
    to,
    likeliest: days[since]?.day ?? from,
    certainty,
    before: sum(days.slice(0, since)),
    after: sum(days.slice(since)),
  };
}

export type DayCount = {
  /** Local calendar day. */
  readonly day: string;
  readonly hits: number;
  readonly tries: number;
};

export type Onset = {
  /** The first and the last day of the 90 % range: the higher rate began on one of these days. */
  readonly from: string;
  readonly to: string;
  readonly likeliest: string;
  /** The probability that the rate rose at all. */
  readonly certainty: number;
  readonly before: Count;
  readonly after: Count;
};

type Count = { readonly hits: number; readonly tries: number };

/** The days with the largest weights that together have this weight, as first and last day. */
function smallestSet(
  weights: readonly number[],
  wanted: number,
): { readonly first: number; readonly last: number } {
  const inOrder = weights
    .map((weight, index) => ({ weight, index }))
    .toSorted((a, b) => b.weight - a.weight || a.index - b.index);
  let held = 0;
  const taken: number[] = [];
  for (const { weight, index } of inOrder) {
    if (held >= wanted && taken.length > 0) break;
    taken.push(index);
    held += weight;
  }
  return { first: Math.min(...taken), last: Math.max(...taken) };
}

/** The logarithm of the likelihood, averaged over all rates with Jeffreys' prior. */
function likelihood({ hits, tries }: Count): number {
  return logGammaHalf(hits) + logGammaHalf(tries - hits) - logFactorial(tries) - Math.log(Math.PI);
}

/** The natural logarithm of the gamma function at n + 1/2. */
function logGammaHalf(n: number): number {
  return logFactorial(2 * n) - n * Math.log(4) - logFactorial(n) + Math.log(Math.PI) / 2;
}

function rateOf({ hits, tries }: Count): number {
  return tries === 0 ? 0 : hits / tries;
}

function sum(days: readonly Count[]): Count {
  return days.reduce(
    (total, { hits, tries }) => ({ hits: total.hits + hits, tries: total.tries + tries }),
    { hits: 0, tries: 0 },
  );
}

const HAZARD = 1 / 400;
const CERTAIN = 0.95;
const RANGE = 0.9;

import { logChoose } from "./log-factorial.ts";

/**
 * Fisher's exact test of "more than by chance": the probability that a draw of `drawn` refunds from
 * `population` of which `special` are of a segment holds at least `seen` of that segment.
 *
 * Small means concentrated. Exact (hypergeometric upper tail), no approximation.
 */
export function atLeastByChance({ seen, drawn, special, population }: Draw): number {
  check({ seen, drawn, special, population });
  const most = Math.min(drawn, special);
  let tail = 0;
  for (let k = seen; k <= most; k += 1) tail += probability(k, drawn, special, population);
  return Math.min(1, tail);
}

type Draw = {
  readonly seen: number;
  readonly drawn: number;
  readonly special: number;
  readonly population: number;
};

function probability(k: number, drawn: number, special: number, population: number): number {
  return Math.exp(
    logChoose(special, k) +
      logChoose(population - special, drawn - k) -
      logChoose(population, drawn),
  );
}

function check({ seen, drawn, special, population }: Draw): void {
  if (seen > drawn || seen > special || drawn > population || special > population) {
    throw new RangeError(
      `not a draw: ${seen} seen of ${drawn} drawn from ${population} with ${special} special`,
    );
  }
}

import { logChoose } from "./log-factorial.ts";

/**
 * Fisher's exact test, one-sided. `drawn` refunds are drawn from `population`, of which `special`
 * belong to a segment. The result is the probability that at least `seen` of the drawn refunds
 * belong to that segment.
 *
 * A small result means that the segment is concentrated. It is the exact upper tail of the
 * hypergeometric distribution, not an approximation.
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
      `impossible draw: ${seen} seen of ${drawn} drawn from ${population} with ${special} special`,
    );
  }
}

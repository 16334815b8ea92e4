import { logChoose } from "./log-factorial.ts";

/** The probability of at least `hits` in `tries` when each hits with probability `p`. Exact. */
export function atLeastBinomial(hits: number, tries: number, p: number): number {
  if (hits <= 0) return 1;
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  let tail = 0;
  for (let k = hits; k <= tries; k += 1) {
    const term = Math.exp(logChoose(tries, k) + k * Math.log(p) + (tries - k) * Math.log1p(-p));
    tail += term;
    if (k > tries * p && term < tail * 1e-17) break;
  }
  return Math.min(1, tail);
}

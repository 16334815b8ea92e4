import type { DailyRollup } from "../rollup/daily-rollup.ts";

/**
 * The time between two batches, found from the arrival times of documents; null when documents
 * arrive all the time, or when too few arrived.
 *
 * For each usual cadence, the share of all arrivals in the busiest sixth of the cycle is computed.
 * The batch's cadence is the longest one that nearly all arrivals follow (they also follow its
 * half).
 */
export function batchCadence(rollups: readonly DailyRollup[]): number | null {
  const arrivals = new Map<number, number>();
  for (const rollup of rollups) {
    for (const [bin, count] of rollup.arrivals) arrivals.set(bin, (arrivals.get(bin) ?? 0) + count);
  }
  if (arrivals.size < LEAST_BINS) return null;
  const kept = CADENCES.filter((cadence) => busiestShare(arrivals, cadence) >= NEARLY_ALL);
  const longest = kept.at(-1);
  return longest === undefined ? null : longest * BIN_MS;
}

/** Counts the five-minute bins that had an arrival, so that one large batch does not dominate. */
function busiestShare(arrivals: ReadonlyMap<number, number>, cadence: number): number {
  const cycle = Array.from({ length: cadence }, () => 0);
  for (const bin of arrivals.keys()) cycle[bin % cadence] = (cycle[bin % cadence] ?? 0) + 1;
  const width = Math.max(1, Math.floor(cadence / 6));
  let busiest = 0;
  for (let start = 0; start < cadence; start += 1) {
    let inside = 0;
    for (let step = 0; step < width; step += 1) inside += cycle[(start + step) % cadence] ?? 0;
    busiest = Math.max(busiest, inside);
  }
  return busiest / arrivals.size;
}

export const BIN_MS = 300_000;
/** In bins of five minutes: from a quarter of an hour to a day. */
const CADENCES = [3, 6, 12, 24, 36, 48, 72, 96, 144, 288];
const LEAST_BINS = 12;
const NEARLY_ALL = 0.85;

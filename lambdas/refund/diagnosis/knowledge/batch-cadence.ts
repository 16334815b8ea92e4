import type { DailyRollup } from "../rollup/daily-rollup.ts";

/**
 * The time between two batches, found from when documents arrive; null when they arrive all the
 * time, or too few did to tell.
 *
 * For each usual cadence: how many of all arrivals fall into the busiest sixth of the cycle. The
 * longest cadence that nearly all keep to is the batch's own (they keep to its halves as well).
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

/** Counted by five-minute bins that had any arrival, so that one large batch is not all of them. */
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

const BIN_MS = 300_000;
/** In bins of five minutes: from half an hour to a day. */
const CADENCES = [6, 12, 24, 36, 48, 72, 96, 144, 288];
const LEAST_BINS = 12;
const NEARLY_ALL = 0.85;

import { joined, median } from "./runs.ts";

/**
 * A time in which the integration made no document although refunds waited for it: a weekend, a
 * month end, or an outage. `to` is one usual wait before its next document, so that a wait through a
 * rest looks like any other wait. Milliseconds since 1970.
 */
export type Rest = { readonly from: number; readonly to: number };

/**
 * The rests between the documents of the integration. A night without refunds is no rest: at least
 * three refunds must have begun in it and arrived after it.
 *
 * @param bins five-minute intervals since 1970 in which the integration made a document, ascending
 * @param waits when the money of refunds was settled, and how long the ERP took
 * @param cadence milliseconds between two batches; null where documents come all the time
 * @param until the end of what was read
 */
export function findRests({ bins, waits, cadence, until }: Arrivals): readonly Rest[] {
  const runs = joined(bins, ONE_RUN_MS);
  const gap = cadence ?? usualGap(runs);
  const wait = Math.min(gap, usualWait(waits));
  const rests: Rest[] = [];
  for (const [index, { to: from }] of runs.entries()) {
    const next = runs[index + 1]?.from ?? null;
    const end = next ?? until;
    if (end - from < LONGER * gap) continue;
    const waiting = waits.filter(
      (one) =>
        one.from >= from - wait &&
        one.from <= end - wait &&
        (next === null ? !one.arrived : one.arrived && one.from + one.ms >= end),
    );
    const refunds = waiting.reduce((sum, { count }) => sum + count, 0);
    // Until the next document comes, nobody knows when the rest ends.
    if (refunds >= SEVERAL) rests.push({ from, to: next === null ? until : next - wait });
  }
  return rests;
}

type Arrivals = {
  readonly bins: readonly number[];
  readonly waits: readonly {
    readonly from: number;
    /** Until it arrived, or until now. */
    readonly ms: number;
    readonly arrived: boolean;
    readonly count: number;
  }[];
  readonly cadence: number | null;
  readonly until: number;
};

/** The part of a wait in which the integration rested. */
export function restedBetween(rests: readonly Rest[], from: number, to: number): number {
  let rested = 0;
  for (const rest of rests) {
    rested += Math.max(0, Math.min(to, rest.to) - Math.max(from, rest.from));
  }
  return rested;
}

function usualGap(runs: readonly Rest[]): number {
  const gaps = runs.slice(1).map(({ from }, index) => from - (runs[index]?.to ?? from));
  return Math.max(LEAST_GAP_MS, median(gaps));
}

/** Twice the median: nearly all refunds wait no longer, even where a seventh of them meets a rest. */
function usualWait(waits: Arrivals["waits"]): number {
  const arrived = waits.filter((one) => one.arrived).toSorted((a, b) => a.ms - b.ms);
  let left = arrived.reduce((sum, { count }) => sum + count, 0) / 2;
  for (const { ms, count } of arrived) {
    left -= count;
    if (left <= 0) return 2 * ms;
  }
  return 0;
}

const ONE_RUN_MS = 30 * 60_000;
const LEAST_GAP_MS = 60 * 60_000;
/** So many usual gaps without a document are a rest. */
const LONGER = 1.8;
const SEVERAL = 3;

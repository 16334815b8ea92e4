import type { Instant } from "../../refund/time/instant.ts";
import type { WindowProgress } from "../store/source-state.ts";

export function newWindow(since: Instant, until: Instant, startedAt: Instant): WindowProgress {
  return {
    since,
    until,
    cursor: null,
    highWater: null,
    counted: 0,
    reported: null,
    leftOut: {},
    startedAt,
  };
}

export function fromBeginning(progress: WindowProgress): WindowProgress {
  return { ...progress, cursor: null, counted: 0, reported: null, leftOut: {} };
}

export function addCounts(one: Counts, other: Counts): Counts {
  const sums = { ...one };
  for (const [name, count] of Object.entries(other)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

type Counts = Readonly<Record<string, number>>;

export function sumOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}

export function latest(one: Instant | null, other: Instant | null): Instant | null {
  return one === null || (other !== null && other > one) ? other : one;
}

export function earliest(one: Instant | null, other: Instant): Instant | null {
  return one === null || one < other ? one : other;
}

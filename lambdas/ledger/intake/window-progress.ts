import type { Instant } from "../../refund/time/instant.ts";
import type { WindowProgress } from "../store/source-state.ts";

export function newWindow(since: Instant, until: Instant, startedAt: Instant): WindowProgress {
  return { since, until, cursor: null, highWater: null, counted: 0, reported: null, startedAt };
}

export function anew(stretch: WindowProgress): WindowProgress {
  return { ...stretch, cursor: null, counted: 0, reported: null };
}

export function sumOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}

export function latest(one: Instant | null, other: Instant | null): Instant | null {
  return one === null || (other !== null && other > one) ? other : one;
}

export function earliest(one: Instant | null, other: Instant): Instant | null {
  return one === null || one < other ? one : other;
}

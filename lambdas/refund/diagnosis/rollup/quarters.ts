import type { RefundOutcome } from "./bursts.ts";
import type { Instant } from "../../time/instant.ts";

/** Refunds and losses of a day by quarter of an hour. */
export function quartersOf(passed: readonly RefundOutcome[]): [number, number, number][] {
  const quarters = new Map<number, [number, number, number]>();
  for (const { at, missing } of passed) {
    const quarter = quarterOf(at);
    const [, refunds, lost] = quarters.get(quarter) ?? [quarter, 0, 0];
    quarters.set(quarter, [quarter, refunds + 1, lost + (missing ? 1 : 0)]);
  }
  return [...quarters.values()].toSorted(([a], [b]) => a - b);
}

export function quarterOf(at: Instant): number {
  return Math.floor(Date.parse(at) / QUARTER_MS);
}

export const QUARTER_MS = 900_000;

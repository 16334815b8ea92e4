import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { SEGMENT_KEYS } from "../features/features.ts";
import type { Features, SegmentKey } from "../features/features.ts";
import { processRisks } from "../patterns/process-risks.ts";
import type { WorkflowPath } from "../features/workflow-path.ts";

/** All refunds of the last days by segment, failed or not: the base of every rate. */
export class Population {
  readonly all: number;
  readonly #segments: ReadonlyMap<SegmentKey, ReadonlyMap<string, number>>;
  readonly #paths: readonly { readonly path: WorkflowPath; readonly refunds: number }[];

  constructor(rollups: readonly DailyRollup[]) {
    this.all = rollups.reduce((total, { refunds }) => total + refunds, 0);
    this.#paths = rollups.flatMap(({ paths }) => paths);
    this.#segments = new Map(
      SEGMENT_KEYS.map((key) => [key, sumUp(rollups.map(({ segments }) => segments[key] ?? {}))]),
    );
  }

  /** How many refunds are of this one segment. */
  of(key: SegmentKey, value: string): number {
    return this.#segments.get(key)?.get(value) ?? 0;
  }

  /** Refunds of which this feature is known; refunds with an unknown feature count in no base. */
  known(key: SegmentKey): number {
    let total = 0;
    for (const refunds of this.#segments.get(key)?.values() ?? []) total += refunds;
    return total;
  }

  values(key: SegmentKey): ReadonlyMap<string, number> {
    return this.#segments.get(key) ?? new Map<string, number>();
  }

  /** Refunds on a path with the risk of this process pattern; 0 for all other patterns. */
  atRiskOf(pattern: string): number {
    let total = 0;
    for (const { path, refunds } of this.#paths) {
      if (processRisks(path).some((risk) => risk.pattern === pattern)) total += refunds;
    }
    return total;
  }

  /** Refunds that are in all these segments; null where the roll-ups do not combine them. */
  ofAll(segment: ReadonlyMap<SegmentKey, string>): number | null {
    const wanted = [...segment];
    const [only] = wanted;
    if (only === undefined) return this.all;
    if (wanted.length === 1) return this.of(...only);
    if (!wanted.every(([key]) => COUNTED_TOGETHER.has(key))) return null;
    let total = 0;
    for (const { path, refunds } of this.#paths) {
      if (wanted.every(([key, value]) => COUNTED_TOGETHER.get(key)?.(path) === value))
        total += refunds;
    }
    return total;
  }
}

/** Whether a refund with these features is of the segment. */
export function isOf(features: Features | null, segment: ReadonlyMap<SegmentKey, string>): boolean {
  if (features === null) return segment.size === 0;
  return [...segment].every(([key, value]) => features.segments[key] === value);
}

export const COUNTED_TOGETHER: ReadonlyMap<SegmentKey, (path: WorkflowPath) => string | null> =
  new Map([
    ["channel", (path) => path.channel],
    ["location", (path) => path.location],
    ["gateway", (path) => path.gateway],
    ["staff", (path) => path.staff],
  ]);

function sumUp(
  days: readonly Readonly<Record<string, { readonly refunds: number }>>[],
): Map<string, number> {
  const total = new Map<string, number>();
  for (const day of days) {
    for (const [value, { refunds }] of Object.entries(day)) {
      total.set(value, (total.get(value) ?? 0) + refunds);
    }
  }
  return total;
}

import { COUNTED_TOGETHER, isOf } from "./population.ts";
import type { Population } from "./population.ts";
import { SEGMENT_KEYS } from "../features/features.ts";
import type { SegmentKey } from "../features/features.ts";
import { atLeastByChance } from "../../statistics/fisher.ts";
import type { DiagnosedException } from "../hypotheses/diagnosed-exception.ts";

export type Segment = ReadonlyMap<SegmentKey, string>;

/**
 * The segment where the exceptions are most concentrated, by an exact test against all refunds,
 * corrected for the number of segments tried; null when they are spread like all refunds.
 */
export function mostConcentrated(
  exceptions: readonly DiagnosedException[],
  population: Population,
): Concentration | null {
  const singles = candidates(exceptions).map((segment) =>
    concentrationIn(segment, exceptions, population),
  );
  const tried = singles.length;
  const best = strongest(singles, tried);
  if (best === null) return null;
  return narrower(best, exceptions, population, tried);
}

/** Compares a segment's share of the exceptions with its share of all refunds. */
export function concentrationIn(
  segment: Segment,
  exceptions: readonly DiagnosedException[],
  population: Population,
): Concentration {
  const [key] = segment.keys();
  const known = exceptions.filter(
    ({ features }) => key !== undefined && features !== null && features.segments[key] !== null,
  );
  const seen = known.filter(({ features }) => isOf(features, segment)).length;
  const special = Math.max(seen, population.ofAll(segment) ?? 0);
  const all = Math.max(
    known.length + special - seen,
    key === undefined ? 0 : population.known(key),
  );
  const expected = all === 0 ? 0 : (known.length * special) / all;
  return {
    segment,
    seen,
    exceptions: known.length,
    special,
    all,
    lift: expected === 0 ? 0 : seen / expected,
    weight: weightOf({ seen, drawn: known.length, special, all }),
    chance:
      known.length === 0
        ? 1
        : atLeastByChance({ seen, drawn: known.length, special, population: all }),
  };
}

export type Concentration = {
  readonly segment: Segment;
  readonly seen: number;
  /** The exceptions of which the feature is known. */
  readonly exceptions: number;
  /** `special`: all refunds of the segment; `all`: all refunds of which the feature is known. */
  readonly special: number;
  readonly all: number;
  /** The number seen, divided by the number expected from the share of all refunds. */
  readonly lift: number;
  /** How much better this segment explains the exceptions than an even spread does. */
  readonly weight: number;
  /** p-value: at least so many by chance; not yet corrected for the number of segments tried. */
  readonly chance: number;
};

export const LEAST_LIFT = 1.8;
const SURE = 0.001;
export const LEAST_COUNT = 4;

function candidates(exceptions: readonly DiagnosedException[]): Segment[] {
  const found = new Map<string, Segment>();
  for (const { features } of exceptions) {
    for (const key of SEGMENT_KEYS) {
      const value = features?.segments[key] ?? null;
      if (value !== null) found.set(`${key}=${value}`, new Map([[key, value]]));
    }
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, segment]) => segment);
}

function strongest(found: readonly Concentration[], tried: number): Concentration | null {
  const sure = found.filter(
    ({ seen, lift, chance }) => seen >= LEAST_COUNT && lift >= LEAST_LIFT && chance * tried < SURE,
  );
  return sure.toSorted((a, b) => b.weight - a.weight || b.seen - a.seen)[0] ?? null;
}

/** The same segment with one more feature, when that explains the exceptions clearly better. */
function narrower(
  best: Concentration,
  exceptions: readonly DiagnosedException[],
  population: Population,
  tried: number,
): Concentration {
  const [first] = best.segment.keys();
  if (first === undefined || !COUNTED_TOGETHER.has(first)) return best;
  const inside = exceptions.filter(({ features }) => isOf(features, best.segment));
  const pairs = candidates(inside).flatMap((segment) => {
    const [key] = segment.keys();
    if (key === undefined || key === first || !COUNTED_TOGETHER.has(key)) return [];
    return [concentrationIn(new Map([...best.segment, ...segment]), exceptions, population)];
  });
  const finer = strongest(pairs, tried + pairs.length);
  const clearly =
    finer !== null && finer.weight > best.weight + LEAST_GAIN && finer.seen >= best.seen * 0.8;
  return clearly ? finer : best;
}

/** Log-likelihood ratio of "the segment has its own rate" against "one rate for all". */
function weightOf({
  seen,
  drawn,
  special,
  all,
}: Record<"seen" | "drawn" | "special" | "all", number>): number {
  if (all === 0 || special === 0) return 0;
  const rest = all - special;
  const overall = drawn / all;
  if (seen / special <= overall) return 0;
  return (
    logLikelihood(seen, special) + logLikelihood(drawn - seen, rest) - logLikelihood(drawn, all)
  );
}

function logLikelihood(hits: number, tries: number): number {
  if (tries <= 0 || hits <= 0 || hits >= tries) return 0;
  return hits * Math.log(hits / tries) + (tries - hits) * Math.log1p(-hits / tries);
}

const LEAST_GAIN = 3;

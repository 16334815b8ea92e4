import { COUNTED_TOGETHER } from "./population.ts";
import type { DailyRollup } from "../rollup/daily-rollup.ts";
import type { Failure } from "../features/failure.ts";
import { SEGMENT_KEYS } from "../features/features.ts";
import type { SegmentKey } from "../features/features.ts";
import type { Share } from "../../statistics/proportion.ts";

/**
 * How many of a segment's refunds failed in this way on these days. Where the segment has several
 * keys, the roll-ups count only misses separately; any other failure gives the count of all
 * failures.
 */
export function countFailed(
  rollups: readonly DailyRollup[],
  segment: Readonly<Partial<Record<SegmentKey, string>>>,
  failure: Failure,
): Share {
  const wanted = SEGMENT_KEYS.flatMap((key) => {
    const value = segment[key];
    return value === undefined ? [] : [{ key, value }];
  });
  const [first, second] = wanted;
  let hits = 0;
  let tries = 0;
  for (const rollup of rollups) {
    const seen =
      first === undefined
        ? { refunds: rollup.refunds, failed: rollup.failed[failure]?.count ?? 0 }
        : second === undefined
          ? single(rollup, first.key, first.value, failure)
          : together(rollup, wanted, failure);
    hits += seen.failed;
    tries += seen.refunds;
  }
  // An orphan document is a failure but belongs to no refund, so hits may exceed the refunds.
  return { hits: Math.min(hits, tries), tries };
}

type Seen = { readonly refunds: number; readonly failed: number };

function single({ segments }: DailyRollup, key: SegmentKey, value: string, failure: Failure): Seen {
  const tally = segments[key]?.[value];
  return { refunds: tally?.refunds ?? 0, failed: tally?.failed[failure] ?? 0 };
}

function together(
  { paths }: DailyRollup,
  wanted: readonly { readonly key: SegmentKey; readonly value: string }[],
  failure: Failure,
): Seen {
  const inside = paths.filter(({ path }) =>
    wanted.every(({ key, value }) => COUNTED_TOGETHER.get(key)?.(path) === value),
  );
  return inside.reduce(
    (total, { refunds, missing, failed }) => ({
      refunds: total.refunds + refunds,
      failed: total.failed + (failure === "missing" ? missing : failed),
    }),
    { refunds: 0, failed: 0 },
  );
}

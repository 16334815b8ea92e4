/**
 * The bucket of a lag. Lags are counted in buckets, so that a day needs only a few numbers for any
 * number of refunds. A bucket has one minute up to a quarter of an hour, then a quarter of an hour
 * up to one day, one hour up to three days and six hours up to thirty days.
 */
export function lagBucket(gapMs: number): number {
  const at = ENDS.findIndex((end) => gapMs <= end);
  return at === -1 ? ENDS.length - 1 : at;
}

/** The longest lag in a bucket, in milliseconds. */
export function bucketEnd(bucket: number): number {
  return ENDS[bucket] ?? ENDS.at(-1) ?? 0;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ENDS: readonly number[] = [
  ...steps(0, 15 * MINUTE, MINUTE),
  ...steps(15 * MINUTE, 24 * HOUR, 15 * MINUTE),
  ...steps(24 * HOUR, 72 * HOUR, HOUR),
  ...steps(72 * HOUR, 720 * HOUR, 6 * HOUR),
];

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by }, (_, index) => from + (index + 1) * by);
}

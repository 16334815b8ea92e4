/**
 * The lags of refunds in buckets, so that a day's are a few numbers however many refunds it had:
 * a minute each up to a quarter of an hour, then quarters up to a day, hours up to three, six hours
 * up to thirty days.
 */
export function lagBucket(gapMs: number): number {
  const at = ENDS.findIndex((end) => gapMs <= end);
  return at === -1 ? ENDS.length - 1 : at;
}

/** The latest lag that falls into a bucket, milliseconds. */
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

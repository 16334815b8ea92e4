/**
 * Shopify's rate limit for one app and shop: a bucket of points, which fills at a steady rate.
 *
 * A query that requests more points than the bucket has is throttled. An answered query pays the
 * actual cost of its answer.
 */
export function bucket({ maximum, restore, now }: Rate): Bucket {
  let available = maximum;
  let at = now();
  const level = (): number => {
    const later = now();
    available = Math.min(maximum, available + (Math.max(0, later - at) / 1_000) * restore);
    at = later;
    return available;
  };
  return {
    affords: (requested) => requested <= level(),
    pay: (actual) => {
      available = Math.max(0, level() - actual);
    },
    status: () => ({
      maximumAvailable: maximum,
      currentlyAvailable: Math.floor(level()),
      restoreRate: restore,
    }),
  };
}

export type Rate = {
  readonly maximum: number;
  /** Points a second. */
  readonly restore: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
};

export type Bucket = {
  affords(requested: number): boolean;
  pay(actual: number): void;
  status(): { maximumAvailable: number; currentlyAvailable: number; restoreRate: number };
};

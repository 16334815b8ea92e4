import * as z from "zod";
import type { Log } from "../../../log.ts";

/**
 * Keeps the client below Shopify's rate limit. Each app and shop has a bucket of points, which
 * fills at a steady rate.
 *
 * Before a query, it waits until the points left after the last answer and the points restored
 * since then cover the expected cost. After a throttled answer, it waits until the missing points
 * are restored. A throttled query costs nothing.
 */
export function pacer(options: {
  readonly log: Log;
  readonly wait: (ms: number) => Promise<void>;
  /** Milliseconds of a clock that only ever goes forward. */
  readonly now: () => number;
}): Pacer {
  const { log, wait, now } = options;
  let bucket: { readonly status: ThrottleStatus; readonly at: number } | null = null;
  let spent = 0;
  return {
    spent: () => spent,
    most: () => bucket?.status.maximumAvailable ?? null,
    left: () => bucket?.status.currentlyAvailable ?? null,
    before: async (expected) => {
      if (bucket === null) return;
      const { status, at } = bucket;
      const restored = ((now() - at) / 1_000) * status.restoreRate;
      const missing = Math.min(expected, status.maximumAvailable) - status.currentlyAvailable;
      if (missing > restored) await wait(waitMs(missing - restored, status.restoreRate));
    },
    after: (question, cost) => {
      bucket = { status: cost.throttleStatus, at: now() };
      const points = cost.actualQueryCost ?? cost.requestedQueryCost;
      spent += points;
      log({
        level: "info",
        code: "SHOPIFY_COST",
        sentence: `${question} cost ${points} points`,
        facts: {
          requested: cost.requestedQueryCost,
          actual: cost.actualQueryCost ?? null,
          left: cost.throttleStatus.currentlyAvailable,
          restoreRate: cost.throttleStatus.restoreRate,
        },
      });
    },
    throttled: async (cost) => {
      if (cost === null) return wait(NO_FIGURES_MS);
      const { currentlyAvailable, restoreRate } = cost.throttleStatus;
      bucket = null;
      return wait(waitMs(cost.requestedQueryCost - currentlyAvailable, restoreRate));
    },
  };
}

export type Pacer = {
  /** Waits until the bucket has enough points for the expected cost. */
  before(expected: number): Promise<void>;
  /** Records the cost of a query. */
  after(question: string, cost: Cost): void;
  /** Waits until the points that a throttled query needed are restored. */
  throttled(cost: Cost | null): Promise<void>;
  /** Points paid so far. */
  spent(): number;
  /** The size of the bucket, null until it is known: no query can cost more. */
  most(): number | null;
  /** Points left after the last answer, null until it is known. */
  left(): number | null;
};

export type Cost = z.output<typeof costSchema>;
type ThrottleStatus = Cost["throttleStatus"];

export const costSchema = z.object({
  requestedQueryCost: z.number().nonnegative(),
  actualQueryCost: z.number().nonnegative().nullish(),
  throttleStatus: z.object({
    maximumAvailable: z.number().nonnegative(),
    currentlyAvailable: z.number(),
    restoreRate: z.number(),
  }),
});

/** At least a second; a fixed pause for a bucket whose reported rate is zero. */
function waitMs(missing: number, restoreRate: number): number {
  if (restoreRate <= 0) return NO_FIGURES_MS;
  return Math.min(LONGEST_MS, Math.max(1_000, Math.ceil((missing / restoreRate) * 1_000)));
}

const NO_FIGURES_MS = 5_000;
const LONGEST_MS = 60_000;

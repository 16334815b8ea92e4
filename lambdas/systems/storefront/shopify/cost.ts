import * as z from "zod";
import type { Log } from "../../../log.ts";

/**
 * Keeps within Shopify's points: a bucket per app and shop that fills at a steady rate.
 *
 * Before a question it waits until what the last answer left, and what has flowed in since, covers
 * the expected cost; after a throttled answer it waits for what was missing. A throttled question
 * costs nothing.
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
    before: async (expected) => {
      if (bucket === null) return;
      const { status, at } = bucket;
      const flowed = ((now() - at) / 1_000) * status.restoreRate;
      const missing = Math.min(expected, status.maximumAvailable) - status.currentlyAvailable;
      if (missing > flowed) await wait(waitMs(missing - flowed, status.restoreRate));
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
  /** Waits until the expected cost can be paid. */
  before(expected: number): Promise<void>;
  /** Takes note of what a question cost. */
  after(question: string, cost: Cost): void;
  /** Waits for what a throttled question lacked. */
  throttled(cost: Cost | null): Promise<void>;
  /** Points paid so far. */
  spent(): number;
  /** The size of the bucket, once known: no question can cost more. */
  most(): number | null;
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

/** At least a second; a bucket that says it does not fill is asked again now and then. */
function waitMs(missing: number, restoreRate: number): number {
  if (restoreRate <= 0) return NO_FIGURES_MS;
  return Math.min(LONGEST_MS, Math.max(1_000, Math.ceil((missing / restoreRate) * 1_000)));
}

const NO_FIGURES_MS = 5_000;
const LONGEST_MS = 60_000;

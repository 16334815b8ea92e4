import type { Log } from "../../../log.ts";

/**
 * Keeps the client below the shop's quota, by the headers of BigCommerce's answers. All apps of a
 * shop share the quota (150 requests in 30 seconds on the smaller plans), so a tenth of it is left
 * for the others.
 *
 * Source: BigCommerce, API rate limits (`X-Rate-Limit-Requests-Left`, `-Requests-Quota`,
 * `-Time-Reset-Ms`).
 */
export function quota(options: {
  readonly log: Log;
  readonly wait: (ms: number) => Promise<void>;
}): Quota {
  let last: { readonly left: number; readonly of: number; readonly resetMs: number } | null = null;
  return {
    before: async () => {
      if (last === null || last.left > last.of * SHARE_OF_OTHERS) return;
      const pauseMs = last.resetMs;
      last = null;
      const sentence = "BigCommerce's quota is nearly used up; waiting until it is full again";
      options.log({ level: "info", code: "BIGCOMMERCE_QUOTA", sentence, facts: { pauseMs } });
      await options.wait(pauseMs);
    },
    after: (headers) => {
      const left = numberIn(headers, "x-rate-limit-requests-left");
      const of = numberIn(headers, "x-rate-limit-requests-quota");
      const resetMs = numberIn(headers, RESET_HEADER);
      const isKnown = left !== null && of !== null && resetMs !== null && resetMs <= LONGEST_MS;
      last = isKnown ? { left, of, resetMs } : null;
    },
    left: () => (last === null ? null : { left: last.left, of: last.of, unit: "requests" }),
  };
}

export type Quota = {
  /** Waits until the shop's quota allows a request. */
  before(): Promise<void>;
  after(headers: Headers): void;
  left(): { readonly left: number; readonly of: number; readonly unit: string } | null;
};

/** Milliseconds until the quota is full again. An answer 429 without it means that all is busy. */
export const RESET_HEADER = "x-rate-limit-time-reset-ms";

function numberIn(headers: Headers, name: string): number | null {
  const text = headers.get(name)?.trim() ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

const SHARE_OF_OTHERS = 0.1;
/** A window has 30 seconds; a longer time in the header is a mistake. */
const LONGEST_MS = 120_000;

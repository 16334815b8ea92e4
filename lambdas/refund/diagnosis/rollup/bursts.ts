import * as z from "zod";
import { atLeastBinomial } from "../../statistics/binomial.ts";
import type { Instant } from "../../time/instant.ts";

/**
 * Periods of a day in which refunds of every kind were lost far more often than in the rest of the
 * day: the sign of dropped calls and of an integration that is down. Single losses are no burst,
 * even if there are many.
 */
export type Burst = z.infer<typeof burstSchema>;
export const burstSchema = z.object({
  from: z.string(),
  to: z.string(),
  refunds: z.int(),
  missing: z.int(),
});

export function burstsOf(outcomes: readonly RefundOutcome[]): Burst[] {
  const inOrder = outcomes.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const found: Burst[] = [];
  let rest = inOrder;
  for (let round = 0; round < MOST_BURSTS; round += 1) {
    const leastLikely = leastLikelyPeriod(rest);
    if (leastLikely === null) break;
    found.push(leastLikely);
    rest = rest.filter(({ at }) => at < leastLikely.from || at > leastLikely.to);
  }
  return found.toSorted((a, b) => (a.from < b.from ? -1 : 1));
}

/** Whether an instant is inside one of the bursts. */
export function isWithin(bursts: readonly Burst[], at: Instant): boolean {
  return bursts.some(({ from, to }) => from <= at && at <= to);
}

export type RefundOutcome = { readonly at: Instant; readonly missing: boolean };

/** Of all periods from one loss to another, the one that is least likely by chance. */
function leastLikelyPeriod(outcomes: readonly RefundOutcome[]): Burst | null {
  const losses = outcomes.flatMap(({ missing }, index) => (missing ? [index] : []));
  let leastLikely: (Burst & { readonly chance: number }) | null = null;
  const tried = (losses.length * (losses.length - 1)) / 2;
  for (let i = 0; i < losses.length; i += 1) {
    for (let missing = LEAST_LOSSES; i + missing <= losses.length; missing = longer(missing)) {
      const [first, last] = [losses[i] ?? 0, losses[i + missing - 1] ?? 0];
      const refunds = last - first + 1;
      if (missing < refunds * LEAST_SHARE) continue;
      const elsewhere = (losses.length - missing + 1) / (outcomes.length - refunds + 20);
      // The period was chosen to begin and end with a loss, so these two losses are no evidence.
      const chance = tried * atLeastBinomial(missing - 2, refunds - 2, Math.min(0.9, elsewhere));
      if (chance < ALARM && chance < (leastLikely?.chance ?? 1)) {
        const [from, to] = [outcomes[first]?.at ?? "", outcomes[last]?.at ?? ""];
        leastLikely = { from, to, refunds, missing, chance };
      }
    }
  }
  if (leastLikely === null) return null;
  const { from, to, refunds, missing } = leastLikely;
  return { from, to, refunds, missing };
}

/**
 * Lengths grow by a fifth, so that a day on which the ERP was down does not take long to search.
 */
function longer(missing: number): number {
  return missing + Math.max(1, Math.floor(missing / 5));
}

const LEAST_LOSSES = 4;
const LEAST_SHARE = 0.5;
const ALARM = 0.001;
const MOST_BURSTS = 5;

import type { DailyRollup } from "../rollup/daily-rollup.ts";

/** Of the refunds to which a slip would make a difference, how many show just that one. */
export type SlipTally = { readonly applies: number; readonly shown: number };

export function totalSlips(rollups: readonly DailyRollup[]): ReadonlyMap<string, SlipTally> {
  const total = new Map<string, SlipTally>();
  for (const { slips } of rollups) {
    for (const [slip, { applies, shown }] of Object.entries(slips)) {
      const seen = total.get(slip);
      total.set(slip, {
        applies: (seen?.applies ?? 0) + applies,
        shown: (seen?.shown ?? 0) + shown,
      });
    }
  }
  return total;
}

import type { DailyRollup } from "../rollup/daily-rollup.ts";

/** Of the refunds to which a formula would make a difference, how many show this difference. */
export type FormulaTotals = { readonly applies: number; readonly shown: number };

export function totalFormulas(rollups: readonly DailyRollup[]): ReadonlyMap<string, FormulaTotals> {
  const total = new Map<string, FormulaTotals>();
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

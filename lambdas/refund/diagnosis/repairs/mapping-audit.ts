import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { atLeastByChance } from "../../statistics/fisher.ts";
import { MAPPED_FIELDS } from "../features/field-mapping.ts";
import type { MappedField, MappingTally } from "../features/field-mapping.ts";

/**
 * The mapping audit of one refund type: for each field, how often it is filled, how often it
 * agrees, and the day on which it began to fail, if it worked before.
 */
export function mappingAudit(
  rollups: readonly DailyRollup[],
  type: string,
): readonly AuditedField[] {
  const inOrder = rollups.toSorted((a, b) => (a.day < b.day ? -1 : 1));
  return MAPPED_FIELDS.flatMap((field) => {
    const days = inOrder.flatMap(({ day, mapping }) => {
      const tally = mapping[type]?.[field];
      return tally === undefined ? [] : [{ day, tally }];
    });
    if (days.length === 0) return [];
    return [{ field, ...sumUp(days.map(({ tally }) => tally)), brokeOn: breakOf(days) }];
  });
}

export type AuditedField = MappingTally & {
  readonly field: MappedField;
  /** Local calendar day; null when the field never worked, or never began to fail. */
  readonly brokeOn: string | null;
};

type Day = { readonly day: string; readonly tally: MappingTally };

/**
 * The day from which it disagrees significantly more often than before; the lowest p-value wins.
 */
function breakOf(days: readonly Day[]): string | null {
  const all = sumUp(days.map(({ tally }) => tally));
  const wrong = all.refunds - all.agreed;
  if (wrong === 0) return null;
  let mostSignificant: { readonly day: string; readonly chance: number } | null = null;
  for (let split = 1; split < days.length; split += 1) {
    const after = sumUp(days.slice(split).map(({ tally }) => tally));
    const chance = atLeastByChance({
      seen: after.refunds - after.agreed,
      drawn: after.refunds,
      special: wrong,
      population: all.refunds,
    });
    const day = days[split]?.day ?? "";
    if (chance * days.length < 0.001 && chance < (mostSignificant?.chance ?? 1))
      mostSignificant = { day, chance };
  }
  return mostSignificant?.day ?? null;
}

function sumUp(tallies: readonly MappingTally[]): MappingTally {
  return tallies.reduce(
    (total, { refunds, filled, agreed }) => ({
      refunds: total.refunds + refunds,
      filled: total.filled + filled,
      agreed: total.agreed + agreed,
    }),
    { refunds: 0, filled: 0, agreed: 0 },
  );
}

import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { onsetOf } from "../../statistics/change-point.ts";
import type { Onset } from "../../statistics/change-point.ts";
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
    return [{ field, ...sumUp(days.map(({ tally }) => tally)), broke: breakOf(days) }];
  });
}

export type AuditedField = MappingTally & {
  readonly field: MappedField;
  /** Null when the field never worked, or never began to fail. */
  readonly broke: Onset | null;
};

type Day = { readonly day: string; readonly tally: MappingTally };

function breakOf(days: readonly Day[]): Onset | null {
  return onsetOf(
    days.map(({ day, tally }) => ({
      day,
      hits: tally.refunds - tally.agreed,
      tries: tally.refunds,
    })),
  );
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

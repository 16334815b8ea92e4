import { differenceOf } from "../difference.ts";
import { amountOf } from "../minor-units.ts";
import { drift } from "../rounding-case.ts";
import type { SyncRecord } from "../sync-record.ts";

/**
 * Cents of difference, reproducible: prorated tax, shipping credit, loyalty share rounded one by one.
 */
export function roundingDrift(record: SyncRecord): string | null {
  const difference = differenceOf(record);
  if (difference === null || difference.units === 0 || record.refund === null) return null;
  if (Math.abs(difference.units) > drift(record.refund)) return null;
  const { units, currency } = difference;
  return `The difference is ${amountOf(units, currency)} ${currency}, no more than rounding can make over ${record.refund.lines.length} line(s).`;
}

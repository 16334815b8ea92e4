import type { RecordFacts } from "../features/record-facts.ts";
import { amountOf, minorUnits } from "../../money/minor-units.ts";
import type { StorefrontRefund } from "../../observation/observation.ts";
import { drift } from "../rounding/rounding-case.ts";
import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * The sides differ by cents, and the difference is reproducible: prorated tax, shipping credit and
 * loyalty share are rounded one by one.
 */
export function roundingDrift({ record, difference }: RecordFacts): string | null {
  if (difference === null || record.refund === null) return null;
  if (difference.units === 0) return driftInside(record, record.refund);
  if (Math.abs(difference.units) > drift(record.refund)) return null;
  const { units, currency } = difference;
  return `The difference is ${amountOf(units, currency)} ${currency}. Rounding of ${record.refund.lines.length} line(s) can explain this amount.`;
}

/**
 * The totals agree, but one part differs by cents: the ERP rounded this part differently and
 * balanced the total.
 */
function driftInside({ mismatches }: SyncRecord, refund: StorefrontRefund): string | null {
  const parts = mismatches.filter(({ kind }) => PARTS.has(kind));
  const [first] = parts;
  if (first === undefined || mismatches.some(({ hidden }) => hidden === true)) return null;
  const most = drift(refund);
  if (parts.some(({ difference }) => Math.abs(minorUnits(difference)) > most)) return null;
  return `The totals agree, but the ${first.kind} in them differs by ${first.difference} ${first.currency}. Rounding can explain this amount.`;
}

const PARTS: ReadonlySet<string> = new Set(["tax", "shipping", "discount"]);

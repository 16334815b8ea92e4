import { formulaOf } from "../features/difference-formula.ts";
import { amountOf } from "../../money/minor-units.ts";
import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * The difference equals the discount that the storefront took off the returned lines: the ERP
 * expected the base price.
 */
export function promoMismatch(record: SyncRecord): string | null {
  const shown = formulaOf(record);
  if (shown === null || !shown.slip.startsWith("discount_")) return null;
  const { units, currency } = shown.difference;
  const tax = shown.slip === "discount_ignored" ? "" : " and its tax";
  return `The ERP booked ${amountOf(units, currency)} ${currency} more: just the discount${tax} that the storefront took off the returned goods.`;
}

import type { RecordFacts } from "../features/record-facts.ts";
import { amountOf } from "../../money/minor-units.ts";

/**
 * The difference equals the discount that the storefront took off the returned lines: the ERP
 * expected the base price.
 */
export function promoMismatch({ formula, difference }: RecordFacts): string | null {
  if (formula === null || difference === null || !formula.startsWith("discount_")) return null;
  const { units, currency } = difference;
  const tax = formula === "discount_ignored" ? "" : " and its tax";
  return `The ERP booked ${amountOf(units, currency)} ${currency} more. This equals the discount${tax} that the storefront took off the returned goods.`;
}

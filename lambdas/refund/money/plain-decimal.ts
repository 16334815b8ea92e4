import { Decimal } from "decimal.js";

/**
 * The decimal of a JSON number, or of a text of one, without an exponent: "1.5e1" becomes "15".
 *
 * @param digits round half up to so many digits behind the point; exact where absent
 */
export function plainDecimal(text: string, digits?: number): string {
  const exact = new Decimal(text);
  const rounded =
    digits === undefined ? exact : exact.toDecimalPlaces(digits, Decimal.ROUND_HALF_UP);
  return rounded.toFixed();
}

import { wholeUnits } from "./minor-units.ts";
import { minorDigits } from "./money.ts";
import type { Amount } from "./amount.ts";

/**
 * A canonical amount as a whole number of its currency's smallest unit, exact at any size. The
 * search for sums adds thousands of amounts, and `Money` would be too slow for it.
 */
export function exactUnits(amount: Amount, currency: string): bigint {
  const units = wholeUnits(amount, currency);
  if (units !== null) return BigInt(units);
  const [whole = "0", fraction = ""] = amount.split(".");
  return BigInt(`${whole}${fraction.padEnd(minorDigits(currency), "0")}`);
}

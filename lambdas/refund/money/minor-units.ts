import { minorDigits } from "./money.ts";
import type { Amount } from "./amount.ts";

/**
 * A canonical amount as a whole number of its currency's smallest unit: "12.50" is 1250.
 *
 * The result is exact up to 2^53 units. A larger result is only good for sorting, so a calculation
 * must check `Number.isSafeInteger` first. Pass the currency if the text may have fewer digits than
 * the currency has (a brand file's "100").
 */
export function minorUnits(amount: Amount, currency?: string): number {
  const [whole = "0", fraction = ""] = amount.split(".");
  const digits = currency === undefined ? fraction.length : minorDigits(currency);
  return Number(`${whole}${fraction.slice(0, digits).padEnd(digits, "0")}`) + 0;
}

/**
 * An amount as a whole number, for calculations. Null unless the text has exactly the digits of its
 * currency, no sign, and so few digits that the sum of a few such amounts is still exact.
 */
export function wholeUnits(amount: Amount, currency: string): number | null {
  const digits = minorDigits(currency);
  const point = digits === 0 ? amount.length : amount.length - digits - 1;
  if (point < 1 || amount.length > MOST_CHARACTERS) return null;
  let units = 0;
  for (let at = 0; at < amount.length; at++) {
    const digit = amount.charCodeAt(at) - ZERO;
    if (at === point && digit === POINT) continue;
    if (at === point || digit < 0 || digit > 9) return null;
    units = units * 10 + digit;
  }
  return units;
}

/** The reverse of {@link minorUnits}: 1250 units of USD is "12.50". */
export function amountOf(units: number, currency: string): Amount {
  const digits = minorDigits(currency);
  const text = String(Math.abs(units)).padStart(digits + 1, "0");
  const sign = units < 0 ? "-" : "";
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

const ZERO = 48;
/** The character code of "." minus the character code of "0". */
const POINT = -2;
/** 14 digits and the point, so that the sum of a few amounts stays below 2^53. */
const MOST_CHARACTERS = 15;

/** Zero, written with the digits of the currency. */
export function zeroOf(currency: string): Amount {
  const digits = minorDigits(currency);
  return digits === 2 ? "0.00" : digits === 0 ? "0" : `0.${"0".repeat(digits)}`;
}

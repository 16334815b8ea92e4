import { minorDigits } from "./money.ts";
import type { Amount } from "./amount.ts";

/**
 * A canonical amount as a whole number of its currency's smallest unit: "12.50" is 1250.
 *
 * Exact up to 2^53 units; a larger amount is only good for sorting, so a calculation asks
 * `Number.isSafeInteger` first. Give the currency where the text may have fewer digits than the
 * currency has (a brand file's "100").
 */
export function minorUnits(amount: Amount, currency?: string): number {
  const [whole = "0", fraction = ""] = amount.split(".");
  const digits = currency === undefined ? fraction.length : minorDigits(currency);
  return Number(`${whole}${fraction.slice(0, digits).padEnd(digits, "0")}`) + 0;
}

/**
 * An amount to calculate with as a whole number: null unless it is written with all the digits of its
 * currency and no more, without a sign, and small enough to be exact whatever few of them are added.
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

/** The other way: 1250 units of USD is "12.50". */
export function amountOf(units: number, currency: string): Amount {
  const digits = minorDigits(currency);
  const text = String(Math.abs(units)).padStart(digits + 1, "0");
  const sign = units < 0 ? "-" : "";
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

const ZERO = 48;
/** The point's place before the digit zero. */
const POINT = -2;
/** Fourteen digits and a point. */
const MOST_CHARACTERS = 15;

/** No money, in this currency's own digits. */
export function zeroOf(currency: string): Amount {
  const digits = minorDigits(currency);
  return digits === 2 ? "0.00" : digits === 0 ? "0" : `0.${"0".repeat(digits)}`;
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  canonicalAmount,
  CurrencyMismatch,
  minorDigits,
  Money,
  NotAnAmount,
} from "../../../lambdas/refund/money/money.ts";

const usd = (amount: string): Money => Money.of(amount, "USD");

/** An amount of a currency by its smallest units, so that a bigint can be the oracle. */
const units = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
const currency = fc.constantFrom("USD", "JPY", "KWD", "CLF");

function text(value: bigint, digits: number): string {
  const sign = value < 0n ? "-" : "";
  const plain = (value < 0n ? -value : value).toString().padStart(digits + 1, "0");
  return digits === 0 ? sign + plain : `${sign}${plain.slice(0, -digits)}.${plain.slice(-digits)}`;
}

describe("Money", () => {
  it("adds, subtracts and compares as whole numbers of the smallest unit do, at any size", () => {
    fc.assert(
      fc.property(units, units, currency, (one, other, code) => {
        const digits = minorDigits(code);
        const [a, b] = [Money.of(text(one, digits), code), Money.of(text(other, digits), code)];
        expect(a.plus(b).toString()).toBe(text(one + other, digits));
        expect(a.minus(b).toString()).toBe(text(one - other, digits));
        expect(a.compare(b)).toBe(one < other ? -1 : one > other ? 1 : 0);
        expect(a.negated().toString()).toBe(text(-one, digits));
        expect(a.absolute().toString()).toBe(text(one < 0n ? -one : one, digits));
      }),
    );
  });

  it("is not the float's 0.30000000000000004", () => {
    expect(usd("0.1").plus(usd("0.2")).toString()).toBe("0.30");
    expect(Money.sum([usd("1.005"), usd("1.005")], "USD").toString()).toBe("2.01");
  });

  it("compares by value, not by text", () => {
    expect(usd("9.50").compare(usd("10.00"))).toBe(-1);
    expect(usd("1.5").equals(usd("1.50"))).toBe(true);
  });

  it("refuses to mix currencies", () => {
    expect(() => usd("1.00").plus(Money.of("1.00", "EUR"))).toThrow(CurrencyMismatch);
    expect(() => usd("1.00").compare(Money.of("1.00", "EUR"))).toThrow("USD and EUR");
  });

  it.each([
    ["half-up", "2.675", "2.68"],
    ["half-up", "-2.675", "-2.68"],
    ["half-even", "2.665", "2.66"],
    ["half-even", "2.675", "2.68"],
    ["down", "2.679", "2.67"],
    ["down", "-2.679", "-2.67"],
  ] as const)("rounds %s: %s is %s", (rule, amount, rounded) => {
    expect(usd(amount).rounded(rule).toString()).toBe(rounded);
  });

  it("rounds to the currency's own digits", () => {
    expect(Money.of("10.5", "JPY").rounded("half-up").toString()).toBe("11");
    expect(Money.of("10.0005", "KWD").rounded("half-up").toString()).toBe("10.001");
  });

  it("shows zero without a sign, and keeps every digit it has", () => {
    expect(usd("-0.00").toString()).toBe("0.00");
    expect(usd("-0.00").isNegative()).toBe(false);
    expect(usd("1.2345").toString()).toBe("1.2345");
    expect(usd("10").dividedBy("3").times("3").rounded("half-up").toString()).toBe("10.00");
  });
});

describe("an amount as a system sent it", () => {
  it.each([
    ["12.5", "USD", "12.50"],
    ["12.5000", "USD", "12.50"],
    ["+7", "USD", "7.00"],
    ["007.10", "USD", "7.10"],
    ["-0.00", "USD", "0.00"],
    ["1200.00", "JPY", "1200"],
    ["1.2", "KWD", "1.200"],
    ["90071992547409930.01", "USD", "90071992547409930.01"],
  ])("%s %s is %s", (amount, code, canonical) => {
    expect(canonicalAmount(amount, code)).toBe(canonical);
  });

  it.each([
    "12,50",
    "1,234.50",
    "1.234,50",
    "1e3",
    "NaN",
    "Infinity",
    "",
    " 1",
    "1.",
    ".5",
    "--1",
    "0x10",
    "1 000",
  ])("%j is not an amount", (amount) => {
    expect(() => canonicalAmount(amount, "USD")).toThrow(NotAnAmount);
    expect(() => Money.of(amount, "USD")).toThrow("wanted a plain decimal");
  });

  it.each([
    ["1.001", "USD"],
    ["1.5", "JPY"],
    ["1.0001", "KWD"],
  ])("%s %s has a digit too many", (amount, code) => {
    expect(() => canonicalAmount(amount, code)).toThrow(NotAnAmount);
  });

  it("says what it wanted and what came, of a long or odd text only its length", () => {
    expect(() => canonicalAmount("12,50", "USD")).toThrow(/at most 2 digits.*"12,50"$/);
    expect(() => canonicalAmount("x".repeat(1_000), "USD")).toThrow(/a text of 1000 characters$/);
    expect(() => canonicalAmount("jane@example.com", "USD")).toThrow(/a text of 16 characters$/);
  });

  it("is the same when read again", () => {
    fc.assert(
      fc.property(units, currency, (value, code) => {
        const canonical = text(value, minorDigits(code));
        expect(canonicalAmount(canonical, code)).toBe(canonical);
      }),
    );
  });
});

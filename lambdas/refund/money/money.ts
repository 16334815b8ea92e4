import { Decimal } from "decimal.js";

import { quotable } from "./quotable.ts";

/**
 * An exact amount in one currency. All decimal arithmetic goes through this class.
 *
 * It keeps every digit that it was given, and it prints at least the currency's own number of
 * digits (ISO 4217). Adding or comparing two currencies throws a {@link CurrencyMismatch}, because
 * amounts are never converted with an exchange rate of our own.
 */
export class Money {
  readonly currency: string;
  readonly #value: Decimal;

  private constructor(value: Decimal, currency: string) {
    this.#value = value;
    this.currency = currency;
  }

  /** @param amount a plain decimal such as "-12.50"; anything else throws a {@link NotAnAmount} */
  static of(amount: string, currency: string): Money {
    if (!PLAIN_DECIMAL.test(amount)) throw new NotAnAmount(amount, currency);
    return new Money(new Exact(amount), currency);
  }

  static zero(currency: string): Money {
    return new Money(new Exact(0), currency);
  }

  static sum(amounts: Iterable<Money>, currency: string): Money {
    let total = Money.zero(currency);
    for (const amount of amounts) total = total.plus(amount);
    return total;
  }

  plus(other: Money): Money {
    return new Money(this.#value.plus(this.#comparable(other)), this.currency);
  }

  minus(other: Money): Money {
    return new Money(this.#value.minus(this.#comparable(other)), this.currency);
  }

  /** Multiplies without rounding. Call {@link rounded} where the rule asks for rounding. */
  times(factor: string | number): Money {
    return new Money(this.#value.times(factor), this.currency);
  }

  /**
   * Divides to 60 significant digits. This is the only place where an amount may become inexact.
   */
  dividedBy(divisor: string | number): Money {
    return new Money(this.#value.dividedBy(divisor), this.currency);
  }

  /** Rounds to the currency's digits (or to `digits`) by the given rule. */
  rounded(rule: RoundingRule, digits: number = minorDigits(this.currency)): Money {
    return new Money(this.#value.toDecimalPlaces(digits, ROUNDING[rule]), this.currency);
  }

  negated(): Money {
    return new Money(this.#value.negated(), this.currency);
  }

  absolute(): Money {
    return new Money(this.#value.absoluteValue(), this.currency);
  }

  compare(other: Money): -1 | 0 | 1 {
    const order = this.#value.comparedTo(this.#comparable(other));
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }

  equals(other: Money): boolean {
    return this.compare(other) === 0;
  }

  isZero(): boolean {
    return this.#value.isZero();
  }

  isNegative(): boolean {
    return this.#value.isNegative() && !this.#value.isZero();
  }

  /** The canonical text: at least the currency's digits, no digit is lost, and never "-0.00". */
  toString(): string {
    const digits = Math.max(minorDigits(this.currency), this.#value.decimalPlaces());
    const text = this.#value.toFixed(digits);
    return this.#value.isZero() ? text.replace("-", "") : text;
  }

  #comparable(other: Money): Decimal {
    if (other.currency !== this.currency) throw new CurrencyMismatch(this.currency, other.currency);
    return other.#value;
  }
}

export type RoundingRule = "half-up" | "half-even" | "down";

/** Whether ISO 4217 lists the code: for any other code the number of digits is unknown. */
export function isCurrency(code: string): boolean {
  return KNOWN_CURRENCIES.has(code);
}

const KNOWN_CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

/**
 * The canonical text of an amount that a system sent: it has the currency's own number of digits.
 *
 * Trailing zeros beyond the currency's digits are dropped ("12.5000" USD becomes "12.50"). A digit
 * that would be lost throws a {@link NotAnAmount}, and so do "12,50", "1e3", "NaN" and the empty
 * text.
 */
export function canonicalAmount(amount: string, currency: string): string {
  if (!PLAIN_DECIMAL.test(amount)) throw new NotAnAmount(amount, currency);
  const negative = amount.startsWith("-");
  const [whole = "", fraction = ""] = amount.replace(/^[+-]/, "").split(".");
  const digits = minorDigits(currency);
  if (/[1-9]/.test(fraction.slice(digits))) throw new NotAnAmount(amount, currency);
  const units = whole.replace(/^0+(?=\d)/, "");
  if (units.length > MOST_UNITS) throw new NotAnAmount(amount, currency);
  const cents = fraction.slice(0, digits).padEnd(digits, "0");
  const text = digits === 0 ? units : `${units}.${cents}`;
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}

/**
 * The most digits before the point. A longer amount is a mistake, and sums of it would not be
 * exact.
 */
const MOST_UNITS = 30;

/** How many digits an amount of this currency has after the point (ISO 4217; JPY 0, KWD 3). */
export function minorDigits(currency: string): number {
  return UNUSUAL_DIGITS.get(currency) ?? 2;
}

export class NotAnAmount extends Error {
  override readonly name = "NotAnAmount";
  constructor(amount: string, currency: string) {
    super(
      `not an amount of ${currency}: wanted a plain decimal with at most ${minorDigits(currency)} digits behind a point, got ${quotable(amount)}`,
    );
  }
}

export class CurrencyMismatch extends Error {
  override readonly name = "CurrencyMismatch";
  constructor(one: string, other: string) {
    super(`amounts in ${one} and ${other} cannot be added or compared`);
  }
}

const PLAIN_DECIMAL = /^[+-]?\d{1,60}(?:\.\d{1,30})?$/;

const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP });

const ROUNDING: Record<RoundingRule, Decimal.Rounding> = {
  "half-up": Decimal.ROUND_HALF_UP,
  "half-even": Decimal.ROUND_HALF_EVEN,
  down: Decimal.ROUND_DOWN,
};

/** The currencies of ISO 4217 (list one, 2026) that do not have two minor digits. */
const UNUSUAL_DIGITS: ReadonlyMap<string, number> = new Map([
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    .split(" ")
    .map((code): [string, number] => [code, 0]),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code): [string, number] => [code, 3]),
  ["CLF", 4],
  ["UYW", 4],
]);

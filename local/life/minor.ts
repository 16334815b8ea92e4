/**
 * Whole minor units (cents, yen): the money of the generated life. Exact as long as an amount times
 * a rate stays below 2^53, which is enough for orders of about 100 million.
 */
export type Minor = number;

export type RoundingMode = "half-up" | "half-even" | "down";

/** `value × numerator ÷ denominator` as a whole number; `mode` rounds the absolute value. */
export function ratio(
  value: Minor,
  numerator: number,
  denominator: number,
  mode: RoundingMode = "half-up",
): Minor {
  const product = Math.abs(value) * numerator;
  const whole = Math.floor(product / denominator);
  const rest = product - whole * denominator;
  const up =
    mode !== "down" &&
    (2 * rest > denominator ||
      (2 * rest === denominator && (mode === "half-up" || whole % 2 === 1)));
  const size = up ? whole + 1 : whole;
  return value < 0 ? -size : size;
}

/** Shares a total by weight; the last share takes the remainder, so that nothing is lost. */
export function share(total: Minor, weights: readonly number[]): Minor[] {
  const all = sum(weights);
  if (all === 0) return weights.map(() => 0);
  const last = weights.findLastIndex((weight) => weight > 0);
  const shares = weights.map((weight) => ratio(total, weight, all));
  const others = shares.reduce((one, other, index) => (index === last ? one : one + other), 0);
  return shares.map((amount, index) => (index === last ? total - others : amount));
}

export function sum(amounts: readonly Minor[]): Minor {
  return amounts.reduce((one, other) => one + other, 0);
}

/** The decimal text: `amountText(-1250, 2)` is "-12.50", `amountText(1250, 0)` is "1250". */
export function amountText(amount: Minor, digits: number): string {
  const size = String(Math.abs(amount)).padStart(digits + 1, "0");
  const text = digits === 0 ? size : `${size.slice(0, -digits)}.${size.slice(-digits)}`;
  return amount < 0 ? `-${text}` : text;
}

export function digitsOf(currency: string): number {
  return currency === "JPY" ? 0 : 2;
}

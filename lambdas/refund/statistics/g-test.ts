import { sum } from "../collections/sum.ts";
/**
 * The G-test of a table of counts (rows: failed, not failed; columns: the values of a segment). `p`
 * is the probability of differences at least as large as these if the failures are spread evenly.
 *
 * Use it for tables that are too large for an exact test. With small expected counts its p-values
 * are too small, so callers merge rare values first.
 */
export function gTest(columns: readonly Column[]): GTest {
  const kept = columns.filter(({ failed, population }) => population > 0 && failed <= population);
  const total = sum(kept.map(({ population }) => population));
  const failed = sum(kept.map((column) => column.failed));
  const degrees = kept.length - 1;
  if (degrees < 1 || failed === 0 || failed === total) return { g: 0, degrees, p: 1 };
  let g = 0;
  for (const column of kept) {
    const share = column.population / total;
    g += term(column.failed, failed * share);
    g += term(column.population - column.failed, (total - failed) * share);
  }
  return { g: 2 * g, degrees, p: chiSquareTail(2 * g, degrees) };
}

/** The probability that a chi-square variable with `degrees` degrees of freedom is at least `x`. */
export function chiSquareTail(x: number, degrees: number): number {
  if (x <= 0) return 1;
  const a = degrees / 2;
  const half = x / 2;
  return half < a + 1 ? 1 - lowerSeries(a, half) : upperFraction(a, half);
}

export type Column = { readonly failed: number; readonly population: number };
export type GTest = { readonly g: number; readonly degrees: number; readonly p: number };

function term(seen: number, expected: number): number {
  return seen === 0 ? 0 : seen * Math.log(seen / expected);
}

/**
 * The regularised lower incomplete gamma function as a series: it converges quickly for x < a + 1.
 */
function lowerSeries(a: number, x: number): number {
  let summand = 1 / a;
  let total = summand;
  for (let n = 1; n < 1_000 && summand > total * 1e-16; n += 1) {
    summand *= x / (a + n);
    total += summand;
  }
  return total * Math.exp(-x + a * Math.log(x) - logGammaHalf(a));
}

/**
 * The regularised upper incomplete gamma function as a continued fraction (modified Lentz): it
 * converges quickly for x > a + 1.
 */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 1_000; i += 1) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return h * Math.exp(-x + a * Math.log(x) - logGammaHalf(a));
}

/**
 * ln Γ(a) by its recurrence. It is exact for a = n / 2, and degrees of freedom are whole numbers n.
 */
function logGammaHalf(a: number): number {
  let log = Number.isInteger(a) ? 0 : 0.5 * Math.log(Math.PI);
  for (let x = Number.isInteger(a) ? 1 : 0.5; x < a; x += 1) log += Math.log(x);
  return log;
}

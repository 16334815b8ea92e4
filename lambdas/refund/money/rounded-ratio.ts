import type { RoundingRule } from "./money.ts";

/**
 * Divides one whole number of units by another and rounds to a whole unit. The result is exact,
 * because no fraction is computed in between. `half-up` rounds away from zero, `down` towards zero.
 */
export function roundedRatio(numerator: number, denominator: number, rule: RoundingRule): number {
  if (numerator < 0) return -roundedRatio(-numerator, denominator, rule);
  const rest = numerator % denominator;
  const whole = (numerator - rest) / denominator;
  const twice = 2 * rest;
  if (rule === "down" || twice < denominator) return whole;
  if (twice > denominator || rule === "half-up") return whole + 1;
  return whole % 2 === 0 ? whole : whole + 1;
}

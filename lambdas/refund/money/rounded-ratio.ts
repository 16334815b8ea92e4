import type { RoundingRule } from "./money.ts";

/**
 * A whole number of units divided by another and rounded to a whole unit, exactly: the ratio is
 * never made a fraction on the way. Half-up goes away from zero, down towards it.
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

import type { Drift } from "./drift-total.ts";
import type { RoundingFinding } from "./rounding-finding.ts";
import { ruleInWords } from "./rounding-rule.ts";

/**
 * "97 of 99 drifting refunds are reproduced by tax rounded per line, half-even", then the
 * storefront's rule, the untested refunds and the rules that fit equally well.
 */
export function roundingInWords({
  rule,
  alike,
  storefront,
  reproduced,
  drifting,
  untested,
}: RoundingFinding): string {
  const against = storefront === null ? "" : `; the storefront uses ${ruleInWords(storefront)}`;
  const otherRules =
    alike.length === 0
      ? ""
      : ` These refunds fit equally well with ${alike.map(ruleInWords).join(" or ")}.`;
  const others =
    untested === 0
      ? ""
      : ` ${untested} more refunds differ in their discount, but too few lines are returned to test them.`;
  return `${reproduced} of ${drifting} drifting refunds are reproduced by ${ruleInWords(rule)}${against}.${others}${otherRules}`;
}

/** The sum of the absolute differences, like "12.41 USD in 30 days", and the net sum with signs. */
export function driftInWords(drift: Drift, days: number): string {
  const sums = drift.map(
    ({ currency, refunds, gross, net }) =>
      `${gross} ${currency} over ${refunds} refunds (${net} net)`,
  );
  return sums.length === 0
    ? "No refund differs by cents."
    : `The drift adds up to ${sums.join(", ")} in ${days} days.`;
}

import type { Drift } from "./drift-total.ts";
import type { RoundingFinding } from "./rounding-finding.ts";
import { ruleInWords } from "./rounding-rule.ts";

/** "97 of 99 drifting refunds are reproduced by tax rounded per line, half-even" and what goes with it. */
export function roundingInWords({
  rule,
  alike,
  storefront,
  reproduced,
  drifting,
  untested,
}: RoundingFinding): string {
  const against =
    storefront === null ? "" : `, where the storefront has ${ruleInWords(storefront)}`;
  const doubt =
    alike.length === 0
      ? ""
      : ` These refunds cannot tell it from ${alike.map(ruleInWords).join(" or ")}.`;
  const others =
    untested === 0
      ? ""
      : ` ${untested} more differ in their discount, but too little is returned to test.`;
  return `${reproduced} of ${drifting} drifting refunds are reproduced by ${ruleInWords(rule)}${against}.${others}${doubt}`;
}

/** "12.41 USD in 30 days", without signs, and what is left with them. */
export function driftInWords(drift: Drift, days: number): string {
  const sums = drift.map(
    ({ currency, refunds, gross, net }) =>
      `${gross} ${currency} over ${refunds} refunds (${net} net)`,
  );
  return sums.length === 0
    ? "No cents drift."
    : `The drift adds up to ${sums.join(", ")} in ${days} days.`;
}

import type { Brand } from "../lambdas/brand.ts";
import type { Observation, StorefrontRefund } from "../lambdas/refund/observation/observation.ts";
import { report } from "./report-line.ts";

/** Where the refunds came from and who made them, as the brand file must name them. */
export function reportRefunds(
  name: string,
  observations: readonly Observation[],
  { storefront: { channels } }: Brand,
): void {
  const refunds = observations.filter((one): one is StorefrontRefund => one.role === "storefront");
  if (refunds.length === 0) return;
  const shown = countOf(refunds.map(({ channel }) => channel ?? "not known"));
  report("ok", `${name}, channels of these refunds: ${listOf(shown)}.`);
  const makers = refunds.map(({ app, staff, staffKnown }) =>
    app !== null
      ? `${app} (a machine or an app)`
      : (staff ?? (staffKnown ? "no member of staff" : "not known")),
  );
  report("ok", `${name}, made by: ${listOf(countOf(makers))}.`);
  for (const channel of channels.filter((one) => !shown.has(one))) {
    report("note", `storefront.channels names ${channel}, but no refund of these days has it.`);
  }
}

function countOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const one of names) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

function listOf(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].toSorted(([, one], [, other]) => other - one);
  const more = sorted.length > MOST_LISTED ? `, and ${sorted.length - MOST_LISTED} more` : "";
  return `${sorted
    .slice(0, MOST_LISTED)
    .map(([one, count]) => `${one} ${count}`)
    .join(", ")}${more}`;
}

const MOST_LISTED = 12;

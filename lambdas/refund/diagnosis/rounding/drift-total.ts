import { amountOf } from "../../money/minor-units.ts";
import type { Amount } from "../../money/amount.ts";
import type { RoundingCase } from "./rounding-case.ts";
import type { RoundingFinding } from "./rounding-finding.ts";

/**
 * The differences of the drifting refunds, added up by currency, with and without their sign.
 * Differences of cents always count. A larger difference in the discount counts only where a
 * sharing rule explains it.
 */
export type Drift = readonly DriftIn[];
type DriftIn = {
  readonly currency: string;
  readonly refunds: number;
  /** ERP − storefront, added up with its sign. */
  readonly net: Amount;
  /** The sum of the absolute differences: the amount that somebody has to explain. */
  readonly gross: Amount;
};

export function driftOf(cases: readonly RoundingCase[], found: RoundingFinding | null): Drift {
  const byCurrency = new Map<string, { refunds: number; net: number; gross: number }>();
  const isShared = found?.rule.kind === "discount" && found.rule.shared === "quantity";
  for (const { currency, booked, settled, otherShare } of cases) {
    if (booked === settled || (otherShare !== undefined && !isShared)) continue;
    const seen = byCurrency.get(currency) ?? { refunds: 0, net: 0, gross: 0 };
    seen.refunds += 1;
    seen.net += booked - settled;
    seen.gross += Math.abs(booked - settled);
    byCurrency.set(currency, seen);
  }
  return [...byCurrency]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, { refunds, net, gross }]) => ({
      currency,
      refunds,
      net: amountOf(net, currency),
      gross: amountOf(gross, currency),
    }));
}

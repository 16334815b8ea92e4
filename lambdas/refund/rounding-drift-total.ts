import { amountOf } from "./minor-units.ts";
import type { Amount } from "./observation.ts";
import type { RoundingCase } from "./rounding-case.ts";

/** The cents of all drifting refunds added up, by currency: what leaks, and which way. */
export type Drift = readonly DriftIn[];
type DriftIn = {
  readonly currency: string;
  readonly refunds: number;
  /** ERP − storefront, added up with its sign. */
  readonly net: Amount;
  /** Without signs: what somebody has to explain. */
  readonly gross: Amount;
};

export function driftOf(cases: readonly RoundingCase[]): Drift {
  const byCurrency = new Map<string, { refunds: number; net: number; gross: number }>();
  for (const { currency, booked, settled } of cases) {
    if (booked === settled) continue;
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

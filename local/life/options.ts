/** The options of a generated life. The same options give the same life, byte for byte. */
export type LifeOptions = {
  readonly seed: number;
  /** The UTC ISO instant at which the life begins. */
  readonly from: string;
  readonly days: number;
  /** On an ordinary day, for all channels together; 400 by default. */
  readonly ordersPerDay?: number;
  /** Share of the eligible refunds that each fault affects, 0 to 1; "typical" by default. */
  readonly faults?: FaultShares | "none" | "typical";
  readonly taxRule?: "exclusive" | "inclusive";
  /** The wrong rule by which the ERP computes, where `rounding_drift` is on. */
  readonly roundingRule?: RoundingRule;
  /** The ERP books a refund first, and the storefront gets it later. */
  readonly erpFirst?: boolean;
  /** No batch runs in this time (UTC ISO instants). */
  readonly integrationDown?: { readonly from: string; readonly to: string };
  /** From this instant on, the fault affects no refund. */
  readonly fixAt?: { readonly at: string; readonly fault: FaultName };
  /** Features that the platforms do not show in this life. */
  readonly hideFeatures?: readonly HiddenFeature[];
  readonly multiCurrency?: boolean;
  /** Another shop books its refunds into the same ERP, for its own orders of the same numbers. */
  readonly otherShop?: boolean;
  /** Exchanges booked as a whole, cheaper exchanges and deposits that are paid back. */
  readonly moreRoads?: boolean;
  /** A document that comes later than this is late; 6 hours by default. */
  readonly lateAfterHours?: number;
};

export type FaultShares = Partial<Readonly<Record<FaultName, number>>>;

type HiddenFeature =
  | "staff"
  | "app"
  | "note"
  | "location"
  | "return"
  | "retailLocation"
  | "erpAuthor"
  | "erpLines";

export const FAULT_NAMES = [
  "register_bypass",
  "verbal_approval",
  "cross_team_handoff",
  "store_credit_loop",
  "dropped_calls",
  "partial_sync",
  "field_mapping",
  "promo_mismatch",
  "rounding_drift",
  "currency_conversion",
  "tax_dropped",
  "shipping_dropped",
  "hidden_balance",
  "wrong_period",
  "duplicate",
  "voided",
  "edited_after_posting",
  "async_confirmation",
  "async_gap",
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/**
 * Rules by which the ERP may compute a refund again. The storefront's own rule: tax per line, half
 * up; discounts shared by price; the last unit of a line gets the remainder.
 */
export const ROUNDING_RULES = [
  "tax-on-total-half-up",
  "tax-on-total-half-even",
  "tax-on-total-down",
  "tax-per-line-half-even",
  "tax-per-line-down",
  "tax-per-unit-half-up",
  "unit-price-half-up",
  "unit-price-down",
  "discount-by-quantity",
] as const;

export type RoundingRule = (typeof ROUNDING_RULES)[number];

import { FAULT_NAMES, type FaultName, type FaultShares, type LifeOptions } from "../options.ts";

/** Typical shares of the eligible refunds: about two to four of a hundred refunds have a fault. */
const TYPICAL: Readonly<Record<FaultName, number>> = {
  register_bypass: 0.015,
  verbal_approval: 0.03,
  cross_team_handoff: 0.014,
  store_credit_loop: 0.08,
  dropped_calls: 0.002,
  partial_sync: 0.002,
  field_mapping: 0.0015,
  promo_mismatch: 0.008,
  rounding_drift: 0.015,
  currency_conversion: 0.03,
  tax_dropped: 0.001,
  shipping_dropped: 0.01,
  hidden_balance: 0.001,
  wrong_period: 0.3,
  duplicate: 0.001,
  voided: 0.001,
  edited_after_posting: 0.0015,
  async_confirmation: 0.002,
  async_gap: 0.003,
};

/** @throws RangeError for a share that is not between 0 and 1 */
export function sharesOf(options: LifeOptions): FaultShares {
  const { faults = "typical" } = options;
  if (faults === "none") return {};
  if (faults === "typical") return TYPICAL;
  for (const name of FAULT_NAMES) {
    const share = faults[name] ?? 0;
    if (!(share >= 0 && share <= 1)) {
      throw new RangeError(`the share of ${name} must be between 0 and 1, got ${share}`);
    }
  }
  return faults;
}

import { ofAmount } from "../../record/mismatch.ts";
import { zeroOf } from "../../money/minor-units.ts";
import type { StorefrontRefund } from "../../observation/observation.ts";
import type { Mismatch } from "../../record/mismatch.ts";

/**
 * The order says that it was refunded, but the storefront has no refund of it.
 *
 * @param booked what the ERP has for it
 */
export function missingInStorefront({ currency }: StorefrontRefund, booked: string): Mismatch {
  const expected = zeroOf(currency);
  return ofAmount({ kind: "missing_in_storefront", expected, actual: booked, currency });
}

export function missingInErp({ settled, currency }: StorefrontRefund): Mismatch {
  const of = {
    kind: "missing_in_erp",
    expected: settled,
    actual: zeroOf(currency),
    currency,
  } as const;
  return ofAmount(of);
}

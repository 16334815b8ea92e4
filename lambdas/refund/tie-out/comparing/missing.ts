import { ofAmount } from "../../record/mismatch.ts";
import { zeroOf } from "../../money/minor-units.ts";
import type { StorefrontRefund } from "../../observation/observation.ts";
import type { Mismatch } from "../../record/mismatch.ts";

export function missingInErp({ settled, currency }: StorefrontRefund): Mismatch {
  const of = {
    kind: "missing_in_erp",
    expected: settled,
    actual: zeroOf(currency),
    currency,
  } as const;
  return ofAmount(of);
}

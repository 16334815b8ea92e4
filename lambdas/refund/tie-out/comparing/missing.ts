import { zeroOf } from "../../money/minor-units.ts";
import type { StorefrontRefund } from "../../observation/observation.ts";
import type { Mismatch } from "../../record/sync-record.ts";

export function missingInErp({ settled, currency }: StorefrontRefund): Mismatch {
  return {
    kind: "missing_in_erp",
    expected: settled,
    actual: zeroOf(currency),
    difference: `-${settled}`,
    currency,
  };
}

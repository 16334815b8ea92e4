import type { FaultName } from "../options.ts";
import type { World } from "../world.ts";
import {
  asyncConfirmation,
  asyncGap,
  duplicate,
  editedAfterPosting,
  voided,
} from "./afterwards.ts";
import { droppedCalls, partialSync } from "./losses.ts";
import {
  fieldMapping,
  hiddenBalance,
  promoMismatch,
  shippingDropped,
  taxDropped,
  wrongPeriod,
} from "./mapping.ts";
import { crossTeamHandoff, registerBypass, storeCreditLoop, verbalApproval } from "./process.ts";
import { currencyConversion, roundingDrift } from "./rounding.ts";

/**
 * Plants all faults in the order in which they can occur: a refund that never left the storefront
 * cannot have a wrong mapping.
 */
export function plant(world: World): void {
  for (const apply of Object.values(FAULTS)) apply(world);
}

const FAULTS: Readonly<Record<FaultName, (world: World) => void>> = {
  store_credit_loop: storeCreditLoop,
  register_bypass: registerBypass,
  verbal_approval: verbalApproval,
  cross_team_handoff: crossTeamHandoff,
  dropped_calls: droppedCalls,
  partial_sync: partialSync,
  field_mapping: fieldMapping,
  promo_mismatch: promoMismatch,
  rounding_drift: roundingDrift,
  currency_conversion: currencyConversion,
  tax_dropped: taxDropped,
  shipping_dropped: shippingDropped,
  hidden_balance: hiddenBalance,
  wrong_period: wrongPeriod,
  duplicate,
  voided,
  edited_after_posting: editedAfterPosting,
  async_confirmation: asyncConfirmation,
  async_gap: asyncGap,
};

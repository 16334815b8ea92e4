import { createHash } from "node:crypto";

import { milliseconds } from "../brand.ts";
import type { Brand } from "../brand.ts";
import type { Policy } from "../refund/sync-record.ts";

/** The brand's rules, as far as they decide what a refund is. */
export function policyOf(brand: Brand): Policy {
  return {
    brandCurrency: brand.currency,
    timeZone: brand.timeZone,
    orderPrefixes: brand.matching.orderPrefixes,
    windowMs: milliseconds(brand.matching.window),
    tolerancePerLine: brand.matching.tolerancePerLine,
    staleAfterMs: milliseconds(brand.thresholds.staleAfter),
    checkpointAfterMs: milliseconds(brand.checkpointAfter),
    approvalLimit: brand.thresholds.approvalLimit,
    integrationUsers: brand.erp.integrationUsers,
    integrationApps: brand.storefront.integrationApps,
  };
}

/** A short name for exactly this policy, told in every decision of the log. */
export function policyVersion(policy: Policy): string {
  return createHash("sha256").update(JSON.stringify(policy)).digest("hex").slice(0, 12);
}

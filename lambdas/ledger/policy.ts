import { createHash } from "node:crypto";

import { milliseconds } from "../brand.ts";
import type { Brand } from "../brand.ts";
import type { Policy } from "../refund/policy.ts";
import type { Table } from "./ports.ts";
import { readQuarantine } from "./store/quarantine.ts";
import type { ReadState } from "./store/source-state.ts";

/** The brand's rules that decide the status of a refund. */
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

/**
 * The brand's rules, the time since which each source has been read, and the ERP documents that
 * cannot be read.
 */
export async function readPolicy(
  table: Table,
  brand: Brand,
  { storefront, erp }: { readonly storefront: ReadState; readonly erp: ReadState },
): Promise<Policy> {
  const entries = erp.quarantined > 0 ? await readQuarantine(table) : [];
  const unreadable = entries.flatMap(({ mayBe }) => mayBe ?? []);
  return {
    ...policyOf(brand),
    watchedSince: storefront.watchedSince,
    erpWatchedSince: erp.watchedSince,
    unreadable,
  };
}

/** A short hash of the brand's rules, written with every decision in the log. */
export function policyVersion(policy: Policy): string {
  const {
    watchedSince: _since,
    erpWatchedSince: _erpSince,
    unreadable: _unreadable,
    ...rules
  } = policy;
  return createHash("sha256").update(JSON.stringify(rules)).digest("hex").slice(0, 12);
}

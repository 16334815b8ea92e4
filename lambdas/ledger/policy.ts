import { createHash } from "node:crypto";

import { milliseconds } from "../brand.ts";
import type { Brand } from "../brand.ts";
import type { DocumentScope, Policy } from "../refund/policy.ts";
import type { Table } from "./ports.ts";
import { readHabits } from "./store/habits.ts";
import { readOwnership } from "./store/ownership.ts";
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
    ...scopeOf(brand.erp.scope),
  };
}

/** No scope is the same as three empty lists, and leaves the version of the policy as it was. */
function scopeOf(scope: DocumentScope): Pick<Policy, "scope"> {
  const { companies, documentPrefixes, channels } = scope;
  return companies.length + documentPrefixes.length + channels.length === 0 ? {} : { scope };
}

/**
 * The brand's rules, the time since which each source has been read, the records that cannot be
 * read, and what was learned about the owners of documents.
 */
export async function readPolicy(
  table: Table,
  brand: Brand,
  { storefront, erp }: { readonly storefront: ReadState; readonly erp: ReadState },
): Promise<Policy> {
  const isEmpty = erp.quarantined + storefront.quarantined === 0;
  const entries = isEmpty ? [] : await readQuarantine(table);
  const unreadable = entries.flatMap(({ mayBe }) => mayBe ?? []);
  const kept = await readOwnership(table);
  return {
    ...policyOf(brand),
    learned: kept?.learned ?? null,
    companyCount: erp.companyCount,
    habits: await readHabits(table),
    watchedSince: storefront.watchedSince,
    erpWatchedSince: erp.watchedSince,
    unreadable,
    unreadableRefunds: entries
      .filter(({ source }) => source === "storefront")
      .map(({ name, since }) => ({ id: name, since })),
  };
}

/** A short hash of the brand's rules, written with every decision in the log. */
export function policyVersion(policy: Policy): string {
  const {
    watchedSince: _since,
    erpWatchedSince: _erpSince,
    unreadable: _unreadable,
    unreadableRefunds: _unreadableRefunds,
    learned: _learned,
    companyCount: _companies,
    habits: _habits,
    ...rules
  } = policy;
  return createHash("sha256").update(JSON.stringify(rules)).digest("hex").slice(0, 12);
}

import * as z from "zod";

import type { Examined, SourceIdentity } from "../../source.ts";
import type { ShopifyGraphql } from "./client.ts";
import { EXAMINE_SHOP, SHOP, SHOP_AND_SCOPES, STILL_THERE } from "./query.ts";

/**
 * Asks which shop answers, and which needed scopes it did not grant. Without `read_all_orders`
 * Shopify leaves out orders older than 60 days and reports no error.
 *
 * @param whole requests the scopes too, which costs more
 */
export async function meetShop(
  graphql: ShopifyGraphql,
  before: SourceIdentity | null,
  whole: boolean,
): Promise<SourceIdentity> {
  const { data } = whole
    ? await graphql.ask("ShopAndScopes", SHOP_AND_SCOPES, {})
    : await graphql.ask("Shop", SHOP, {});
  const shop = shopSchema.safeParse(data["shop"]);
  const installed = scopesSchema.safeParse(data["currentAppInstallation"]);
  const granted = installed.success
    ? new Set(installed.data.accessScopes.map(({ handle }) => handle))
    : null;
  return {
    identity: shop.success && shop.data.myshopifyDomain !== "" ? shop.data.myshopifyDomain : null,
    absent: before?.absent ?? [],
    missing:
      granted === null || granted.size === 0
        ? (before?.missing ?? [])
        : NEEDED.filter((scope) => !granted.has(scope)),
  };
}

/** What a person wants to know before the brand is deployed. */
export async function examineShop(
  graphql: ShopifyGraphql,
  budget: () => Examined["budget"],
): Promise<Examined> {
  const { data } = await graphql.ask("ExamineShop", EXAMINE_SHOP, {});
  const shop = examinedSchema.safeParse(data["shop"]);
  const installed = scopesSchema.safeParse(data["currentAppInstallation"]);
  return {
    scopes: installed.success ? installed.data.accessScopes.map(({ handle }) => handle) : null,
    companies: null,
    currency: shop.data?.currencyCode ?? null,
    timeZone: shop.data?.ianaTimezone ?? null,
    budget: budget(),
  };
}

/** Whether Shopify still shows any of these refunds. */
export async function showsAny(
  graphql: ShopifyGraphql,
  refundIds: readonly string[],
): Promise<boolean> {
  const ids = refundIds.map((id) => `gid://shopify/Refund/${id}`);
  const { data } = await graphql.ask("StillThere", STILL_THERE, { ids }, ids.length);
  const nodes = z.array(z.unknown()).safeParse(data["nodes"]);
  return nodes.success && nodes.data.some((node) => node !== null);
}

const NEEDED = ["read_orders", "read_all_orders", "read_returns", "read_users"];
const shopSchema = z.object({ myshopifyDomain: z.string() });
const examinedSchema = z.object({
  currencyCode: z.string().nullish(),
  ianaTimezone: z.string().nullish(),
});
const scopesSchema = z.object({ accessScopes: z.array(z.object({ handle: z.string() })) });

import * as z from "zod";
import type { Examined } from "../../source.ts";
import type { BigCommerceClient } from "./client.ts";

/**
 * What a person wants to know before the brand is deployed: the shop's currency and time zone. The
 * token needs the scope "Information & Settings, read-only" for it, and for nothing else.
 */
export async function examineShop(client: BigCommerceClient): Promise<Examined> {
  const answer = await client.getIfAllowed("v2/store");
  const shop = shopSchema.safeParse(answer === "refused" ? {} : (answer.json ?? {}));
  return {
    scopes: null,
    companies: null,
    currency: shop.data?.currency ?? null,
    timeZone: shop.data?.timezone?.name ?? null,
    budget: client.quota.left(),
  };
}

const shopSchema = z.object({
  currency: z.string().nullish(),
  timezone: z.object({ name: z.string().nullish() }).nullish(),
});

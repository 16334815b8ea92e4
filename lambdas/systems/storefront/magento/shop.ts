import * as z from "zod";
import type { Examined } from "../../source.ts";
import { type MagentoClient, STORES } from "./client.ts";

/**
 * What a person wants to know before the brand is deployed: the shop's currency and time zone. Where
 * the store views have several, the first one's are told.
 */
export async function examineShop(client: MagentoClient): Promise<Examined> {
  const rows = await client.list("store/storeConfigs", STORES);
  const configs = (rows ?? []).flatMap((row) => configSchema.safeParse(row).data ?? []);
  const [first] = configs;
  return {
    scopes: null,
    companies: null,
    currency: first?.base_currency_code ?? null,
    timeZone: first?.timezone ?? null,
    budget: null,
  };
}

const configSchema = z.object({
  base_currency_code: z.string().nullish(),
  timezone: z.string().nullish(),
});

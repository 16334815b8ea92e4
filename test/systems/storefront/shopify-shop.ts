import { onTestFinished } from "vitest";
import type { StorefrontRefund } from "../../../lambdas/refund/observation/observation.ts";
import type { SourcePage } from "../../../lambdas/systems/source.ts";
import {
  shopify,
  type ShopifyOptions,
} from "../../../lambdas/systems/storefront/shopify/shopify.ts";
import type { Life } from "../../../local/life/life.ts";
import { type ShopifyLife, startShopify } from "../../../local/shopify/serve.ts";
import { doorTo } from "../loopback.ts";

/** A simulated shop and a client of it whose waiting moves both their clocks. */
export async function aShop(
  life: Life,
  options: Partial<ShopifyOptions> = {},
  server: Partial<ShopifyLife> = {},
) {
  let ms = 0;
  const now = (): number => ms;
  const local = await startShopify({ life, ...server, rate: { now, ...server.rate } });
  onTestFinished(async () => local.stop());
  const { door, events, log } = doorTo(local.url);
  const waits: number[] = [];
  const wait = async (rest: number): Promise<void> => {
    waits.push(rest);
    ms += rest;
  };
  const shop = shopify({
    baseUrl: local.url,
    credentials: local.credentials,
    http: door,
    log,
    wait,
    clock: now,
    monotonic: now,
    integrationApps: [],
    channels: [],
    gateways: [],
    locations: [],
    together: 1, // each page of the walk is a page of its own
    ...options,
  });
  const later = (rest: number): void => {
    ms += rest;
  };
  return { local, shop, events, waits, later };
}

export const NOVEMBER = { since: "2026-11-01T00:00:00.000Z", until: "2026-11-30T00:00:00.000Z" };

type Pages = Pick<Awaited<ReturnType<typeof aShop>>["shop"], "refundsSince">;

/** Every page of a window, as `pull` would ask for them. */
export async function everyPage(
  shop: Pages,
  window = NOVEMBER,
): Promise<SourcePage<StorefrontRefund>[]> {
  const pages: SourcePage<StorefrontRefund>[] = [];
  let cursor: string | null = null;
  do {
    const page: SourcePage<StorefrontRefund> = await shop.refundsSince(window, cursor);
    pages.push(page);
    cursor = page.next;
  } while (cursor !== null);
  return pages;
}

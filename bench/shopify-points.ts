import { http } from "../lambdas/systems/http.ts";
import { shopify } from "../lambdas/systems/storefront/shopify.ts";
import { generateLife } from "../local/life/generate.ts";
import { startShopify } from "../local/shopify/serve.ts";
import type { Figure } from "./figure.ts";

/**
 * Points of Shopify's rate limit for one refund, the walk over orders without refunds included, by
 * the simulator's reading of the documented rule. The published one-refund query costs 106.
 */
export async function shopifyPointsBench(): Promise<readonly Figure[]> {
  const life = generateLife({ seed: 7, from: "2026-10-19T00:00:00.000Z", days: 14 });
  const shop = await startShopify({ life, rate: { maximum: 1_000_000, restore: 1_000_000 } });
  try {
    const door = http({ baseUrl: shop.url, log });
    const { credentials, url: baseUrl } = shop;
    const settings = { integrationApps: [], channels: [], gateways: [] };
    const client = shopify({ baseUrl, credentials, http: door, log, ...settings });
    const window = { since: "2026-10-01T00:00:00.000Z", until: "2026-11-30T00:00:00.000Z" };
    let refunds = 0;
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof client.refundsSince>> = await client.refundsSince(
        window,
        cursor,
      );
      refunds += page.observations.length;
      cursor = page.next;
    } while (cursor !== null);
    const value = Math.round((client.pointsSpent() / refunds) * 10) / 10;
    return [
      {
        name: "shopifyPointsPerRefund",
        value,
        unit: "points",
        goal: "at most half of 106",
        met: value <= 53,
      },
    ];
  } finally {
    await shop.stop();
  }
}

function log(): void {
  // what one refund costs is counted by the client, not read from the log
}

import { pull } from "../lambdas/jobs/pull.ts";
import { http } from "../lambdas/systems/http/http.ts";
import type { System } from "../lambdas/systems/source.ts";
import { shopify } from "../lambdas/systems/storefront/shopify/shopify.ts";
import { generateLife } from "../local/life/generate.ts";
import { startShopify } from "../local/shopify/serve.ts";
import { MemoryPorts } from "../test/fakes/memory-ports.ts";
import { benchBrand } from "./clean-refund.ts";
import type { Figure } from "./figure.ts";

/**
 * Points of Shopify's rate limit per refund, as the simulator computes them from the documented
 * rule. All queries are included: the list of orders without refunds, the shop's identity, its
 * permissions, its count, and on the schedule the records that are read more than once. The
 * published one-refund query costs 106.
 *
 * "On one pass" reads two weeks at once, as after an outage. "On the schedule" pulls every quarter
 * of an hour for two days, with the daily look back, for a brand with about 850 refunds a day. A
 * brand with 37 refunds a day has mostly one refund per pull, and a connection does not make that
 * cheaper: its figure has no goal.
 */
export async function shopifyPointsBench(): Promise<readonly Figure[]> {
  return [
    figure("shopifyPointsOnePass", await pointsFor({ days: 14, ticks: 1 }), 6),
    figure("shopifyPointsOnSchedule", await pointsFor({ ...BUSY, days: 2, ticks: 192 }), 20),
    figure("shopifyPointsOnScheduleSmallBrand", await pointsFor({ days: 4, ticks: 384 }), null),
  ];
}

const BUSY = { ordersPerDay: 8_000 };

async function pointsFor(plan: {
  readonly days: number;
  readonly ticks: number;
  readonly ordersPerDay?: number;
}): Promise<number> {
  const from = Date.parse("2026-10-19T00:00:00.000Z");
  const { days, ordersPerDay } = plan;
  const life = generateLife({
    seed: 7,
    from: iso(from),
    days,
    ...(ordersPerDay !== undefined && { ordersPerDay }),
  });
  let now = iso(from);
  const shop = await startShopify({
    life,
    clock: () => now,
    rate: { maximum: 1_000_000, restore: 1_000_000 },
  });
  try {
    const ports = new MemoryPorts();
    const refunds = new Set<string>();
    let points = 0;
    for (let tick = 1; tick <= plan.ticks; tick += 1) {
      now = iso(from + (tick / plan.ticks) * plan.days * DAY_MS);
      const client = clientOf(shop);
      const system: System = {
        ...client,
        since: async (window, cursor, known) => client.refundsSince(window, cursor, known),
        byId: async (ids, orders) => client.refundsById(ids, orders),
      };
      const run = { ports, system, source: "storefront" as const, now, run: now };
      await pull({ ...run, brand: benchBrand(), remainingMs: () => 600_000, log });
      points += client.pointsSpent();
    }
    for (const { sk } of ports.items.values()) if (sk.startsWith("refund:")) refunds.add(sk);
    return points / refunds.size;
  } finally {
    await shop.stop();
  }
}

/** A new client for each tick, as in a new Lambda process: nothing is kept in memory. */
function clientOf({ url: baseUrl, credentials }: Awaited<ReturnType<typeof startShopify>>) {
  const httpClient = http({ baseUrl, log });
  const settings = { integrationApps: [], channels: [], gateways: [], locations: [] };
  return shopify({ baseUrl, credentials, http: httpClient, log, ...settings });
}

function figure(name: string, points: number, most: number | null): Figure {
  const value = Math.round(points * 10) / 10;
  const goal = most === null ? "none" : `at most ${most}`;
  return { name, value, unit: "points", goal, met: most === null || value <= most };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function log(): void {
  // the client counts the points, so the log is not needed
}

const DAY_MS = 86_400_000;

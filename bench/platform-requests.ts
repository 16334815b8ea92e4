import { pull } from "../lambdas/jobs/pull.ts";
import { connect } from "../lambdas/systems/connect.ts";
import type { System } from "../lambdas/systems/source.ts";
import { parseBrand } from "../lambdas/brand.ts";
import type { Brand } from "../lambdas/brand.ts";
import { generateLife } from "../local/life/generate.ts";
import { ERPS, STOREFRONTS } from "../local/platforms.ts";
import { MemoryPorts } from "../test/fakes/memory-ports.ts";
import type { Figure } from "./figure.ts";

/**
 * Requests per 1,000 refunds to the platforms that limit requests, or that name no limit, and the
 * least time in which a million refunds can be read within the limit.
 *
 * "On one pass" reads two weeks at once, as after an outage. "On the schedule" pulls every quarter of
 * an hour for two days, with the daily look back, for a brand with about 850 refunds a day.
 *
 * Source of the limits: BigCommerce, 150 requests in 30 seconds on the smaller plans and 450 on Pro,
 * of which a tenth is left for the other apps of the shop. Magento, SAP and Oracle publish none.
 */
export async function platformRequestsBench(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [source, platform] of [
    ...Object.keys(STOREFRONTS).map((name) => ["storefront", name] as const),
    ...Object.keys(ERPS).map((name) => ["erp", name] as const),
  ]) {
    // Shopify limits points and NetSuite runs; other measurements tell theirs.
    if (platform === "shopify" || platform === "netsuite") continue;
    const once = await requestsFor(source, platform, { days: 14, ticks: 1 });
    const scheduled = await requestsFor(source, platform, {
      days: 2,
      ticks: 192,
      ordersPerDay: 8_000,
    });
    figures.push(
      figure(`${platform}RequestsOnePass`, once, "per 1,000"),
      figure(`${platform}RequestsOnSchedule`, scheduled, "per 1,000"),
    );
    if (platform !== "bigcommerce") continue;
    for (const requests of [150, 450]) {
      const seconds = (once * 1_000) / ((requests * OWN_SHARE) / WINDOW_SECONDS);
      figures.push(figure(`${platform}HoursForAMillionAt${requests}`, seconds / 3_600, "hours"));
    }
  }
  return figures;
}

const OWN_SHARE = 0.9;
const WINDOW_SECONDS = 30;

async function requestsFor(
  source: "storefront" | "erp",
  platform: string,
  plan: { readonly days: number; readonly ticks: number; readonly ordersPerDay?: number },
): Promise<number> {
  const from = Date.parse("2026-10-19T00:00:00.000Z");
  const { days, ordersPerDay } = plan;
  const plain = { seed: 7, from: iso(from), days };
  const kind = STOREFRONTS[platform] ?? ERPS[platform];
  if (kind === undefined) throw new Error(`no simulator of ${platform}`);
  const generated = generateLife(ordersPerDay === undefined ? plain : { ...plain, ordersPerDay });
  const life = kind.fit?.(generated) ?? generated;
  let now = iso(from);
  const clock = (): string => now;
  const server = await kind.start(life, clock);
  try {
    const brand = brandOn(source, platform, server.url, kind.settings(life));
    const ports = new MemoryPorts();
    for (let tick = 1; tick <= plan.ticks; tick += 1) {
      now = iso(from + (tick / plan.ticks) * days * DAY_MS);
      const { credentials } = server;
      const system: System = await connect(brand, source, { credentials, now, log, remainingMs });
      await pull({ ports, system, brand, source, now, run: now, remainingMs, log });
    }
    const refunds = life.refunds.filter(({ transactions }) => transactions.length > 0);
    return ((server.requests?.length ?? 0) / refunds.length) * 1_000;
  } finally {
    await server.stop();
  }
}

function brandOn(
  source: "storefront" | "erp",
  platform: string,
  baseUrl: string,
  settings: Readonly<Record<string, unknown>>,
): Brand {
  const other = { baseUrl: "https://example.com", credentials: "other" };
  const own = { platform, baseUrl, credentials: "own", ...settings };
  return parseBrand(
    {
      brand: "bench",
      currency: "USD",
      timeZone: "America/New_York",
      storefront: source === "storefront" ? own : { platform: "shopify", ...other },
      erp: source === "erp" ? own : { platform: "netsuite", ...other },
    },
    "bench",
  );
}

function figure(name: string, measured: number, unit: string): Figure {
  return { name, value: Math.round(measured * 10) / 10, unit, goal: "none", met: true };
}

function remainingMs(): number {
  return 600_000;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function log(): void {
  // the simulator counts the requests, so the log is not needed
}

const DAY_MS = 86_400_000;

import { digest } from "../lambdas/jobs/digest.ts";
import { pull } from "../lambdas/jobs/pull.ts";
import { watch } from "../lambdas/jobs/watch.ts";
import { parseBrand } from "../lambdas/brand.ts";
import type { Brand } from "../lambdas/brand.ts";
import { connect } from "../lambdas/systems/connect.ts";
import { generateLife } from "../local/life/generate.ts";
import type { Life } from "../local/life/life.ts";
import { startNetsuite } from "../local/netsuite/serve.ts";
import { startShopify } from "../local/shopify/serve.ts";
import { MemoryPorts } from "../test/fakes/memory-ports.ts";

/**
 * Follows one refund through each job of the product and prints, for each, the files in the order in
 * which a function of them first ran. `road.ts` builds this file with a note at the start of every
 * function.
 */
const entered: { now: Set<string> | null } = { now: null };
Object.assign(globalThis, { enter: (file: string) => entered.now?.add(file) });

const life = lifeOfOneRefund();
const [refund] = life.refunds;
const begin = Date.parse(refund?.createdAt ?? "");
let now = iso(begin + 900_000);
const shop = await startShopify({
  life,
  clock: () => now,
  rate: { maximum: 20_000, restore: 1_000 },
});
const complete = await startNetsuite({ life, clock: () => now });
const empty = await startNetsuite({ life: { ...life, documents: [] }, clock: () => now });
let books = complete;
let ports = new MemoryPorts();
const roads: Record<string, readonly string[]> = {};
try {
  await follow("pull of the storefront", async () => pullFrom("storefront"));
  now = iso(begin + 40 * 3_600_000);
  await follow("pull of the ERP", async () => pullFrom("erp"));

  books = empty;
  ports = new MemoryPorts();
  now = iso(begin + 900_000);
  await pullBoth();
  now = iso(begin + 8 * 3_600_000);
  await pullBoth();
  const job = { ports, brand: brandOf(books.url), log };
  await follow("watch", async () => watch({ ...job, now, remainingMs }));
  now = iso(begin + 30 * 3_600_000);
  await pullBoth();
  await follow("digest", async () => digest({ ...job, now, bucket: "bucket" }));
} finally {
  await shop.stop();
  await complete.stop();
  await empty.stop();
}
process.stdout.write(`${JSON.stringify(roads)}\n`);

async function follow(job: string, work: () => Promise<unknown>): Promise<void> {
  const files = new Set<string>();
  entered.now = files;
  await work();
  entered.now = null;
  roads[job] = [...files];
}

async function pullBoth(): Promise<void> {
  await pullFrom("storefront");
  await pullFrom("erp");
}

async function pullFrom(source: "storefront" | "erp"): Promise<void> {
  const brand = brandOf(books.url);
  const { credentials } = source === "erp" ? books : shop;
  const connected = await connect(brand, source, { credentials, log, remainingMs });
  const { firstAnswerAt: _real, ...system } = connected;
  const run = `${source} ${now}`;
  await pull({ ports, system, brand, source, now, run, remainingMs, log });
}

function brandOf(erp: string): Brand {
  return parseBrand(
    {
      brand: "road",
      currency: "USD",
      timeZone: "America/New_York",
      storefront: { platform: "shopify", baseUrl: shop.url, credentials: "shop" },
      erp: { platform: "netsuite", baseUrl: erp, credentials: "books" },
      alerts: { sms: ["+15550100"], email: ["ops@example.com"] },
      digest: { email: ["finance@example.com"] },
    },
    "road",
  );
}

function log(): void {
  // Nobody reads it here.
}

function remainingMs(): number {
  return 600_000;
}

function lifeOfOneRefund(): Life {
  const options = { from: "2026-11-02T00:00:00.000Z", days: 2, ordersPerDay: 6 };
  for (let seed = 1; seed < 200; seed += 1) {
    const one = generateLife({ ...options, seed });
    if (
      one.refunds.length === 1 &&
      one.documents.length === 1 &&
      !one.refunds.some(({ transactions }) => transactions.length === 0)
    )
      return one;
  }
  throw new Error("no life of one refund among 200 seeds");
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ERP_SECRET, STOREFRONT_SECRET, writeDemoBrand } from "../../local/demo-brand.ts";
import { generateLife } from "../../local/life/generate.ts";
import { startNetsuite } from "../../local/netsuite/serve.ts";
import { startShopify } from "../../local/shopify/serve.ts";
import { typed } from "./captured.ts";
import type { Ran } from "./captured.ts";

const NOW = "2026-11-04T12:00:00.000Z";
const folder = mkdtempSync(join(tmpdir(), "refund-watch-doctor-"));
const config = join(folder, "brand.yaml");
const life = generateLife({ seed: 5, from: "2026-11-02T00:00:00.000Z", days: 2, ordersPerDay: 60 });
let shop: Awaited<ReturnType<typeof startShopify>>;
let books: Awaited<ReturnType<typeof startNetsuite>>;

beforeAll(async () => {
  shop = await startShopify({ life, clock: () => NOW, rate: { maximum: 20_000, restore: 5_000 } });
  books = await startNetsuite({ life, clock: () => NOW });
  writeDemoBrand(config, life, { storefront: shop.url, erp: books.url });
}, 60_000);

afterAll(async () => {
  await shop.stop();
  await books.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function doctor(change: Readonly<Record<string, unknown>> = {}): Promise<Ran> {
  const file = join(folder, "credentials.json");
  const secrets = { [STOREFRONT_SECRET]: shop.credentials, [ERP_SECRET]: books.credentials };
  writeFileSync(file, JSON.stringify({ ...secrets, ...change }));
  return typed("doctor", "--config", config, "--credentials", file, "--now", NOW);
}

describe("doctor", () => {
  it("says what it could read of both systems", async () => {
    const { code, out } = await doctor();
    expect(out).toMatch(/^ok {3}.*brand demo/);
    expect(out.replaceAll(/\s+/g, " ")).toMatch(
      /Shopify at \S+: signed in; .*NetSuite at \S+: signed in;/,
    );
    expect(out).toContain("Both systems can be read.");
    expect(code).toBe(0);
  });

  it.each([
    ["a secret that is not there", { [ERP_SECRET]: undefined }, /no demo\/netsuite/],
    ["a secret of the wrong shape", { [ERP_SECRET]: { clientId: "canary-7" } }, /certificateId/],
    ["a token that is refused", { [STOREFRONT_SECRET]: { accessToken: "canary-7" } }, /401|403/],
  ])(
    "names %s, looks at the other side all the same, and shows no secret",
    async (_, change, why) => {
      const { code, out, err } = await doctor(change);
      expect(code).toBe(1);
      expect(out).toMatch(why);
      expect(out.match(/signed in/g)).toHaveLength(1);
      expect(out + err).not.toContain("canary-7");
    },
  );
});

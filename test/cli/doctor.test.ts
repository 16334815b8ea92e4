import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ERP_SECRET, STOREFRONT_SECRET, writeDemoBrand } from "../../local/demo-brand.ts";
import { generateLife } from "../../local/life/generate.ts";
import { startNetsuite } from "../../local/netsuite/serve.ts";
import { startBigCommerce } from "../../local/bigcommerce/serve.ts";
import { startSap } from "../../local/sap/serve.ts";
import { startShopify } from "../../local/shopify/serve.ts";
import { typed } from "./captured.ts";
import type { Ran } from "./captured.ts";

const NOW = "2026-11-07T12:00:00.000Z";
const folder = mkdtempSync(join(tmpdir(), "refund-watch-doctor-"));
const config = join(folder, "brand.yaml");
const life = generateLife({
  seed: 5,
  from: "2026-11-02T00:00:00.000Z",
  days: 5,
  ordersPerDay: 90,
  otherShop: true,
});
let shop: Awaited<ReturnType<typeof startShopify>>;
let books: Awaited<ReturnType<typeof startNetsuite>>;

beforeAll(async () => {
  shop = await startShopify({ life, clock: () => NOW, rate: { maximum: 20_000, restore: 5_000 } });
  books = await startNetsuite({ life, clock: () => NOW });
  writeDemoBrand(config, life, {
    storefront: { platform: "shopify", url: shop.url },
    erp: { platform: "netsuite", url: books.url },
  });
}, 60_000);

afterAll(async () => {
  await shop.stop();
  await books.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function doctor(
  change: Readonly<Record<string, unknown>> = {},
  brand = config,
  now = NOW,
): Promise<Ran> {
  const file = join(folder, "credentials.json");
  const secrets = { [STOREFRONT_SECRET]: shop.credentials, [ERP_SECRET]: books.credentials };
  writeFileSync(file, JSON.stringify({ ...secrets, ...change }));
  return typed("doctor", "--config", brand, "--credentials", file, "--now", now);
}

describe("doctor", () => {
  it("says what it could read of both systems", async () => {
    const { code, out } = await doctor();
    const text = out.replaceAll(/\s+/g, " ");
    expect(out).toMatch(/^ok {3}.*brand demo/);
    expect(text).toMatch(
      /Shopify at \S+: signed in; it is \S+\. .*NetSuite at \S+: signed in; it is/,
    );
    expect(text).toMatch(/Shopify grants .*read_orders/);
    expect(text).toMatch(/Shopify: \d+ of 20000 points of its limit for queries are free/);
    expect(text).toMatch(/the role reads 2 companies: 1 \(Subsidiary 1\), 2 \(Subsidiary 2\)/);
    expect(out).toContain("Both systems can be read.");
    expect(code).toBe(0);
  });

  it("does not say that all is well where a system shows no record", async () => {
    const { code, out } = await doctor({}, config, "2026-12-01T12:00:00.000Z");
    expect(out.replaceAll(/\s+/g, " ")).toMatch(
      /Both systems answer, but Shopify and NetSuite showed no record of these days/,
    );
    expect(code).toBe(0);
  });

  it("lists whose documents these seem to be, and prints the lines for the brand file", async () => {
    const { out } = await doctor();
    const text = out.replaceAll(/\s+/g, " ");
    expect(text).toMatch(/company 1: \d+ of \d+ documents agree with a refund; this shop's\./);
    expect(text).toMatch(
      /company 2: 0 of \d+ documents agree with a refund; they are probably another business's/,
    );
    expect(text).toMatch(/user \d+: \d+ of \d+ documents agree with a refund; a machine, listed/);
    expect(out).toMatch(
      /Proposed for the brand file .*:\n {2}erp:\n {4}scope:\n {6}companies: \["1"\]/,
    );
    const theirs = life.documents.find(({ subsidiary }) => subsidiary === "2")?.createdBy.id ?? "";
    expect(text).toContain(`user ${theirs}:`);
    const lines = out.slice(out.indexOf("Proposed for the brand file"));
    expect(lines).not.toContain(theirs);
  });

  it.each([
    ["99", 1, /erp\.scope\.companies names 99, but the role reads 1, 2: correct the id/],
    ["2", 0, /company 1: .* erp\.scope leaves it out, although it seems to be this shop's: add it/],
  ])("says what is wrong with a scope of company %s", async (company, exit, words) => {
    const scoped = join(folder, "scoped.yaml");
    const text = readFileSync(config, "utf8").replace(
      "erp:\n",
      `erp:\n  scope: { companies: ["${company}"] }\n`,
    );
    writeFileSync(scoped, text);
    const { code, out } = await doctor({}, scoped);
    expect(out.replaceAll(/\s+/g, " ")).toMatch(words);
    expect(code).toBe(exit);
  });

  it.each([
    ["a secret that is not there", { [ERP_SECRET]: undefined }, /no demo\/erp/],
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

describe("doctor of BigCommerce and SAP", () => {
  it("lists channels and makers of refunds, and fails where the scope names no company of the documents", async () => {
    const store = await startBigCommerce({ life, clock: () => NOW });
    const sap = await startSap({ life, clock: () => NOW });
    const plain = join(folder, "bigcommerce-sap.yaml");
    writeDemoBrand(plain, life, {
      storefront: { platform: "bigcommerce", url: store.url },
      erp: { platform: "sap", url: sap.url },
    });
    const scoped = join(folder, "bigcommerce-sap-scoped.yaml");
    const text = readFileSync(plain, "utf8").replace(
      "erp:\n",
      'erp:\n  scope: { companies: ["9999"] }\n',
    );
    writeFileSync(scoped, text);
    const secrets = { [STOREFRONT_SECRET]: store.credentials, [ERP_SECRET]: sap.credentials };
    const [well, wrong] = [await doctor(secrets, plain), await doctor(secrets, scoped)];
    await store.stop();
    await sap.stop();
    expect(well.code).toBe(0);
    expect(well.out.replaceAll(/\s+/g, " ")).toMatch(
      /BigCommerce, channels of these refunds: web \d+.* made by: .*\d+/,
    );
    expect(wrong.code).toBe(1);
    expect(wrong.out.replaceAll(/\s+/g, " ")).toContain(
      "FAIL erp.scope.companies names 9999, but no document of these days has it; the ERP showed 1001",
    );
    expect(wrong.out).not.toContain("needs no other line");
  });
});

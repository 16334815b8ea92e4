import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { summarySchema } from "../../lambdas/refund/summary/summary.ts";
import type { Summary } from "../../lambdas/refund/summary/summary.ts";
import { ERP_SECRET, STOREFRONT_SECRET, writeDemoBrand } from "../../local/demo-brand.ts";
import { generateLife } from "../../local/life/generate.ts";
import { startNetsuite } from "../../local/netsuite/serve.ts";
import { startShopify } from "../../local/shopify/serve.ts";
import { beginState } from "./begin-state.ts";
import { typed } from "./captured.ts";
import type { Ran } from "./captured.ts";

const NOW = "2026-11-05T12:00:00.000Z";
const NEXT = "2026-11-06T12:00:00.000Z";
const folder = mkdtempSync(join(tmpdir(), "refund-watch-verbs-"));
const config = join(folder, "brand.yaml");
const credentials = join(folder, "credentials.json");
const at = ["--config", config, "--state", join(folder, "state")];
const life = generateLife({
  seed: 5,
  from: "2026-11-02T00:00:00.000Z",
  days: 3,
  ordersPerDay: 300,
  faults: { register_bypass: 0.9 },
});
let shop: Awaited<ReturnType<typeof startShopify>>;
let books: Awaited<ReturnType<typeof startNetsuite>>;
let now = NOW;

beforeAll(async () => {
  shop = await startShopify({ life, clock: () => now, rate: { maximum: 20_000, restore: 5_000 } });
  books = await startNetsuite({ life, clock: () => now });
  writeDemoBrand(config, life, {
    storefront: { platform: "shopify", url: shop.url },
    erp: { platform: "netsuite", url: books.url },
  });
  const secrets = { [STOREFRONT_SECRET]: shop.credentials, [ERP_SECRET]: books.credentials };
  writeFileSync(credentials, JSON.stringify(secrets));
  beginState(join(folder, "state"));
  await cycle(NOW);
}, 90_000);

afterAll(async () => {
  await shop.stop();
  await books.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function cycle(instant: string): Promise<void> {
  now = instant;
  const { code, err } = await typed("run", ...at, "--credentials", credentials, "--now", now);
  if (code !== 0) throw new Error(err);
}

async function ok(...words: readonly string[]): Promise<string> {
  const { code, out, err }: Ran = await typed(...words, ...at);
  expect([code, err]).toEqual([0, ""]);
  return out;
}

function lastFile(name: string): string {
  const root = join(folder, "state", "s3");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  const last =
    files
      .filter((file) => file.endsWith(name))
      .toSorted()
      .at(-1) ?? "";
  return readFileSync(join(root, last), "utf8");
}

function lastSummary(): Summary {
  return summarySchema.parse(JSON.parse(lastFile("summary.json")));
}

describe("the operator's verbs on a local state", () => {
  it(
    "explain, answer, fix, triage and resolve one morning's work, and the next digest knows",
    { timeout: 120_000 },
    async () => {
      const cohort = lastSummary().cohorts[0];
      const key = cohort?.key ?? "";
      expect(lastFile("digest.txt").replaceAll(/\s+/g, " ")).toContain("Key: ");

      const screen = await ok("explain", key);
      expect(screen).toContain("The five questions");
      expect(screen).toMatch(/3\. Is it concentrated somewhere\? (YES|NO|MIXED|UNKNOWN)/);
      for (const line of screen.split("\n")) expect(line.length).toBeLessThanOrEqual(80);

      const row = lastSummary().exceptions.find(({ refundId }) => refundId !== null);
      const refundId = row?.refundId ?? "";
      const refund = await ok("explain", refundId);
      expect(refund).toContain(`refund ${refundId}, order ${row?.orderNumber ?? ""}`);
      expect(refund).toMatch(/Shopify +NetSuite/);
      expect(refund).toContain("not in the ERP");
      for (const line of refund.split("\n")) expect(line.length).toBeLessThanOrEqual(80);

      expect(await ok("answer", key, "2=yes", "--by", "Ann", "--now", NOW)).toContain("Stored");
      expect(await ok("explain", key)).toContain("Ann answered on 2026-11-05");
      const pre = await ok(
        "triage",
        key,
        ...[1, 3, 4, 5].flatMap((id) => ["--answer", `${id}=unknown`]),
      );
      expect(pre).toContain("YES (from the data)");

      expect(
        await ok(
          "fix",
          "--cohort",
          key,
          "--on",
          "2026-11-04",
          "--note",
          "<i>form</i>",
          "--now",
          NOW,
        ),
      ).toContain("Recorded");
      expect(
        await ok("resolve", refundId, "--by", "Ann", "--note", "entered", "--now", NOW),
      ).toContain("is resolved");

      await cycle(NEXT);
      const next = lastSummary();
      expect(next.exceptions.map((one) => one.refundId)).not.toContain(refundId);
      expect(next.totals.resolved).toBe(1);
      expect(next.checkIns).toMatchObject([
        { cohort: key, verdict: "too early", dueOn: "2026-12-04" },
      ]);
      expect(lastFile("digest.html")).toContain("&#60;i&#62;form");
      expect(lastFile("digest.txt")).toContain("Too early to tell");
    },
  );

  it.each([
    [
      "an unknown cohort",
      ["fix", "--cohort", "nope", "--on", "2026-11-04", ...at],
      /no cohort "nope"/,
    ],
    [
      "a day that is none",
      ["fix", "--cohort", "x", "--on", "2026-02-30", ...at],
      /--on must be a day/,
    ],
    [
      "a word that nobody knows",
      ["explain", "nonsense", ...at],
      /nothing is known about "nonsense"/,
    ],
    ["a word without a name", ["resolve", "1", "--note", "x", ...at], /--by is missing/],
    ["no state", ["explain", "1", "--config", config], /cannot read a deployed stack yet/],
    [
      "a state that is not there",
      ["status", "--config", config, "--state", join(folder, "no")],
      /there is no state in/,
    ],
    ["a verb to come", ["ack", "1"], /not in this version yet/],
  ])("ends with 2 and says why for %s", { timeout: 30_000 }, async (_, words, why) => {
    const { code, err } = await typed(...words);
    expect(err).toMatch(why);
    expect(code).toBe(2);
  });
});

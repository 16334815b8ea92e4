import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { main } from "../../cli/main.ts";
import { summarySchema } from "../../lambdas/refund/summary/summary.ts";
import type { Summary } from "../../lambdas/refund/summary/summary.ts";
import { ERP_SECRET, STOREFRONT_SECRET, writeDemoBrand } from "../../local/demo-brand.ts";
import { generateLife } from "../../local/life/generate.ts";
import { startNetsuite } from "../../local/netsuite/serve.ts";
import { startShopify } from "../../local/shopify/serve.ts";
import { beginState } from "./begin-state.ts";

const BEGIN = "2026-11-02T00:00:00.000Z";
const END = "2026-11-05T12:00:00.000Z";

const folder = mkdtempSync(join(tmpdir(), "refund-watch-run-"));
const life = generateLife({ seed: 5, from: BEGIN, days: 3, ordersPerDay: 120 });
let now = BEGIN;
let shop: Awaited<ReturnType<typeof startShopify>>;
let books: Awaited<ReturnType<typeof startNetsuite>>;
const config = join(folder, "brand.yaml");
const credentials = join(folder, "credentials.json");

beforeAll(async () => {
  shop = await startShopify({ life, clock: () => now, rate: { maximum: 20_000, restore: 5_000 } });
  books = await startNetsuite({ life, clock: () => now });
  writeDemoBrand(config, life, {
    storefront: { platform: "shopify", url: shop.url },
    erp: { platform: "netsuite", url: books.url },
  });
  const secrets = { [STOREFRONT_SECRET]: shop.credentials, [ERP_SECRET]: books.credentials };
  writeFileSync(credentials, JSON.stringify(secrets));
  beginState(join(folder, "once"));
  beginState(join(folder, "often"));
}, 60_000);

afterAll(async () => {
  await shop.stop();
  await books.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The command that a user types, in this process. */
async function run(state: string, at: string, more: readonly string[] = []): Promise<number> {
  now = at;
  const files = ["--config", config, "--credentials", credentials];
  return main(["run", ...files, "--state", join(folder, state), "--now", at, ...more]);
}

function lastSummary(state: string): Summary {
  const files = readdirSync(join(folder, state, "s3"), { recursive: true, encoding: "utf8" });
  const last =
    files
      .filter((file) => file.endsWith("summary.json"))
      .toSorted()
      .at(-1) ?? "";
  return summarySchema.parse(JSON.parse(readFileSync(join(folder, state, "s3", last), "utf8")));
}

/** Diagnosis learns from the days' roll-ups, and the one long run rolled them up at another time. */
function withoutDiagnosis(row: Summary["exceptions"][number]): object {
  return { ...row, diagnosis: null };
}

function everything(state: string): Record<string, string> {
  const root = join(folder, state);
  const files = readdirSync(root, { recursive: true, withFileTypes: true });
  const kept = files.filter((file) => file.isFile() && !file.parentPath.includes("database"));
  return Object.fromEntries(
    kept.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path, readFileSync(path).toString("base64")];
    }),
  );
}

describe("refund-watch run, against both simulators over HTTP", () => {
  it(
    "gives the same records in one long run as in many small ones",
    { timeout: 180_000 },
    async () => {
      expect(await run("once", END)).toBe(0);
      // What was synthesised is the same for both.
      cpSync(join(folder, "once", "synth"), join(folder, "often", "synth"), { recursive: true });
      for (let at = Date.parse(BEGIN) + 9 * 3_600_000; at < Date.parse(END); at += 24 * 3_600_000)
        expect(await run("often", new Date(at).toISOString())).toBe(0);
      expect(await run("often", END)).toBe(0);

      const once = lastSummary("once");
      const often = lastSummary("often");
      expect(once.totals.refunds).toBeGreaterThan(3);
      expect(often.totals).toEqual(once.totals);
      expect(often.exceptions.map(withoutDiagnosis)).toEqual(once.exceptions.map(withoutDiagnosis));
    },
  );

  it("writes nothing when the same instant is run again", { timeout: 60_000 }, async () => {
    const before = everything("once");
    expect(await run("once", END)).toBe(0);
    expect(everything("once")).toEqual(before);
  });

  it(
    "fails one job, runs the others, and takes up where it stopped",
    { timeout: 60_000 },
    async () => {
      books.faults.plan({ kind: "redirect", to: "http://127.0.0.1:9/" });
      expect(await run("once", "2026-11-06T12:00:00.000Z")).toBe(1);
      const partial = lastSummary("once");
      expect(partial.date).toBe("2026-11-05");
      const read = partial.completeness.map(({ source, completeThrough }) => [
        source,
        completeThrough,
      ]);
      expect(read).toEqual([
        ["storefront", "2026-11-06T12:00:00.000Z"],
        ["erp", END],
      ]);
      expect(await run("once", "2026-11-06T12:15:00.000Z")).toBe(0);
      expect(await run("often", "2026-11-06T12:15:00.000Z")).toBe(0);
      expect(lastSummary("once").totals).toEqual(lastSummary("often").totals);
    },
  );

  it("makes a day's digest again, byte for byte, and says so", { timeout: 60_000 }, async () => {
    const { date } = lastSummary("often");
    const at = ["--config", config, "--state", join(folder, "often")];
    expect(await main(["rebuild", date, ...at])).toBe(0);
    expect(await main(["rebuild", "2020-01-01", ...at])).toBe(1);
    expect(await main(["rebuild", "yesterday", ...at])).toBe(2);
  });
});

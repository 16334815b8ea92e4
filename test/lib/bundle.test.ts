import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { bundle } from "../../lib/bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "bundle-"));
const one = join(folder, "one");

beforeAll(() => bundle("test/fixtures/handlers/round-trip.ts", one));
afterAll(() => rmSync(folder, { recursive: true }));

function bytes(of: string): Readonly<Record<string, string>> {
  const files = readdirSync(of).toSorted();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(of, file), "utf8")]));
}

describe("a bundle", () => {
  it("is the same bytes each time, so that nothing is deployed that did not change", async () => {
    const two = join(folder, "deeper", "two");
    await bundle("test/fixtures/handlers/round-trip.ts", two);

    expect(bytes(two)).toEqual(bytes(one));
  });

  it("names no folder of the machine it was made on", () => {
    for (const text of Object.values(bytes(one))) expect(text).not.toContain(process.cwd());
  });

  it("loads in a bare Node", () => {
    const script = `import(${JSON.stringify(join(one, "index.mjs"))}).then((m) => console.log(typeof m.handler))`;
    const env = { AWS_REGION: "us-east-1" };

    expect(
      execFileSync(process.execPath, ["--no-warnings", "--eval", script], {
        env,
        encoding: "utf8",
      }),
    ).toBe("function\n");
  });

  it("holds only the credentials that a Lambda has, and only the operations that are called", () => {
    const text = Object.values(bytes(one)).join("");

    expect(text).toContain("PutObject");
    expect(text).not.toContain("AssumeRoleWithWebIdentity");
    expect(text).not.toContain("PutBucketLifecycleConfiguration");
    expect(text.length).toBeLessThan(360 * 1_024); // all four clients
  });
});

describe("the pull job's bundle", () => {
  const pull = join(folder, "pull");
  beforeAll(() => bundle("lambdas/jobs/pull.ts", pull));

  it.each([
    ["shopify", "bigcommerce", "netsuite", "sap"],
    ["bigcommerce", "shopify", "netsuite", "sap"],
  ])("loads for a brand on %s no code of %s", (storefront, other) => {
    const loaded = loadedFor({ storefront, erp: "sap" });

    expect(loaded).toContain(MARKS[storefront]);
    expect(loaded).toContain(MARKS["sap"]);
    expect(loaded).not.toContain(MARKS[other]);
    expect(loaded).not.toContain(MARKS["netsuite"]);
  });

  /** The text of the start and of every chunk that it reaches without an `import()` of a platform. */
  function loadedFor(brand: { readonly storefront: string; readonly erp: string }): string {
    const files = bytes(pull);
    const own = [brand.storefront, brand.erp].map(
      (platform) => Object.keys(files).find((name) => name.startsWith(`${platform}-`)) ?? "",
    );
    const reached = new Set<string>();
    const visit = (name: string): void => {
      if (reached.has(name)) return;
      reached.add(name);
      const text = files[name] ?? "";
      for (const [, next = ""] of text.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) visit(next);
    };
    for (const name of ["index.mjs", ...own]) visit(name);
    return [...reached].map((name) => files[name] ?? "").join("");
  }
});

/** A text that only the code of this platform has. */
const MARKS: Readonly<Record<string, string>> = {
  shopify: "currentAppInstallation",
  bigcommerce: "payment_actions/refunds",
  netsuite: "suiteql",
  sap: "API_BILLING_DOCUMENT_SRV",
};

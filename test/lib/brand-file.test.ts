import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { ERP_PLATFORMS, STOREFRONT_PLATFORMS } from "../../lambdas/platforms.ts";
import { brandFilesIn, readBrandFile } from "../../lib/brand-file.ts";

const folder = mkdtempSync(join(tmpdir(), "brand-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  const file = join(folder, "acme.yaml");
  writeFileSync(file, text);
  return file;
}

const ACME = `
brand: acme
currency: USD
timeZone: America/New_York
storefront: { platform: shopify, baseUrl: https://acme.myshopify.com, credentials: acme/shopify }
erp: { platform: netsuite, baseUrl: https://1.suitetalk.api.netsuite.com, credentials: acme/erp }
`;

describe("a brand file on the disk", () => {
  it("is read with its defaults", () => {
    expect(readBrandFile(written(ACME))).toMatchObject({ brand: "acme", checkpointAfter: "24h" });
  });

  it.each([
    ["a key that is given twice", `${ACME}currency: EUR\n`, /Map keys must be unique at line 7/],
    ["YAML that is broken", `${ACME}alerts: [\n`, /acme\.yaml is not a brand file/],
    ["two documents", `${ACME}---\n${ACME}`, /acme\.yaml is not a brand file/],
    ["an alias to nowhere", `${ACME}alerts: *nobody\n`, /nobody/],
    ["a tag of another language", `${ACME}alerts: !!js/function "x"\n`, /is not a brand file/],
    ["nothing", "", /\(the file\): /],
    ["a list", "- acme\n", /\(the file\): /],
  ])("with %s is refused under its name", (_, text, message) => {
    expect(() => readBrandFile(written(text))).toThrow(message);
    expect(() => readBrandFile(written(text))).toThrow(join(folder, "acme.yaml"));
  });

  it("that is not there is an error that names it", () => {
    expect(() => readBrandFile(join(folder, "none.yaml"))).toThrow(
      /none\.yaml.*\n.*cannot be read/,
    );
  });
});

describe("the folder of brand files", () => {
  it("holds an example with each platform", () => {
    const brands = brandFilesIn("brands").map((file) => readBrandFile(file));

    expect(new Set(brands.map(({ storefront }) => storefront.platform))).toEqual(
      new Set(STOREFRONT_PLATFORMS),
    );
    expect(new Set(brands.map(({ erp }) => erp.platform))).toEqual(new Set(ERP_PLATFORMS));
  });

  it("is an error when it is empty", () => {
    const empty = mkdtempSync(join(folder, "empty-"));

    expect(() => brandFilesIn(empty)).toThrow(/holds no \.yaml file/);
  });
});

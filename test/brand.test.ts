import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { BrandFileError, milliseconds, parseBrand } from "../lambdas/brand.ts";

const ACME = {
  brand: "acme",
  currency: "USD",
  timeZone: "America/New_York",
  storefront: {
    platform: "shopify",
    baseUrl: "https://acme.myshopify.com",
    credentials: "acme/shopify",
  },
  erp: {
    platform: "netsuite",
    baseUrl: "https://123.suitetalk.api.netsuite.com",
    credentials: "acme/netsuite",
  },
};

function problems(change: object): string {
  try {
    parseBrand({ ...ACME, ...change }, "brands/acme.yaml");
  } catch (error) {
    if (error instanceof BrandFileError) return error.message;
    throw error;
  }
  return "none";
}

describe("a brand file", () => {
  it("needs no more than the brand, its currency, its zone and its two systems", () => {
    const brand = parseBrand(ACME, "brands/acme.yaml");

    expect(brand.thresholds).toEqual({
      amount: "25.00",
      staleAfter: "6h",
      approvalLimit: "100.00",
    });
    expect(brand.matching).toEqual({
      orderPrefixes: [],
      window: "72h",
      tolerancePerLine: "0.00",
    });
    expect(brand.digest.at).toBe("07:00");
    expect(brand.checkpointAfter).toBe("24h");
  });

  it("is the same after it went through a Lambda's environment", () => {
    const brand = parseBrand(ACME, "brands/acme.yaml");

    expect(parseBrand(JSON.parse(JSON.stringify(brand)), "BRAND")).toEqual(brand);
  });

  it.each([
    ["an unknown key", { tresholds: {} }, /\(the file\): "tresholds" is not a key here/],
    ["an unknown key inside", { thresholds: { ammount: "1" } }, /thresholds: "ammount" is not a/],
    ["a zone that is none", { timeZone: "America/Springfield" }, /timeZone: is not an IANA time/],
    ["an empty zone", { timeZone: "" }, /timeZone: /],
    ["a negative threshold", { thresholds: { amount: "-25.00" } }, /thresholds\.amount: wanted a/],
    ["a threshold as a number", { thresholds: { amount: 25 } }, /thresholds\.amount: .*in quotes/],
    ["an amount with a comma", { thresholds: { amount: "12,50" } }, /thresholds\.amount: /],
    ["a currency that is none", { currency: "USX" }, /currency: is not a currency of ISO 4217/],
    ["no currency", { currency: undefined }, /currency: /],
    ["a window without unit", { matching: { window: "72" } }, /matching\.window: wanted a dur/],
    ["a threshold of no time", { thresholds: { staleAfter: "0h" } }, /must be more than zero/],
    ["a digest where clocks jump", { digest: { at: "03:59" } }, /digest\.at: must not be betw/],
    [
      "a phone number without country",
      { alerts: { sms: ["5550100"] } },
      /alerts\.sms\.0: .*E\.164/,
    ],
    [
      "an address twice",
      { alerts: { email: ["a@acme.example", "A@acme.example"] } },
      /names an address twice: remove one of the two/,
    ],
    [
      "a reference field that is no field's name",
      { erp: { ...ACME.erp, referenceFields: ["custbody a; drop"] } },
      /erp\.referenceFields\.0: /,
    ],
    ["a brand that cannot name a stack", { brand: "Acme Inc." }, /brand: wanted a-z, 0-9/],
  ])("refuses %s and says where it stands", (_, change, message) => {
    expect(problems(change)).toMatch(message);
    expect(problems(change)).toMatch(/^brands\/acme\.yaml is not a brand file:/);
  });

  it("names every problem at once", () => {
    const message = problems({ timeZone: "Mars/Base", currency: "XXQ", brand: "A" });

    expect(message.split("\n")).toHaveLength(4);
  });

  it.each([
    "http://acme.myshopify.com",
    "http://127.0.0.1.example.com",
    "http://169.254.169.254",
    "https://user:word@acme.myshopify.com",
    "https://acme.myshopify.com?x=1",
    "ftp://acme.myshopify.com",
    "acme.myshopify.com",
    "https://acme.fa.us2.oraclecloud.com/fscmRestApi/resources/11.13.18.05",
    "https://shop.acme.example/rest/V1",
  ])("refuses to be pointed at %s", (baseUrl) => {
    expect(problems({ storefront: { ...ACME.storefront, baseUrl } })).toMatch(
      /storefront\.baseUrl: /,
    );
  });

  it("may be pointed at a tenant or a gateway's folder", () => {
    const baseUrl = "https://na1.api.commerce.adobe.com/AbC123";
    expect(problems({ storefront: { ...ACME.storefront, platform: "magento", baseUrl } })).toBe(
      "none",
    );
  });

  it.each(["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"])(
    "may be pointed at this machine, %s",
    (baseUrl) => {
      expect(problems({ storefront: { ...ACME.storefront, baseUrl } })).toBe("none");
    },
  );
});

describe("a duration", () => {
  it.each([
    ["90s", 90_000],
    ["15m", 900_000],
    ["6h", 21_600_000],
    ["400d", 34_560_000_000],
    ["7y", 220_752_000_000],
  ])("%s is %i milliseconds", (text, ms) => {
    expect(milliseconds(text)).toBe(ms);
  });

  it("is always longer in a larger unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), (count) => {
        const lengths = ["s", "m", "h", "d", "y"].map((unit) => milliseconds(`${count}${unit}`));
        expect(lengths).toEqual(lengths.toSorted((one, other) => one - other));
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { manyRefunds } from "../../local/small-life.ts";
import { aShop, everyPage, NOVEMBER } from "./shopify-shop.ts";

describe("points", () => {
  it("waits for points that flow in, and asks for no more than there are", async () => {
    const { shop, local, waits, events } = await aShop(
      manyRefunds(120),
      {},
      { rate: { maximum: 450, restore: 50 } },
    );
    const page = await shop.refundsSince(NOVEMBER, null);
    expect(page.observations).toHaveLength(120);
    expect(waits.length).toBeGreaterThan(0);
    expect(local.requests.filter(({ throttled }) => throttled)).toEqual([]);
    const paid = local.requests.reduce((sum, { actual }) => sum + actual, 0);
    expect(shop.pointsSpent()).toBe(paid);
    expect(events.filter(({ code }) => code === "SHOPIFY_COST")).toHaveLength(
      local.requests.length,
    );
  });

  it("waits out what was throttled, by the missing points", async () => {
    const { shop, local, waits } = await aShop(manyRefunds(1));
    local.faults.plan({ kind: "throttle" }, 3);
    expect((await shop.refundsSince(NOVEMBER, null)).observations).toHaveLength(1);
    expect(waits).toEqual([1_000, 1_000, 1_000]);
  });

  it("stops asking a bucket that never fills", async () => {
    const { shop, local, waits } = await aShop(manyRefunds(1), {}, { rate: { restore: 0 } });
    local.faults.plan({ kind: "throttle" }, 100);
    await expect(shop.refundsSince(NOVEMBER, null)).rejects.toMatchObject({
      name: "SystemUnavailable",
    });
    expect(waits.length).toBeLessThan(30);
  });

  it("asks for fewer refunds at once when they cost too much", async () => {
    const { shop, local } = await aShop(
      manyRefunds(10),
      {},
      { rate: { maximum: 100, restore: 100 } },
    );
    expect((await shop.refundsSince(NOVEMBER, null)).observations).toHaveLength(10);
    expect(Math.max(...local.requests.map(({ actual }) => actual))).toBeLessThanOrEqual(100);
  });

  it("takes at most 40 points for a plain refund", async () => {
    const { shop } = await aShop(manyRefunds(100));
    await everyPage(shop);
    expect(shop.pointsSpent() / 100).toBeLessThan(40);
  });
});

describe("the token", () => {
  const auth = { clientId: "client", clientSecret: "secret-words" };

  it("is granted once and kept until shortly before its end", async () => {
    const { shop, local, later } = await aShop(manyRefunds(1), {}, { auth });
    await shop.refundsSince(NOVEMBER, null);
    later(86_399_000 - 5 * 60_000 - 1);
    await shop.refundsSince(NOVEMBER, null);
    later(1);
    const before = local.requests.length;
    expect((await shop.refundsSince(NOVEMBER, null)).observations).toHaveLength(1);
    expect(local.requests.length - before).toBe(2);
  });

  it("is renewed once when Shopify refuses it", async () => {
    const { shop, local } = await aShop(manyRefunds(1), {}, { auth });
    await shop.refundsSince(NOVEMBER, null);
    local.faults.expireTokens();
    expect((await shop.refundsSince(NOVEMBER, null)).observations).toHaveLength(1);
  });

  it("that is wrong is told clearly, without the secret", async () => {
    const wrong = { accessToken: "not-this-one" };
    const { shop } = await aShop(manyRefunds(1), { credentials: wrong });
    const error = await shop.refundsSince(NOVEMBER, null).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "Refused", status: 401 });
    expect(String(error)).not.toContain("not-this-one");
    const client = await aShop(
      manyRefunds(1),
      { credentials: { ...auth, clientId: "other" } },
      { auth },
    );
    const refused = await client.shop
      .refundsSince(NOVEMBER, null)
      .catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ name: "Refused" });
    expect(String(refused)).not.toContain("secret-words");
  });

  it("cannot be of another shape", async () => {
    await expect(aShop(manyRefunds(1), { credentials: { token: "hidden" } })).rejects.toThrow(
      "must be {accessToken} or {clientId, clientSecret}",
    );
  });
});

describe("scopes", () => {
  it("without read_users nobody is known, and the log names the scope once", async () => {
    const { shop, local, events } = await aShop(manyRefunds(3));
    local.faults.deny("read_users");
    const page = await shop.refundsSince(NOVEMBER, null);
    expect(page.rejected).toEqual([]);
    expect(page.observations).toHaveLength(3);
    for (const refund of page.observations) {
      expect(refund).toMatchObject({ staff: null, staffKnown: false, app: "Returns portal" });
    }
    const said = events.filter(({ code }) => code === "SHOPIFY_SCOPE_MISSING");
    expect(said.map(({ facts }) => facts?.["scope"])).toEqual(["read_users"]);
  });

  it("without read_orders there is an error that names it, never an empty page", async () => {
    const { shop, local } = await aShop(manyRefunds(1));
    const errors = [
      {
        message: "Access denied for orders field. Required access: `read_orders`",
        path: ["orders"],
        extensions: { code: "ACCESS_DENIED" },
      },
    ];
    const contentType = "application/json";
    for (const data of [null, { orders: null }]) {
      local.faults.plan({ kind: "body", contentType, body: JSON.stringify({ data, errors }) });
      await expect(shop.refundsSince(NOVEMBER, null)).rejects.toThrow("read_orders is missing");
    }
  });
});

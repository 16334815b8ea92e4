import { describe, expect, it } from "vitest";
import {
  aLine,
  anOrder,
  aPayment,
  aRefund,
  manyRefunds,
  numbers,
  smallLife,
} from "../../local/small-life.ts";
import { aShop, everyPage, NOVEMBER } from "./shopify-shop.ts";

describe("walking the window", () => {
  it("brings every refund once, in pages, with what it left out counted by name", async () => {
    const life = smallLife(
      [
        ...numbers(7).map((number) => anOrder(number)),
        anOrder(2001),
        anOrder(2002, { test: true }),
      ],
      [...numbers(7).map((number) => aRefund(number)), aRefund(2002)],
    );
    const { shop } = await aShop(life, { pageSize: 3 });
    const pages = await everyPage(shop);
    expect(pages).toHaveLength(3);
    const ids = pages.flatMap(({ observations }) => observations.map(({ refundId }) => refundId));
    expect(ids.toSorted()).toEqual(numbers(7).map((number) => String(9_000_000 + number)));
    const skipped = pages.map((page) => page.skipped);
    expect(skipped).toContainEqual({ order_without_refund: 1 });
    expect(skipped).toContainEqual({ test_order: 1 });
    expect(pages.reduce((sum, { fetched }) => sum + fetched, 0)).toBe(9);
  });

  it("takes the window's edges in, and its high water from the orders", async () => {
    const orders = ["08:59:59", "09:00:00", "10:00:00", "10:00:01"].map((time, at) =>
      anOrder(1001 + at, { touchedAt: [`2026-11-20T${time}Z`] }),
    );
    const { shop } = await aShop(
      smallLife(
        orders,
        numbers(4).map((number) => aRefund(number)),
      ),
    );
    const window = { since: "2026-11-20T09:00:00.000Z", until: "2026-11-20T10:00:00.000Z" };
    const page = await shop.refundsSince(window, null);
    expect(page.observations.map(({ orderNumber }) => orderNumber)).toEqual(["#1002", "#1003"]);
    expect(page.highWater).toBe("2026-11-20T10:00:00.000Z");
  });

  it("sees a refund only once it has happened", async () => {
    const { shop } = await aShop(manyRefunds(1), {}, { clock: () => "2026-11-10T11:59:59Z" });
    expect(await shop.refundsSince(NOVEMBER, null)).toMatchObject({
      observations: [],
      skipped: { order_without_refund: 1 },
      highWater: "2026-11-02T09:00:00.000Z",
    });
  });

  it("reads an order's refunds again when its list is as long as was asked for", async () => {
    const refunds = numbers(12).map((number) =>
      aRefund(number, { orderId: "5001001", lines: [aLine(1001)] }),
    );
    const { shop } = await aShop(smallLife([anOrder(1001)], refunds));
    const page = await shop.refundsSince(NOVEMBER, null);
    expect(page.observations).toHaveLength(12);
  });

  it("reads what lies behind the first page of lines, payments and agreements", async () => {
    const lines = numbers(9).map((number) => aLine(1001, { id: String(number) }));
    const payments = numbers(5).map((number) => aPayment(number, { amount: "1.00" }));
    const busy = [1001, 1002, 1003, 1004, 1005].map((number) =>
      aRefund(number, {
        orderId: "5001001",
        createdAt: `2026-11-10T12:0${number - 1000}:00Z`,
        lines,
        transactions: payments,
      }),
    );
    const { shop } = await aShop(smallLife([anOrder(1001)], busy));
    const { observations } = await shop.refundsSince(NOVEMBER, null);
    expect(observations).toHaveLength(5);
    for (const refund of observations) {
      expect(refund.lines).toHaveLength(9);
      expect(refund).toMatchObject({ settled: "5.00", app: "Returns portal" });
    }
  });

  it("begins anew before Shopify's 25,000, at the newest change it has seen", async () => {
    const { shop, local } = await aShop(manyRefunds(3), { pageSize: 2 });
    const since = NOVEMBER.since;
    const page = await shop.refundsSince(
      NOVEMBER,
      JSON.stringify({ since, after: null, walked: 24_499 }),
    );
    expect(JSON.parse(page.next ?? "")).toEqual({
      since: "2026-11-10T12:00:00.000Z",
      after: null,
      walked: 0,
    });
    await shop.refundsSince(NOVEMBER, page.next);
    const walks = local.requests.filter(({ body }) => body.includes("ChangedOrders"));
    expect(walks.at(-1)?.body).toContain("updated_at:>='2026-11-10T12:00:00Z'");
  });

  it("says so when more orders changed in one instant than Shopify can list", async () => {
    const { shop } = await aShop(manyRefunds(3), { pageSize: 2 });
    const since = "2026-11-10T12:00:00.000Z";
    const cursor = JSON.stringify({ since, after: null, walked: 24_499 });
    await expect(shop.refundsSince(NOVEMBER, cursor)).rejects.toThrow(
      "over 24500 orders changed at",
    );
  });

  it("gives the same refunds by their ids, and counts those that are gone", async () => {
    const { shop } = await aShop(manyRefunds(2));
    const page = await shop.refundsById(["9001002", "123"]);
    expect(page.observations.map(({ refundId }) => refundId)).toEqual(["9001002"]);
    expect(page).toMatchObject({ skipped: { refund_not_found: 1 }, fetched: 2, next: null });
  });

  it("leaves out refunds with nothing but test payments", async () => {
    const life = smallLife(
      [anOrder(1001)],
      [aRefund(1001, { transactions: [aPayment(1001, { test: true })] })],
    );
    const { shop } = await aShop(life);
    expect((await shop.refundsSince(NOVEMBER, null)).skipped).toEqual({ test_transaction: 1 });
  });
});

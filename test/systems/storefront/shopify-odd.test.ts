import { describe, expect, it } from "vitest";

import type { Listing } from "../../../lambdas/systems/source.ts";
import type { Fault } from "../../../local/shopify/faults.ts";
import { anOrder, aPayment, aRefund, manyRefunds, smallLife } from "../../local/small-life.ts";
import { aShop, NOVEMBER } from "./shopify-shop.ts";

const none: Fault = { kind: "none" };

/** One refund whose details came with this change. */
async function changed(change: (body: string) => string) {
  const { shop, local } = await aShop(smallLife([anOrder(1001)], [aRefund(1001)]));
  local.faults.plan(none);
  local.faults.plan({ kind: "change", change });
  return shop.refundsSince(NOVEMBER, null);
}

describe("what Shopify says of a payment", () => {
  it.each(["UNKNOWN", "ON_HOLD"])(
    "keeps its money on its way where the status is %s, which is neither success nor failure",
    async (status) => {
      const page = await changed((body) =>
        body
          .replace('"status":"SUCCESS"', `"status":"${status}"`)
          .replace(/"totalRefundedSet":\{"shopMoney":\{"amount":"[\d.]+"/, (text) =>
            text.replace(/[\d.]+"$/, '0.00"'),
          ),
      );
      expect(page.observations).toMatchObject([
        {
          settled: "0.00",
          pending: "19.25",
          benign: ["payment_pending"],
          transactions: [{ status: "unknown" }],
        },
      ]);
    },
  );

  it("sets a refund apart whose payment is less than nothing", async () => {
    const page = await changed((body) => body.replaceAll('"amount":"19.25"', '"amount":"-19.25"'));
    expect(page.observations).toEqual([]);
    expect(page.rejected).toMatchObject([{ id: "9001001" }]);
  });

  it.each(["usd", "", "XX1"])("sets a refund apart whose currency is %j", async (code) => {
    const page = await changed((body) =>
      body.replaceAll('"currencyCode":"USD"', `"currencyCode":"${code}"`),
    );
    expect(page.observations).toEqual([]);
    expect(page.rejected[0]?.reason).toContain("currencyCode");
  });

  it("sets a refund apart whose total says that money moved, and whose payments say nothing", async () => {
    const page = await changed((body) => body.replaceAll('"kind":"REFUND"', '"kind":"VOID"'));
    expect(page.observations).toEqual([]);
    expect(page.rejected[0]?.reason).toMatch(/wanted those of totalRefundedSet 19.25, got none/);
  });

  it("sets a refund apart whose list of payments does not say that it ends", async () => {
    const page = await changed((body) =>
      body.replaceAll(/"transactions":\{"pageInfo":\{[^}]*\},/g, '"transactions":{'),
    );
    expect(page.observations).toEqual([]);
    expect(page.rejected[0]?.reason).toContain("transactions.pageInfo");
  });

  it("marks a refund whose payments are not Shopify's own total of it", async () => {
    const page = await changed((body) =>
      body.replace(/("totalRefundedSet":\{"shopMoney":\{"amount":")[\d.]+/, "$118.25"),
    );
    expect(page.observations).toMatchObject([{ settled: "19.25", marks: ["identity_broken"] }]);
  });
});

const bag = (amount: string) => ({
  shopMoney: { amount, currencyCode: "USD" },
  presentmentMoney: { amount, currencyCode: "USD" },
});
const HELD = {
  id: "gid://shopify/OrderAdjustment/1",
  reason: "PENDING_REFUND_DISCREPANCY",
  amountSet: bag("-19.25"),
  taxAmountSet: bag("0.00"),
};

it("archives an error beside data in our own words", async () => {
  const page = await changed((body) => {
    const told = JSON.parse(body) as object;
    const error = {
      message:
        "Access denied for staffMember of jane@canary.example. Required access: `read_users`",
      path: ["nodes", 0, "staffMember"],
      extensions: { code: "ACCESS_DENIED" },
    };
    return JSON.stringify({ ...told, errors: [error] });
  });
  expect(page.observations).toHaveLength(1);
  expect(page.raw.join()).toContain("the scope read_users is missing");
  expect(JSON.stringify(page)).not.toContain("canary");
});

describe("an adjustment that Shopify holds against a payment on its way", () => {
  const begun = { at: "2026-11-10T12:00:00Z", status: "PENDING" } as const;

  it("does not break the refund's identity", async () => {
    const pending = aRefund(1001, { transactions: [aPayment(1001, { statuses: [begun] })] });
    const { shop, local } = await aShop(smallLife([anOrder(1001)], [pending]));
    local.faults.plan(none);
    local.faults.plan({
      kind: "change",
      change: (body) =>
        body.replace(/("orderAdjustments":\{[^[]*"nodes":\[)/, `$1${JSON.stringify(HELD)}`),
    });
    const page = await shop.refundsSince(NOVEMBER, null);
    expect(page.rejected).toEqual([]);
    expect(page.observations).toMatchObject([
      { pending: "19.25", components: { adjustment: "-19.25" }, marks: [] },
    ]);
  });
});

const knowsAll = async (listings: readonly Listing[]) => new Set(listings);

describe("refunds that were read before", () => {
  it("are not read again while their list shows them as they are known", async () => {
    const { shop } = await aShop(manyRefunds(8));
    const first = await shop.refundsSince(NOVEMBER, null);
    const spent = shop.pointsSpent();
    const second = await shop.refundsSince(NOVEMBER, null, knowsAll);
    expect(second.observations).toEqual([]);
    expect(second.listed).toEqual(first.listed);
    expect(first.listed).toHaveLength(8);
    expect(shop.pointsSpent() - spent).toBeLessThan(spent);
  });

  it("are all read again by their order, where a refund of it had no id", async () => {
    const { shop } = await aShop(manyRefunds(2));
    const page = await shop.refundsById(["order:5001001"]);
    expect(page.observations.map(({ refundId }) => refundId)).toEqual(["9001001"]);
  });

  it("fail no pull by an id that Shopify cannot be asked for, and miss no order that is gone", async () => {
    const { shop } = await aShop(manyRefunds(2));
    const page = await shop.refundsById(["order:x", "abc-1", "order:77", "9001001"]);
    expect(page.observations.map(({ refundId }) => refundId)).toEqual(["9001001"]);
    expect(page.notShown).toEqual(["order:77"]);
  });

  it("are asked for by their own ids where they came under another order's id", async () => {
    const orders = [1001, 1002, 1003].map((number) => anOrder(number));
    const { shop, local } = await aShop(
      smallLife(
        orders,
        [1001, 1002, 1003].map((number) => aRefund(number)),
      ),
    );
    const asked: string[] = [];
    local.faults.plan(none);
    local.faults.plan({
      kind: "change",
      change: (body) => {
        asked.push(body);
        return body.replaceAll("5001002", "5009999");
      },
    });
    const page = await shop.refundsSince(NOVEMBER, null);
    expect(asked.join()).toContain("gid://shopify/Order/5001002");
    expect(page.observations.map((one) => one.orderId).toSorted()).toEqual([
      "5001001",
      "5001002",
      "5001003",
    ]);
  });

  it("are read together from several pages of the walk", async () => {
    const { shop } = await aShop(manyRefunds(8), { pageSize: 3, together: 100 });
    const page = await shop.refundsSince(NOVEMBER, null);
    expect(page).toMatchObject({
      next: null,
      fetched: 8,
      newest: expect.stringMatching(/^order:50010/) as string,
    });
  });

  it("are compared with the count that Shopify gives of the window's orders", async () => {
    const { shop } = await aShop(manyRefunds(3));
    const page = await shop.refundsSince(NOVEMBER, null);
    expect(page).toMatchObject({ reported: 3, counted: 3 });
  });
});

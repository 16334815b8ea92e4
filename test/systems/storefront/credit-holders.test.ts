import { describe, expect, it } from "vitest";

import { anOrder, aPayment, aRefund, smallLife } from "../../local/small-life.ts";
import { aShop, everyPage } from "./shopify-shop.ts";

const CREDIT = { gateway: "shopify_store_credit", formattedGateway: "Store credit" };
const JANE = { id: "77", name: "Jane Doe" };

describe("A refund as store credit", () => {
  it("says whose credit it is by a pseudonym, and whether credit paid its order", async () => {
    const { shop } = await aShop(life());
    const pages = await everyPage(shop);
    const refunds = pages.flatMap(({ observations }) => observations);
    const [issued, again, other] = refunds;
    expect(issued?.shopCredit).toEqual({
      holder: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      orderPaidWithIt: false,
    });
    expect(again?.shopCredit).toEqual({ ...issued?.shopCredit, orderPaidWithIt: true });
    expect(other?.shopCredit, "a card refund follows no credit").toBeUndefined();
    expect(JSON.stringify(pages)).not.toMatch(/Customer\/77|Jane/);
  });

  it("is read without that where the app may not read customers, which is said once", async () => {
    const { shop, local, events } = await aShop(life());
    local.faults.deny("read_customers");
    const pages = await everyPage(shop);
    const refunds = pages.flatMap(({ observations }) => observations);
    expect(refunds.map(({ shopCredit }) => shopCredit)).toEqual([undefined, undefined, undefined]);
    expect(pages.flatMap(({ rejected }) => rejected)).toEqual([]);
    const told = events.filter(({ code }) => code === "SHOPIFY_CREDIT_NOT_FOLLOWED");
    expect(told).toHaveLength(1);
  });
});

function life() {
  const order = anOrder(1001, { customer: JANE });
  const paidWithCredit = anOrder(1002, {
    customer: JANE,
    payment: { ...order.payment, ...CREDIT, transactionId: "8001002" },
  });
  return smallLife(
    [order, paidWithCredit, anOrder(1003)],
    [
      aRefund(1001, { transactions: [aPayment(1001, CREDIT)] }),
      aRefund(1002, { transactions: [aPayment(1002, CREDIT)] }),
      aRefund(1003),
    ],
  );
}

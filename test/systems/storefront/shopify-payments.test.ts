import { describe, expect, it } from "vitest";

import { aPayment, aRefund, anOrder, smallLife } from "../../local/small-life.ts";
import { aShop } from "./shopify-shop.ts";

const DAY = { since: "2026-11-10T00:00:00.000Z", until: "2026-11-11T00:00:00.000Z" };

describe("Shopify's tender transactions", () => {
  it("give the money that went back in the window, with its order, and neither sales nor tests", async () => {
    const life = smallLife(
      [1001, 1002, 1003].map((number) => anOrder(number)),
      [
        aRefund(1001),
        aRefund(1002, { transactions: [aPayment(1002, { test: true })] }),
        aRefund(1003, {
          transactions: [
            aPayment(1003, { statuses: [{ at: "2026-11-11T00:00:00Z", status: "SUCCESS" }] }),
          ],
        }),
      ],
    );
    const { shop } = await aShop({
      ...life,
      paymentsWithoutRefund: [
        { transactionId: "99", orderId: "5001002", at: "2026-11-10T15:00:00Z", amount: "7.00" },
      ],
    });
    expect(await shop.paymentsBack?.(DAY)).toEqual({
      unreadable: 0,
      payments: [
        expect.objectContaining({ orderId: "5001001", orderNumber: "#1001", amount: "19.25" }),
        {
          paymentId: "99",
          orderId: "5001002",
          orderNumber: "#1002",
          amount: "7.00",
          currency: "USD",
          at: "2026-11-10T15:00:00.000Z",
        },
      ],
    });
  });

  it("are unknown where the shop refuses them", async () => {
    const { local, shop } = await aShop(smallLife([anOrder(1001)], []));
    const refused = {
      errors: [{ message: "Access denied", extensions: { code: "ACCESS_DENIED" } }],
    };
    local.faults.plan({
      kind: "body",
      contentType: "application/json",
      body: JSON.stringify(refused),
    });
    expect(await shop.paymentsBack?.(DAY)).toBeNull();
  });

  it("are read page by page", async () => {
    const numbers = Array.from({ length: 260 }, (_, at) => 1001 + at);
    const life = smallLife(
      numbers.map((number) => anOrder(number)),
      numbers.map((number) => aRefund(number)),
    );
    const { shop } = await aShop(life);
    expect((await shop.paymentsBack?.(DAY))?.payments).toHaveLength(260);
  });
});

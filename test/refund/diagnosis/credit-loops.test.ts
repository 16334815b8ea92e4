import { describe, expect, it } from "vitest";

import { CreditLoops } from "../../../lambdas/refund/diagnosis/knowledge/credit-loops.ts";
import { countedOnce } from "../../../lambdas/refund/summary/counted-once.ts";
import type { StorefrontRefund } from "../../../lambdas/refund/observation/observation.ts";
import { each, matched, missing, refund } from "./refund-in-step.ts";
import { lookAt, rollUps } from "./rolled-up.ts";

const usual = each(200, (n, at) => matched(refund(n, { processedAt: at })));
const issued = credit(9_001, "2026-11-10T10:00:00.000Z", {
  shopCredit: { holder: "a1", orderPaidWithIt: false },
});
const again = credit(9_002, "2026-11-18T10:00:00.000Z", {
  orderCreatedAt: "2026-11-12T10:00:00.000Z",
  shopCredit: { holder: "a1", orderPaidWithIt: true },
});

describe("A store credit loop", () => {
  it("is told on both refunds with both events", () => {
    const { diagnoses } = lookAt([...usual, missing(issued), missing(again)]);
    for (const id of ["refund:9001", "refund:9002"]) {
      expect(diagnoses.get(id)).toMatchObject({ cause: "process", pattern: "store_credit_loop" });
      expect(diagnoses.get(id)?.evidence[0]).toBe(
        "One problem may have two refunds: the refund of order #9001 (43.30 USD, 10 November) gave credit, the same customer's credit paid order #9002, and the refund of order #9002 (43.30 USD, 18 November) was given as credit again.",
      );
    }
  });

  it("is found although the first refund is booked and no exception", () => {
    const { diagnoses } = lookAt([...usual, matched(issued), missing(again)]);
    expect(diagnoses.get("refund:9002")).toMatchObject({ pattern: "store_credit_loop" });
  });

  it("counts its money once", () => {
    const open = [missing(issued), missing({ ...again, settled: "50.00" })];
    const { all } = new CreditLoops(rollUps(open));
    const { records, countedWith } = countedOnce(open, all);
    expect(records.map(({ exposure }) => exposure)).toEqual(["43.30", "6.70"]);
    expect([...countedWith]).toEqual([["refund:9002", "#9001"]]);
  });

  it("of which two credits may have paid the order counts the money of both", () => {
    const other = { ...issued, refundId: "9003", orderId: "99003", orderNumber: "#9003" };
    const open = [missing(issued), missing(other), missing(again)];
    const { all } = new CreditLoops(rollUps(open));
    expect(all).toMatchObject([{ rivals: 1 }]);
    expect(countedOnce(open, all).countedWith.size).toBe(0);
  });

  it("is still one when the credit was given before the roll-ups", () => {
    const [{ credits } = { credits: [] }] = rollUps([missing(issued)]);
    expect(new CreditLoops(rollUps([missing(again)]), credits).all).toHaveLength(1);
  });

  it.each([
    ["another customer's credit", { shopCredit: { holder: "b2", orderPaidWithIt: true } }],
    ["an order that no credit paid", { shopCredit: { holder: "a1", orderPaidWithIt: false } }],
    ["an order from before the credit", { orderCreatedAt: "2026-11-09T10:00:00.000Z" }],
    ["a storefront that does not tell", { shopCredit: undefined }],
  ] satisfies [string, Partial<StorefrontRefund>][])("is none with %s", (_, change) => {
    const other = { ...again, ...change };
    expect(new CreditLoops(rollUps([missing(issued), missing(other)])).all).toEqual([]);
  });
});

function credit(id: number, at: string, change: Partial<StorefrontRefund>): StorefrontRefund {
  const of = refund(id, { processedAt: at, ...change });
  const gateway = "shopify_store_credit";
  return {
    ...of,
    transactions: of.transactions.map((one) => ({ ...one, gateway, method: "store credit" })),
  };
}

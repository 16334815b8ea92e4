import { describe, expect, it } from "vitest";

import { checkPayments } from "../../../lambdas/refund/observation/payments-back.ts";
import type { PaymentBack } from "../../../lambdas/refund/observation/payments-back.ts";
import type { StorefrontRefund } from "../../../lambdas/refund/observation/observation.ts";
import { buildPayment } from "../builders.ts";
import { refundInStep } from "../record-in-step.ts";

const AT = "2026-11-22T10:00:00.000Z";

function refund(
  id: string,
  amounts: readonly string[],
  change: Partial<Parameters<typeof buildPayment>[0]> = {},
  more: Partial<StorefrontRefund> = {},
): StorefrontRefund {
  const transactions = amounts.map((amount, at) =>
    buildPayment({ id: `${id}-${at}`, amount, processedAt: AT, ...change }),
  );
  return refundInStep(id, { orderId: `5${id}`, transactions, ...more });
}

function payment(orderId: string, amount: string, currency = "USD"): PaymentBack {
  return { paymentId: "81", orderId, orderNumber: "#101", amount, currency, at: AT };
}

const always = (): boolean => true;

describe("payments of the storefront's own list", () => {
  it.each<[string, PaymentBack[], StorefrontRefund[]]>([
    ["one refund", [payment("51", "50.00")], [refund("1", ["50.00"])]],
    [
      "two equal refunds",
      [payment("51", "5.00"), payment("51", "5.00")],
      [refund("1", ["5.00", "5.00"])],
    ],
    ["two tenders paid as one", [payment("51", "50.00")], [refund("1", ["20.00", "30.00"])]],
    [
      "the buyer's currency",
      [payment("51", "46.00", "EUR")],
      [
        refund(
          "1",
          ["50.00"],
          { presentmentAmount: "46.00" },
          {
            presentment: {
              currency: "EUR",
              settled: "46.00",
              pending: "0.00",
              components: refundInStep("1").components,
            },
          },
        ),
      ],
    ],
    [
      "cash that was rounded",
      [payment("51", "50.05")],
      [refund("1", ["50.03"], { rounding: "0.02" })],
    ],
  ])("agree with %s", (_what, payments, refunds) => {
    expect(checkPayments(payments, refunds, always)).toMatchObject({
      payments: payments.length,
      withoutRefund: [],
      withoutPayment: [],
    });
  });

  it.each<[string, StorefrontRefund[]]>([
    ["no refund at all", []],
    ["the refund of another order", [refund("2", ["50.00"])]],
    ["a refund of another amount", [refund("1", ["48.00"])]],
    ["a refund that failed", [refund("1", ["50.00"], { status: "failure" })]],
  ])("are named when there is %s", (_what, refunds) => {
    const { withoutRefund } = checkPayments([payment("51", "50.00")], refunds, always);
    expect(withoutRefund).toMatchObject([{ orderId: "51", amount: "50.00" }]);
  });

  it("are named when the order is no longer shown", () => {
    const gone = { ...payment("51", "50.00"), orderId: null, orderNumber: null };
    expect(checkPayments([gone], [refund("1", ["50.00"])], always).withoutRefund).toEqual([gone]);
  });

  it("do not explain a refund of another order, which is named with its order", () => {
    const { withoutPayment } = checkPayments(
      [payment("51", "50.00")],
      [refund("2", ["50.00"])],
      always,
    );
    expect(withoutPayment).toMatchObject([{ refundId: "2", orderNumber: "#102", amount: "50.00" }]);
  });

  it.each([
    ["store credit", { method: "store credit", gateway: "shopify_store_credit" }],
    ["a payment by hand", { manual: true }],
  ])("need not show %s", (_what, change) => {
    expect(checkPayments([], [refund("1", ["50.00"], change)], always).withoutPayment).toEqual([]);
  });

  it("need not show a payment of a time that the list does not cover", () => {
    expect(checkPayments([], [refund("1", ["50.00"])], () => false).withoutPayment).toEqual([]);
  });
});

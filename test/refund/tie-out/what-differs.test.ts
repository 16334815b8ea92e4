import { describe, expect, it } from "vitest";

import type { ErpDocument } from "../../../lambdas/refund/observation/observation.ts";
import {
  aDocument,
  aPayment,
  aRefund,
  componentsOf,
  hours,
  kindsOf,
  LATER,
  policy,
  tie,
} from "../order-in-step.ts";

describe("what differs", () => {
  it("tells expected, actual and the exact difference", () => {
    const [record] = tie([aRefund()], [aDocument({ total: "53.99" })]);
    expect(record).toMatchObject({
      status: "mismatched",
      match: { rule: "order" },
      openedAt: hours(2),
      exposure: "0.01",
      mismatches: [
        {
          kind: "amount",
          expected: "54.00",
          actual: "53.99",
          difference: "-0.01",
          currency: "USD",
        },
      ],
    });
  });

  it("tolerates as much a line as the brand says, and not a cent more", () => {
    const lenient = { ...policy, tolerancePerLine: "0.01" };
    expect(tie([aRefund()], [aDocument({ total: "54.01" })], LATER, lenient)[0]?.status).toBe(
      "matched",
    );
    expect(tie([aRefund()], [aDocument({ total: "54.02" })], LATER, lenient)[0]?.status).toBe(
      "mismatched",
    );
  });

  it("names tax and shipping where both sides know them", () => {
    const components = {
      items: "40.00",
      tax: "4.00",
      shipping: "10.00",
      shippingTax: "0.00",
      duties: "0.00",
      adjustment: "0.00",
      discount: "0.00",
    };
    const refund = aRefund({ components });
    const [record] = tie([refund], [aDocument({ total: "43.60", tax: "3.60", shipping: "0.00" })]);
    expect(kindsOf(record)).toEqual(["amount", "tax", "shipping"]);
    expect(record?.exposure).toBe("10.40");
  });

  it("misses no tax in a document that does not divide its total at all", () => {
    const components = {
      items: "50.00",
      tax: "4.00",
      shipping: "0.00",
      shippingTax: "0.00",
      duties: "0.00",
      adjustment: "0.00",
      discount: "0.00",
    };
    const whole = { sku: "Refund adjustment", kind: "other", quantity: null, amount: "54.00" };
    const divided = [{ ...whole, kind: "item" as const, sku: "SKU-1", amount: "54.00" }];
    const document = { total: "54.00", tax: "0.00", shipping: "0.00" };
    const of = (lines: ErpDocument["lines"]) =>
      kindsOf(tie([aRefund({ components })], [aDocument({ ...document, lines })])[0]);
    expect(of([{ ...whole, kind: "other" }])).toEqual([]);
    expect(of(divided)).toContain("tax");
  });

  it("names the discount when the ERP expected the base price", () => {
    const components = {
      items: "50.00",
      tax: "4.00",
      shipping: "0.00",
      shippingTax: "0.00",
      duties: "0.00",
      adjustment: "0.00",
      discount: "6.00",
    };
    const [record] = tie(
      [aRefund({ components })],
      [aDocument({ total: "60.00", discount: "0.00" })],
    );
    expect(kindsOf(record)).toEqual(["amount", "discount"]);
  });

  it("compares in the currency the ERP booked, by the storefront's own pair", () => {
    const presentment = {
      currency: "EUR",
      settled: "50.00",
      pending: "0.00",
      components: aRefund({ amount: "50.00" }).components,
    };
    const refund = aRefund({ presentment });
    const [clean] = tie([refund], [aDocument({ currency: "EUR", total: "50.00" })]);
    expect(clean).toMatchObject({
      status: "matched",
      mismatches: [],
      benign: ["presentment_beside_shop"],
    });
    const [wrong] = tie([refund], [aDocument({ currency: "EUR", total: "45.00" })]);
    expect(wrong).toMatchObject({
      exposure: "5.40",
      currency: "USD",
      mismatches: [{ difference: "-5.00", currency: "EUR" }],
    });
  });

  it("lets parts that the storefront rounded one by one differ by a unit where the totals agree", () => {
    const zero = "0";
    const presentment = {
      currency: "JPY",
      settled: "8100",
      pending: zero,
      components: {
        items: "7500",
        tax: "601",
        shipping: zero,
        shippingTax: zero,
        duties: zero,
        adjustment: zero,
        discount: zero,
      },
    };
    const booked = { currency: "JPY", total: "8100", tax: "600", shipping: "0", lines: null };
    expect(kindsOf(tie([aRefund({ presentment })], [aDocument(booked)])[0])).toEqual([]);
    const wrong = { ...booked, tax: "590" };
    expect(kindsOf(tie([aRefund({ presentment })], [aDocument(wrong)])[0])).toEqual(["tax"]);
  });

  it("knows the yen's number in the euros' field, whatever its digits", () => {
    const refund = aRefund({
      currency: "EUR",
      presentment: {
        currency: "JPY",
        settled: "8100",
        pending: "0",
        components: componentsOf("8100", "JPY"),
      },
    });
    const [record] = tie([refund], [aDocument({ currency: "EUR", total: "8100.00" })]);
    expect(kindsOf(record)).toEqual(["amount", "currency"]);
  });

  it("never takes equal numbers in another currency for equal money", () => {
    const [record] = tie([aRefund()], [aDocument({ currency: "CAD" })]);
    expect(record).toMatchObject({
      status: "mismatched",
      exposure: "54.00",
      match: { rule: "order" },
    });
    expect(kindsOf(record)).toEqual(["currency"]);
  });

  it("says that the order is not named when only the refund's id is", () => {
    const [record] = tie([aRefund()], [aDocument({ refers: "shopify-refund-900001", order: "" })]);
    expect(kindsOf(record)).toEqual(["order_reference_missing"]);
  });

  it("takes a payment for another only where both ids are of one scheme", () => {
    const refund = aRefund({ transactions: [aPayment({ references: ["re_3Nabcdef12345"] })] });
    const of = (reference: string) =>
      kindsOf(tie([refund], [aDocument({ paymentReferences: [reference] })])[0]);
    expect(of("re_3Nabcdef12345")).toEqual([]);
    expect(of("CHK 4471")).toEqual([]);
    expect(of("re_3Nzzzzzz99999")).toEqual(["payment_reference_missing"]);
  });

  it("finds a document in another month than the refund's day in the brand's own zone", () => {
    const lastEvening = aRefund({ processedAt: "2026-12-01T03:30:00.000Z" });
    const at = (bookedOn: string) =>
      tie(
        [lastEvening],
        [aDocument({ createdAt: "2026-12-01T05:00:00.000Z", bookedOn })],
        "2026-12-02T00:00:00.000Z",
      )[0];
    expect(at("2026-11-30")).toMatchObject({ status: "matched" });
    expect(at("2026-12-01")).toMatchObject({
      status: "mismatched",
      exposure: "0.00",
      mismatches: [{ kind: "period", expected: "2026-11", actual: "2026-12" }],
    });
  });
});

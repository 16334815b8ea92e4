import { describe, expect, it } from "vitest";

import {
  aDocument,
  aPayment,
  aRefund,
  hours,
  kindsOf,
  LATER,
  NOON,
  tie,
} from "../order-in-step.ts";

const ZERO_MONEY = { settled: "0.00", settledAt: null };

describe("a refund that is in step", () => {
  it.each([
    "gid://shopify/Refund/900001",
    "900001",
    "shopify-refund-900001",
    "R-900001",
    "refund #900001",
    "000900001",
  ])("is matched by its id spelt %s", (refers) => {
    const [record] = tie([aRefund()], [aDocument({ refers })]);
    expect(record).toMatchObject({
      id: "refund:900001",
      order: "1001",
      status: "matched",
      match: { rule: "reference", sharedWith: [] },
      mismatches: [],
      exposure: "0.00",
      gapMs: 7_200_000,
      openedAt: null,
      dueAt: null,
    });
    expect(record?.history).toEqual([
      { at: NOON, status: "pending", why: "processed; the ERP has 6 h to book it" },
      { at: hours(2), status: "matched", why: "CM7001 agrees" },
    ]);
  });

  it("is matched by order and amount when the document has no id of it", () => {
    const [record] = tie([aRefund()], [aDocument()]);
    expect(record).toMatchObject({
      status: "matched",
      match: { rule: "order_amount" },
      mismatches: [],
    });
    expect(record?.match?.reason).toBe(
      "CM7001 is for the same order and the same total, 54.00 USD",
    );
  });

  it("is not confused by tax, shipping and discount told in another way", () => {
    const components = {
      items: "40.00",
      tax: "3.20",
      shipping: "10.00",
      shippingTax: "0.80",
      duties: "0.00",
      adjustment: "0.00",
      discount: "5.00",
    };
    const refund = aRefund({ components });
    for (const told of [
      { tax: "4.00", shipping: "10.00", discount: "5.00" },
      { tax: "3.20", shipping: "10.80", discount: null },
      { tax: "4.00", shipping: null, discount: "0.00" },
      {
        tax: "4.00",
        shipping: "0.00",
        lines: [{ sku: null, kind: "other" as const, quantity: 1, amount: "10.00" }],
      },
    ]) {
      const [record] = tie([refund], [aDocument(told)]);
      expect(record?.mismatches, JSON.stringify(told)).toEqual([]);
    }
  });
});

it("knows tax inside the prices, where the document states none of its own", () => {
  const included = tie([aRefund({ taxesIncluded: true })], [aDocument({ tax: "0.00" })])[0];
  expect(included).toMatchObject({ status: "matched", mismatches: [] });
  expect(kindsOf(tie([aRefund()], [aDocument({ tax: "0.00" })])[0])).toEqual(["tax"]);
});

describe("time", () => {
  it("leaves a refund pending to the last millisecond of its window, then calls it stale", () => {
    const [before] = tie([aRefund()], [], "2026-11-10T17:59:59.999Z");
    expect(before).toMatchObject({
      status: "pending",
      dueAt: hours(6),
      mismatches: [],
      exposure: "0.00",
    });
    const [after] = tie([aRefund()], [], hours(6));
    expect(after).toMatchObject({
      status: "stale",
      openedAt: hours(6),
      exposure: "54.00",
      dueAt: null,
      mismatches: [
        {
          kind: "missing_in_erp",
          expected: "54.00",
          actual: "0.00",
          difference: "-54.00",
          currency: "USD",
        },
      ],
    });
    expect(after?.history.map(({ at, status }) => [at, status])).toEqual([
      [NOON, "pending"],
      [hours(6), "stale"],
    ]);
  });

  it("resolves a stale refund when the document arrives, and says how late", () => {
    const [record] = tie([aRefund()], [aDocument({ createdAt: hours(8) })]);
    expect(record).toMatchObject({
      status: "resolved",
      openedAt: hours(6),
      resolvedAt: hours(8),
      exposure: "0.00",
    });
    expect(kindsOf(record)).toEqual(["late"]);
    expect(record?.history.map(({ at, status }) => [at, status])).toEqual([
      [NOON, "pending"],
      [hours(6), "stale"],
      [hours(8), "resolved"],
    ]);
    expect(record?.history.at(-1)?.why).toBe("CM7001 agrees, 8 h after the refund");
  });

  it("is not late at the limit itself", () => {
    const [record] = tie([aRefund()], [aDocument({ createdAt: hours(6) })]);
    expect(record).toMatchObject({ status: "matched", mismatches: [], openedAt: null });
  });

  it("tells no staleness of a document that came at the limit itself, right or wrong", () => {
    const [record] = tie([aRefund()], [aDocument({ createdAt: hours(6), total: "53.00" })]);
    expect(record?.history.map(({ status }) => status)).toEqual(["pending", "mismatched"]);
    const [after] = tie([aRefund()], [aDocument({ createdAt: hours(6.001), total: "53.00" })]);
    expect(after?.history.map(({ status }) => status)).toEqual(["pending", "stale", "mismatched"]);
    expect(after?.openedAt).toBe(hours(6));
  });

  it("waits for the storefront as long, then calls the document an orphan", () => {
    expect(tie([], [aDocument()], hours(7.9))[0]).toMatchObject({
      id: "document:7001",
      status: "pending",
      dueAt: hours(8),
    });
    expect(tie([], [aDocument()], hours(8))[0]).toMatchObject({
      status: "orphaned",
      openedAt: hours(8),
      exposure: "54.00",
      mismatches: [
        { kind: "missing_in_storefront", expected: "0.00", actual: "54.00", difference: "54.00" },
      ],
    });
  });

  it("finds an ERP that was first benign, and resolves what was an orphan until then", () => {
    const soon = tie([aRefund({ processedAt: hours(3) })], [aDocument()]);
    expect(soon[0]).toMatchObject({
      status: "matched",
      benign: ["negative_gap"],
      gapMs: -3_600_000,
      mismatches: [],
    });
    const late = tie([aRefund({ processedAt: hours(12) })], [aDocument()]);
    expect(late).toHaveLength(1);
    expect(late[0]).toMatchObject({
      status: "resolved",
      openedAt: hours(8),
      resolvedAt: hours(12),
    });
  });

  it("says the same at one instant whatever was asked before", () => {
    const refunds = [aRefund()];
    const documents = [aDocument({ createdAt: hours(8), total: "53.00" })];
    const once = tie(refunds, documents);
    for (let hour = 0; hour < 48; hour++) tie(refunds, documents, hours(hour));
    expect(tie(refunds, documents)).toEqual(once);
  });
});

describe("payments", () => {
  const pending = {
    ...ZERO_MONEY,
    pending: "54.00",
    transactions: [aPayment({ status: "pending", processedAt: null })],
  };

  it("is not missing while its payment is on its way", () => {
    const [record] = tie([aRefund(pending)], []);
    expect(record).toMatchObject({
      status: "pending",
      benign: ["payment_pending"],
      mismatches: [],
      exposure: "0.00",
      dueAt: null,
    });
  });

  it("counts its window from when the payment went through", () => {
    const settledAt = hours(30);
    const refund = aRefund({ settledAt, transactions: [aPayment({ processedAt: settledAt })] });
    expect(tie([refund], [], hours(35.9))[0]).toMatchObject({
      status: "pending",
      dueAt: hours(36),
    });
    expect(tie([refund], [], hours(36))[0]).toMatchObject({ status: "stale" });
    expect(tie([refund], [aDocument({ createdAt: hours(33) })], LATER)[0]).toMatchObject({
      status: "matched",
      mismatches: [],
    });
  });

  it("needs no document when the payment failed, and a document for it is wrong", () => {
    const failed = aRefund({ ...ZERO_MONEY, transactions: [aPayment({ status: "failure" })] });
    expect(tie([failed], [])[0]).toMatchObject({
      status: "matched",
      benign: ["payment_failed"],
      match: null,
    });
    const [record] = tie([failed], [aDocument()]);
    expect(record).toMatchObject({ id: "refund:900001", status: "mismatched", exposure: "54.00" });
    expect(kindsOf(record)).toEqual(["status"]);
  });

  it("compares what has settled, and accepts a booking of the part on its way too", () => {
    const partly = aRefund({ settled: "30.00", pending: "24.00" });
    expect(tie([partly], [aDocument({ total: "30.00" })])[0]).toMatchObject({
      status: "matched",
      benign: ["payment_pending"],
      mismatches: [],
    });
    expect(tie([partly], [aDocument({ total: "54.00" })])[0]).toMatchObject({
      status: "matched",
      mismatches: [],
    });
  });

  it.each([
    "restock_only",
    "test",
    "exchange_netted",
    "outside_scope",
    "quantity_only_before_import",
  ] as const)("is nothing to see: %s", (benign) => {
    const refund = aRefund({ ...ZERO_MONEY, transactions: [], benign: [benign] });
    const [record] = tie([refund], []);
    expect(record).toMatchObject({
      status: "matched",
      benign: [benign],
      mismatches: [],
      exposure: "0.00",
    });
  });
});

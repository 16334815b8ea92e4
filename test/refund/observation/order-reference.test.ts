import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { DocumentReference } from "../../../lambdas/refund/observation/observation.ts";
import { normaliseOrder } from "../../../lambdas/refund/observation/order-number.ts";
import { orderOf } from "../../../lambdas/refund/observation/order-reference.ts";
import { refundIdsOf } from "../../../lambdas/refund/observation/refund-id.ts";
import { aDocument, policy } from "../order-in-step.ts";

function order(...references: readonly [DocumentReference["field"], string][]): string | null {
  const texts = references.map(([field, text]) => ({ field, text }));
  return orderOf(aDocument({ references: texts }), policy);
}

function ids(field: DocumentReference["field"], text: string): readonly string[] {
  return refundIdsOf(aDocument({ references: [{ field, text }] }));
}

describe("the one spelling of an order number", () => {
  it.each([
    ["#1001", "1001"],
    [" 1001 ", "1001"],
    ["SO-1001", "1001"],
    ["so1001", "1001"],
    ["SO 1001", "1001"],
    ["0001001", "1001"],
    ["# 1001", "1001"],
    ["Sales Order #SO-1001", "1001"],
    ["Order #1001", "1001"],
    ["ACME-1001", "1001"],
    ["acme1001", "1001"],
    ["#ACME-1001", "1001"],
    ["#1001-R1", "1001"],
    ["1001EU", "1001EU"],
    ["WEB-1001", "WEB-1001"],
  ])("%s is %s", (text, expected) => {
    expect(normaliseOrder(text, ["SO-", "ACME-"])).toBe(expected);
  });

  it.each(["", "#", "order", "SO-", "x".repeat(80), "1001; DROP"])("%j is none", (text) => {
    expect(normaliseOrder(text, ["SO-"])).toBeNull();
  });

  it("is the same when it is normalised again", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        const once = normaliseOrder(text, ["SO-"]);
        expect(once === null ? null : normaliseOrder(once, ["SO-"])).toBe(once);
      }),
    );
  });

  it("takes no time over texts made to take it", () => {
    const began = performance.now();
    for (const text of [
      "a".repeat(50_000),
      "#".repeat(50_000),
      "1-".repeat(25_000),
      "order ".repeat(9_000),
    ]) {
      normaliseOrder(text, ["SO-"]);
      const document = aDocument({ references: [{ field: "memo", text }] });
      orderOf(document, policy);
      refundIdsOf(document);
    }
    expect(performance.now() - began).toBeLessThan(500);
  });
});

describe("the order that a document names", () => {
  it.each<[string, [DocumentReference["field"], string][], string | null]>([
    [
      "its order field before all others",
      [
        ["memo", "#1002"],
        ["order", "SO-1001"],
      ],
      "1001",
    ],
    [
      "the shown number before the ERP's own",
      [
        ["order", "SO-88231"],
        ["order", "#1001"],
      ],
      "1001",
    ],
    ["a free reference", [["other_reference", "1001"]], "1001"],
    ["a marked number in the memo", [["memo", "Refund for #1001, damaged"]], "1001"],
    ["a prefixed number in the memo", [["memo", "credit SO-1001 / RMA 22"]], "1001"],
    ["an order spelt out in the memo", [["memo", "refund on order 1001"]], "1001"],
    ["no order for a bare number in the memo", [["memo", "paid 1001 back"]], null],
    ["no order for a refund's id", [["external_id", "gid://shopify/Refund/900001"]], null],
    ["no order for a long id in a free reference", [["other_reference", "900001234567"]], null],
    [
      "no order for a refund spelt out",
      [
        ["other_reference", "R-900001"],
        ["external_id", "shopify-refund-900001"],
      ],
      null,
    ],
    [
      "no order for tickets and returns",
      [["memo", "RMA #22, ticket #5511, purchase order 77"]],
      null,
    ],
    ["none of two orders in one memo", [["memo", "#1001 and #1002"]], null],
    ["one order named twice", [["memo", "#1001, SO-1001"]], "1001"],
  ])("%s", (_, references, expected) => {
    expect(order(...references)).toBe(expected);
  });
});

describe("the refund ids that a document may name", () => {
  it.each<[DocumentReference["field"], string]>([
    ["external_id", "gid://shopify/Refund/987654"],
    ["external_id", "987654"],
    ["external_id", "shopify-refund-987654"],
    ["other_reference", "R-987654"],
    ["memo", "Shopify refund 987654 for #1001"],
    ["memo", "ref 000987654"],
    ["external_id", "refund_id:987654"],
  ])("%s %s", (field, text) => {
    expect(ids(field, text)).toContain("987654");
  });

  it.each<[DocumentReference["field"], string]>([
    ["order", "987654"],
    ["memo", "#987654"],
    ["memo", "paid 12 back"],
    ["number", "CM987654"],
  ])("not in %s %s", (field, text) => {
    expect(ids(field, text)).toEqual([]);
  });
});

it("takes the brand's own spelling before the ERP's own numbering", () => {
  const told = aDocument({
    references: [
      { field: "order", text: "SO-1001" },
      { field: "order", text: "SO335139" },
    ],
  });
  expect(orderOf(told, { ...policy, orderPrefixes: ["SO-"] })).toBe("1001");
});

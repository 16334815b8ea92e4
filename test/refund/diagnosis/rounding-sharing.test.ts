import { describe, expect, it } from "vitest";
import { amountOf } from "../../../lambdas/refund/money/minor-units.ts";
import type {
  DocumentLine,
  RefundLine,
  StorefrontRefund,
} from "../../../lambdas/refund/observation/observation.ts";
import { roundingCaseOf } from "../../../lambdas/refund/diagnosis/rounding/rounding-case.ts";
import type { RoundingCase } from "../../../lambdas/refund/diagnosis/rounding/rounding-case.ts";
import { driftOf } from "../../../lambdas/refund/diagnosis/rounding/drift-total.ts";
import { findRoundingRule } from "../../../lambdas/refund/diagnosis/rounding/find-rounding-rule.ts";
import { ruleInWords } from "../../../lambdas/refund/diagnosis/rounding/rounding-rule.ts";
import { roundingInWords } from "../../../lambdas/refund/diagnosis/rounding/rounding-words.ts";
import { factsOf } from "../../../lambdas/refund/diagnosis/features/record-facts.ts";
import { aDocument, aRefund, componentsOf, policy, tie } from "../order-in-step.ts";

type Sold = { readonly price: number; readonly off: number; readonly erpOff: number };

/** Cheap and dear bear 10 % at the storefront, and as much as each other in the ERP. */
const BOTH: readonly Sold[] = [
  { price: 4_900, off: 490, erpOff: 1_270 },
  { price: 16_595, off: 1_660, erpOff: 1_269 },
];
const OTHERS: readonly Sold[] = [
  { price: 2_000, off: 200, erpOff: 750 },
  { price: 9_000, off: 900, erpOff: 751 },
];
const ONE: readonly Sold[] = [{ price: 10_350, off: 1_035, erpOff: 1_441 }];

describe("a discount that the ERP shares otherwise", () => {
  it("is shared by quantity where lines of any price bear the same", () => {
    const cases = casesOf([BOTH, OTHERS, ONE, ONE, ONE]);
    const found = findRoundingRule(cases);
    expect(found === null ? null : ruleInWords(found.rule)).toBe(
      "discount shared by quantity and rounded per line, half-up",
    );
    expect(found).toMatchObject({ reproduced: 2, drifting: 2, untested: 3 });
    expect(found === null ? "" : roundingInWords(found)).toContain(
      "3 more refunds differ in their discount, but too few lines are returned to test them.",
    );
    expect(driftOf(cases, found)[0]).toMatchObject({ refunds: 5, gross: "20.08" });
  });

  it("is shared by quantity where the lines of an order went back one after the other", () => {
    const [cheap, dear] = BOTH.map((sold) => [sold]);
    const refunds = [cheap ?? [], dear ?? [], ONE, ONE, ONE];
    const found = findRoundingRule(casesOf(refunds, "netted into the items", ["5501", "5501"]));
    expect(found).toMatchObject({ reproduced: 2, drifting: 2, untested: 3 });
    expect(findRoundingRule(casesOf(refunds))).toBeNull();
  });

  it.each(["netted into the items", "on a line below each item"] as const)(
    "is read where it is %s",
    (manner) => {
      const [one] = casesOf([BOTH], manner);
      expect(one?.otherShare?.discounts).toEqual([1_270, 1_269]);
    },
  );

  it("is not read where one line holds the discount of several items", () => {
    expect(casesOf([BOTH], "on one line")).toEqual([]);
  });

  it("is no other share where the ERP leaves it out", () => {
    expect(casesOf([BOTH.map((sold) => ({ ...sold, erpOff: 0 }))])).toEqual([]);
  });

  it("is by no rule where lines bear differently without a reason", () => {
    const uneven = BOTH.map((sold, at) => ({ ...sold, erpOff: at === 0 ? 1_900 : 900 }));
    const cases = casesOf([uneven, uneven, ONE, ONE, ONE, ONE]);
    expect(cases).toHaveLength(6);
    expect(findRoundingRule(cases)).toBeNull();
    expect(driftOf(cases, null)).toEqual([]);
  });

  it("is by no rule where every refund has one line: any share would do", () => {
    expect(findRoundingRule(casesOf(Array.from({ length: 12 }, () => ONE)))).toBeNull();
  });

  it("is by no rule where lines of one price bear the same by price too", () => {
    const alike = BOTH.map((sold) => ({ ...sold, price: 5_000, off: 500, erpOff: 800 }));
    expect(findRoundingRule(casesOf(Array.from({ length: 8 }, () => alike)))).toBeNull();
  });
});

type Manner = "netted into the items" | "on a line below each item" | "on one line";

function casesOf(
  refunds: readonly (readonly Sold[])[],
  manner: Manner = "netted into the items",
  orders: readonly string[] = [],
): RoundingCase[] {
  return refunds.flatMap((sold, at) => {
    const refundId = String(900_001 + at);
    const total = amountOf(sum(sold.map(({ price, erpOff }) => price - erpOff)), "USD");
    const refund = { ...refundOf(refundId, sold), orderId: orders[at] ?? refundId };
    const document = aDocument({
      refers: refundId,
      total,
      tax: "0.00",
      lines: booked(sold, manner),
    });
    return tie([refund], [document]).flatMap(
      (record) => roundingCaseOf(factsOf(record, policy)) ?? [],
    );
  });
}

function refundOf(refundId: string, sold: readonly Sold[]): StorefrontRefund {
  const amount = amountOf(sum(sold.map(({ price, off }) => price - off)), "USD");
  const discount = amountOf(sum(sold.map(({ off }) => off)), "USD");
  const components = { ...componentsOf(amount, "USD"), items: amount, tax: "0.00", discount };
  const [line] = aRefund().lines;
  if (line === undefined) throw new Error("the refund in step has a line");
  return aRefund({
    refundId,
    amount,
    components,
    lines: sold.map(({ price, off }, at): RefundLine => ({
      ...line,
      lineId: String(at),
      sku: `SKU-${at}`,
      amount: amountOf(price - off, "USD"),
      tax: "0.00",
      unitPrice: amountOf(price, "USD"),
      discount: amountOf(off, "USD"),
    })),
  });
}

function booked(sold: readonly Sold[], manner: Manner): DocumentLine[] {
  const isNet = manner === "netted into the items";
  const lines = sold.flatMap(({ price, erpOff }, at): DocumentLine[] => {
    const amount = amountOf(isNet ? price - erpOff : price, "USD");
    const item: DocumentLine = { sku: `SKU-${at}`, kind: "item", quantity: 1, amount };
    return manner === "on a line below each item" ? [item, discountLine(erpOff)] : [item];
  });
  return manner === "on one line"
    ? [...lines, discountLine(sum(sold.map(({ erpOff }) => erpOff)))]
    : lines;
}

function discountLine(units: number): DocumentLine {
  return { sku: null, kind: "discount", quantity: null, amount: amountOf(-units, "USD") };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

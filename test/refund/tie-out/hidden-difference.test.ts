import { describe, expect, it } from "vitest";

import { aDocument, aRefund, tie } from "../order-in-step.ts";

function line(
  kind: "item" | "tax" | "other",
  sku: string | null,
  amount: string,
): { kind: "item" | "tax" | "other"; sku: string | null; quantity: number; amount: string } {
  return { kind, sku, quantity: 1, amount };
}

describe("a difference that a balancing line hides", () => {
  const refund = aRefund({
    components: {
      items: "50.00",
      tax: "4.00",
      shipping: "0.00",
      shippingTax: "0.00",
      duties: "0.00",
      adjustment: "0.00",
      discount: "0.00",
    },
  });

  it("is found where both sides have lines", () => {
    const lines = [
      line("item", "SHIRT", "48.00"),
      line("tax", null, "4.00"),
      line("other", null, "2.00"),
    ];
    const [record] = tie([refund], [aDocument({ lines, tax: "4.00" })]);
    expect(record).toMatchObject({
      status: "mismatched",
      exposure: "2.00",
      mismatches: [
        { kind: "amount", hidden: true, expected: "50.00", actual: "48.00", difference: "-2.00" },
      ],
    });
  });

  it.each([
    [
      "split by quantity",
      [line("item", "SHIRT", "25.00"), line("item", "SHIRT", "25.00"), line("tax", null, "4.00")],
    ],
    ["tax inside the price", [line("item", "SHIRT", "54.00")]],
    ["without SKUs", [line("item", null, "52.00"), line("other", null, "2.00")]],
    ["tax as an other line", [line("item", "SHIRT", "50.00"), line("other", null, "4.00")]],
  ])("is not seen in lines %s", (_, lines) => {
    expect(tie([refund], [aDocument({ lines })])[0]).toMatchObject({
      status: "matched",
      mismatches: [],
    });
  });
});

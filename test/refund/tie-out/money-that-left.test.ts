import { describe, expect, it } from "vitest";

import type {
  ErpDocument,
  StorefrontRefund,
} from "../../../lambdas/refund/observation/observation.ts";
import { aDocument, aPayment, aRefund, hours, kindsOf, tie } from "../order-in-step.ts";

/** A memo of what was refunded, paid out with this amount. */
const paidOutWith = (amount: string, memo: Partial<ErpDocument> = {}) =>
  aDocument({ settlement: { documentId: "9001", amount }, state: "applied", ...memo });

/** References by which a document names the refund itself. */
const NAMED: Partial<ErpDocument> = {
  references: [{ field: "external_id", text: "shopify-refund-900001" }],
};

describe("the payout of a credit", () => {
  it("differs though the credit is right, and is told as the paid leg", () => {
    const [record] = tie([aRefund()], [paidOutWith("54.50")]);
    expect(record).toMatchObject({
      status: "mismatched",
      exposure: "0.50",
      mismatches: [{ kind: "amount", leg: "paid", expected: "54.00", actual: "54.50" }],
    });
  });

  it("is not expected where the brand books credits alone", () => {
    expect(tie([aRefund()], [aDocument()])[0]?.status).toBe("matched");
  });

  it("is the part that left the bank where the rest stayed in the shop", () => {
    const transactions = [
      aPayment({ id: "t-1", amount: "40.00" }),
      aPayment({ id: "t-2", amount: "14.00", gateway: "gift_card", method: null }),
    ];
    expect(tie([aRefund({ transactions })], [paidOutWith("40.00")])[0]?.status).toBe("matched");
    expect(tie([aRefund({ transactions })], [paidOutWith("54.00")])[0]).toMatchObject({
      mismatches: [{ leg: "paid", expected: "40.00", actual: "54.00" }],
    });
  });

  it("holds a difference that is more than the kind of document by itself", () => {
    const transactions = [aPayment({ gateway: "shopify_store_credit", method: "store_credit" })];
    const [record] = tie([aRefund({ transactions })], [paidOutWith("54.00", { total: "154.00" })]);
    expect(kindsOf(record)).toContain("transaction_type");
    expect(record?.exposure).toBe("100.00");
  });
});

const unmoved = (benign: StorefrontRefund["benign"]): StorefrontRefund =>
  aRefund({ settled: "0.00", transactions: [], benign: [...benign] });

describe("a document for a refund that moved no money", () => {
  it.each([["exchange_netted"], ["test"], ["restock_only"]] as const)(
    "is nobody's loss as a credit of %s, and is one once money left",
    (benign) => {
      expect(tie([unmoved([benign])], [aDocument(NAMED)])[0]?.status).toBe("matched");
      for (const left of [
        paidOutWith("54.00", NAMED),
        aDocument({ ...NAMED, kind: "cash_refund" }),
      ]) {
        expect(tie([unmoved([benign])], [left])[0]).toMatchObject({
          status: "mismatched",
          exposure: "54.00",
          mismatches: [{ kind: "amount", leg: "paid", expected: "0.00", actual: "54.00" }],
        });
      }
    },
  );
});

describe("the tax of a refund whose lines do not come to its total", () => {
  const components = {
    items: "100.00",
    tax: "8.00",
    shipping: "0.00",
    shippingTax: "0.00",
    duties: "0.00",
    adjustment: "0.00",
    discount: "0.00",
  };

  it("is not compared: only the total can differ", () => {
    const refund = aRefund({ amount: "54.00", components });
    const half = { tax: "4.00", shipping: "0.00" };
    expect(tie([refund], [aDocument({ total: "54.00", ...half })])[0]?.status).toBe("matched");
    expect(kindsOf(tie([refund], [aDocument({ total: "53.00", ...half })])[0])).toEqual(["amount"]);
  });
});

describe("the rounding of a register", () => {
  // The parts come to 54.02, and the register gave 54.00.
  const refund = aRefund({
    amount: "54.00",
    benign: ["cash_rounding"],
    components: { ...aRefund({ amount: "54.02" }).components },
    transactions: [aPayment({ amount: "54.00", rounding: "-0.02", gateway: "cash" })],
  });

  it("explains the exact amount and the coins, and no other one", () => {
    expect(tie([refund], [aDocument({ total: "54.00" })])[0]?.status).toBe("matched");
    expect(tie([refund], [aDocument({ total: "54.02" })])[0]?.status).toBe("matched");
    expect(tie([refund], [aDocument({ total: "53.98" })])[0]).toMatchObject({
      status: "mismatched",
      mismatches: [{ kind: "amount" }],
    });
  });
});

const sourcedFrom = (text: string, total: string) =>
  aDocument({ references: [{ field: "source", text }], total });

describe("the ERP's own number of a source document", () => {
  it("names an order only where the amount says so too", () => {
    expect(tie([aRefund()], [sourcedFrom("SO-1001", "54.00")])[0]).toMatchObject({
      id: "refund:900001",
      match: { rule: expect.any(String) as string },
    });
    const other = tie([aRefund()], [sourcedFrom("SO-1001", "19.00")]);
    expect(other.map(({ match }) => match?.rule ?? null)).toEqual([null, null]);
  });
});

describe("a document without money", () => {
  it("is no orphan, and takes nobody's place", () => {
    const records = tie(
      [aRefund()],
      [aDocument(), aDocument({ documentId: "7002", total: "0.00" })],
    );
    expect(records[0]?.status).toBe("matched");
    expect(records.flatMap(({ status }) => status)).not.toContain("orphaned");
    expect(records.flatMap(({ status }) => status)).not.toContain("duplicated");
  });
});

describe("what a stranger's world showed", () => {
  it("a lone document of the same order and amount is the refund's, five days before it", () => {
    const early = { createdAt: hours(-120), modifiedAt: hours(-120) };
    expect(tie([aRefund()], [aDocument(early)])).toMatchObject([
      { documents: [{ documentId: "7001" }], benign: ["negative_gap"], exposure: "0.00" },
    ]);
  });

  it("store credit that was booked as a cash refund is paid twice", () => {
    const transactions = [aPayment({ gateway: "shopify_store_credit", method: "store_credit" })];
    const [record] = tie([aRefund({ transactions })], [aDocument({ kind: "cash_refund" })]);
    expect(record).toMatchObject({ status: "mismatched", exposure: "54.00" });
    expect(kindsOf(record)).toContain("transaction_type");
  });

  it("the shop's number in the buyer's currency risks the difference, not the whole", () => {
    const { components } = aRefund({ amount: "60.00" });
    const presentment = { currency: "EUR", settled: "60.00", pending: "0.00", components };
    const [record] = tie([aRefund({ presentment })], [aDocument({ currency: "EUR" })]);
    expect(kindsOf(record)).toEqual(["amount", "currency"]);
    expect(record?.exposure).toBe("5.40");
  });
});

import { describe, expect, it } from "vitest";

import { aDocument, aPayment, aRefund, hours, kindsOf, recordOf, tie } from "../order-in-step.ts";

describe("booked more than once", () => {
  it("tells the extra amount, with or without the refund's id on the second document", () => {
    for (const refers of ["900001", undefined]) {
      const twice = [
        aDocument({ refers: "900001" }),
        aDocument({
          documentId: "7002",
          createdAt: hours(3),
          ...(refers === undefined ? {} : { refers }),
        }),
      ];
      const [record, ...others] = tie([aRefund()], twice);
      expect(others).toEqual([]);
      expect(record).toMatchObject({ status: "duplicated", exposure: "54.00", openedAt: hours(3) });
      expect(record?.documents.map(({ documentId }) => documentId)).toEqual(["7001", "7002"]);
      expect(record?.mismatches).toMatchObject([
        { kind: "duplicate_in_erp", expected: "54.00", actual: "108.00", difference: "54.00" },
      ]);
    }
  });

  it("sees a split and a duplicate of it together", () => {
    const parts = ["50.00", "4.00", "50.00", "4.00"].map((total, index) =>
      aDocument({ documentId: `700${index}`, total, createdAt: hours(2 + index / 100) }),
    );
    const [record, ...others] = tie([aRefund()], parts);
    expect(others).toEqual([]);
    expect(record).toMatchObject({ status: "duplicated", exposure: "54.00" });
    expect(record?.documents).toHaveLength(4);
    const named = parts.map((part) => ({
      ...part,
      references: [...part.references, { field: "memo" as const, text: "Refund 900001" }],
    }));
    expect(tie([aRefund()], named)[0]).toMatchObject({
      status: "duplicated",
      exposure: "54.00",
      match: { rule: "reference" },
    });
  });

  it("adds parts up to the exact amount that a register rounded, and not to just any amount", () => {
    const refund = aRefund({
      benign: ["cash_rounding"],
      transactions: [aPayment({ rounding: "0.01" })],
    });
    const split = (...totals: readonly string[]) =>
      tie(
        [refund],
        totals.map((total, index) => aDocument({ documentId: `700${index}`, total })),
      );
    const [record, ...others] = split("50.01", "4.00");
    expect(others).toEqual([]);
    expect(record).toMatchObject({ status: "matched", match: { rule: "order_parts" } });
    expect(split("49.99", "4.00")[0]?.match).toBeNull();
  });

  it("takes a document from long before a refund for a repetition, not for that refund's", () => {
    const refunds = [aRefund(), aRefund({ refundId: "900002", processedAt: hours(100) })];
    const documents = [aDocument(), aDocument({ documentId: "7002", createdAt: hours(3) })];
    const records = tie(refunds, documents, hours(120));
    expect(records.map(({ status }) => status)).toEqual(["duplicated", "stale"]);
  });

  it("does not tie what is left of an order to a document from long before the refund", () => {
    const records = tie(
      [aRefund({ processedAt: hours(80) })],
      [aDocument({ total: "48.00" })],
      hours(90),
    );
    expect(records.map(({ status }) => status)).toEqual(["orphaned", "stale"]);
  });

  it("adds a correction to the document that it corrects", () => {
    const documents = [
      aDocument({ total: "30.00", refers: "900001" }),
      aDocument({ documentId: "7002", total: "30.00", refers: "900001" }),
      aDocument({ documentId: "7003", total: "-6.00", refers: "900001" }),
    ];
    const [record, ...others] = tie([aRefund()], documents);
    expect(others).toEqual([]);
    expect(record).toMatchObject({ status: "matched", mismatches: [], exposure: "0.00" });
  });

  it("does not say which of two equal refunds the third document repeats", () => {
    const refunds = [aRefund(), aRefund({ refundId: "900002", processedAt: hours(1) })];
    const documents = [2, 3, 4].map((hour) =>
      aDocument({ documentId: `700${hour}`, createdAt: hours(hour) }),
    );
    const records = tie(refunds, documents);
    expect(records.filter(({ refund }) => refund !== null).map(({ status }) => status)).toEqual([
      "matched",
      "matched",
    ]);
    expect(recordOf(records, "document:7004")).toMatchObject({
      status: "duplicated",
      exposure: "54.00",
      ambiguous: ["900001", "900002"],
    });
  });
});

describe("groups", () => {
  it("ties one document to the refunds that it batches, and tells the difference once", () => {
    const refunds = [
      aRefund({ amount: "20.00" }),
      aRefund({ refundId: "900002", amount: "34.00" }),
    ];
    const records = tie(refunds, [aDocument()]);
    expect(records.map(({ status, match }) => [status, match?.rule, match?.sharedWith])).toEqual([
      ["matched", "order_parts", ["900002"]],
      ["matched", "order_parts", ["900001"]],
    ]);
    const wrong = tie(refunds, [
      aDocument({
        total: "53.00",
        refers: "gid://shopify/Refund/900001 gid://shopify/Refund/900002",
      }),
    ]);
    expect(wrong.map(kindsOf)).toEqual([["amount"], []]);
    expect(wrong[0]?.mismatches[0]).toMatchObject({
      expected: "54.00",
      actual: "53.00",
      difference: "-1.00",
    });
  });

  it("says the same of a batch in whatever order its refunds come", () => {
    const refunds = ["20.00", "19.00", "15.00"].map((amount, index) =>
      aRefund({ refundId: `90000${index}`, amount, processedAt: hours(index / 10) }),
    );
    expect(tie(refunds.toReversed(), [aDocument()])).toEqual(tie(refunds, [aDocument()]));
  });

  it("takes neither of two sums that need the same document", () => {
    const refunds = [
      aRefund({ amount: "50.00" }),
      aRefund({ refundId: "900002", amount: "40.00" }),
    ];
    const documents = ["30.00", "20.00", "10.00"].map((total, index) =>
      aDocument({ documentId: `700${index}`, total }),
    );
    const records = tie(refunds, documents);
    expect(records.filter(({ match }) => match !== null)).toEqual([]);
    expect(recordOf(records, "refund:900002").ambiguous).toContain("7000");
  });

  it("pairs two equal partial refunds with their documents in the order of time", () => {
    const refunds = [aRefund(), aRefund({ refundId: "900002", processedAt: hours(30) })];
    const documents = [aDocument(), aDocument({ documentId: "7002", createdAt: hours(32) })];
    const records = tie(refunds, documents);
    expect(records.map(({ documents: [one] }) => one?.documentId)).toEqual(["7001", "7002"]);
    expect(records.every(({ status }) => status === "matched")).toBe(true);
  });

  it("keeps the first refund's document when a second refund of the amount follows", () => {
    const refunds = [aRefund(), aRefund({ refundId: "900002", processedAt: hours(30) })];
    const records = tie(refunds, [aDocument()], hours(31));
    expect(records.map(({ status }) => status)).toEqual(["matched", "pending"]);
  });

  it("tells two drifted partial refunds apart by rounding", () => {
    const refunds = [aRefund(), aRefund({ refundId: "900002", amount: "20.00" })];
    const records = tie(refunds, [
      aDocument({ total: "20.01" }),
      aDocument({ documentId: "7002", total: "53.99" }),
    ]);
    expect(records.map(({ mismatches: [one] }) => one?.difference)).toEqual(["-0.01", "0.01"]);
  });

  it("lets a better document take the place of a weaker match, and says so", () => {
    const weak = aDocument({ total: "48.00" });
    const better = aDocument({ documentId: "7002", refers: "900001", createdAt: hours(20) });
    const records = tie([aRefund()], [weak, better]);
    const record = recordOf(records, "refund:900001");
    expect(record).toMatchObject({
      status: "resolved",
      openedAt: hours(2),
      resolvedAt: hours(20),
      match: { rule: "reference" },
    });
    expect(record.history.at(-1)?.why).toContain("in the place of CM7001");
    expect(recordOf(records, "document:7001").status).toBe("orphaned");
  });

  it("leaves a document that plainly names another refund to that one", () => {
    const records = tie([aRefund()], [aDocument({ refers: "gid://shopify/Refund/777777" })]);
    expect(recordOf(records, "refund:900001").status).toBe("stale");
    expect(recordOf(records, "document:7001").status).toBe("orphaned");
  });

  it("says when there was too much to search", () => {
    const refunds = Array.from({ length: 41 }, (_, index) =>
      aRefund({ refundId: `90${1000 + index}`, amount: `${index + 1}.00` }),
    );
    const documents = [
      aDocument({ total: "0.01" }),
      aDocument({ documentId: "7002", total: "0.02" }),
    ];
    const [record] = tie(refunds, documents);
    expect(record?.history.at(-1)?.why).toContain("sums were not searched");
  });
});

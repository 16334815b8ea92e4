import { describe, expect, it } from "vitest";

import { aDocument, aRefund, hours, recordOf, tie } from "../order-in-step.ts";

/** The classic defects of matching engines, one test each and by name. */
describe("the classic defects of matching engines", () => {
  it("counterpart used twice: one document never books two refunds of its amount", () => {
    const records = tie([aRefund(), aRefund({ refundId: "900002" })], [aDocument()]);
    expect(records.flatMap(({ refund, documents }) => (refund === null ? [] : documents))).toEqual(
      [],
    );
    expect(recordOf(records, "refund:900001")).toMatchObject({
      status: "stale",
      ambiguous: ["7001"],
      match: null,
    });
    expect(recordOf(records, "refund:900002")).toMatchObject({
      status: "stale",
      ambiguous: ["7001"],
    });
    expect(recordOf(records, "document:7001")).toMatchObject({ ambiguous: ["900001", "900002"] });
  });

  it("groups broken at a page border: parts that come one by one end as one match", () => {
    const parts = [
      aDocument({ total: "50.00" }),
      aDocument({ documentId: "7002", total: "4.00", createdAt: hours(3) }),
    ];
    const [first] = tie([aRefund()], parts.slice(0, 1), hours(2.5));
    expect(first).toMatchObject({ status: "mismatched" });
    const [both] = tie([aRefund()], parts);
    expect(both).toMatchObject({
      match: { rule: "order_parts" },
      mismatches: [],
      status: "resolved",
      resolvedAt: hours(3),
    });
    expect(tie([aRefund()], parts.toReversed())).toEqual([both]);
  });

  it("parts of one batch, written seconds apart, never were an exception", () => {
    const parts = [
      aDocument({ total: "50.00" }),
      aDocument({ documentId: "7002", total: "4.00", createdAt: hours(2.002) }),
    ];
    const [record] = tie([aRefund()], parts);
    expect(record).toMatchObject({
      status: "matched",
      openedAt: null,
      match: { rule: "order_parts" },
    });
  });

  it("float money: 0.10 and 0.20 are 0.30, and 2^53 cents and one are not 2^53 cents", () => {
    const parts = [
      aDocument({ total: "0.10" }),
      aDocument({ documentId: "7002", total: "0.20", createdAt: hours(2) }),
    ];
    expect(tie([aRefund({ amount: "0.30" })], parts)[0]).toMatchObject({
      status: "matched",
      mismatches: [],
    });
    const [huge] = tie(
      [aRefund({ amount: "90071992547409.93" })],
      [aDocument({ total: "90071992547409.92" })],
    );
    expect(huge?.mismatches).toMatchObject([{ kind: "amount", difference: "-0.01" }]);
  });

  it("mixed-currency groups: amounts in two currencies are never added", () => {
    const parts = [
      aDocument({ total: "50.00" }),
      aDocument({ documentId: "7002", total: "4.00", currency: "CAD" }),
    ];
    const records = tie([aRefund()], parts);
    expect(records.every(({ match }) => match?.rule !== "order_parts")).toBe(true);
    const named = parts.map((part) => ({
      ...part,
      references: [{ field: "external_id" as const, text: "900001" }],
    }));
    expect(recordOf(tie([aRefund()], named), "refund:900001")).toMatchObject({
      status: "duplicated",
    });
  });

  it("first wins on ties: two sums that fit are reported, neither is taken", () => {
    const documents = ["30.00", "24.00", "34.00", "20.00"].map((total, index) =>
      aDocument({ documentId: `700${index}`, total }),
    );
    const record = recordOf(tie([aRefund()], documents), "refund:900001");
    expect(record).toMatchObject({ match: null, status: "stale" });
    expect(record.ambiguous).toEqual(["7000", "7001", "7002", "7003"]);
    expect(record.history.at(-1)?.why).toContain("nothing decides");
  });

  it("stale cache of pages: the newest version counts, however the versions come", () => {
    const old = aDocument({ total: "53.00" });
    const edited = aDocument({ modifiedAt: hours(9) });
    for (const documents of [
      [old, edited],
      [edited, old],
      [old, edited, old],
    ]) {
      expect(tie([aRefund()], documents)[0]).toMatchObject({ status: "matched", mismatches: [] });
    }
  });

  it("matched and unmatched at once: every side is in exactly one record", () => {
    const refunds = ["10.00", "20.00", "30.00", "20.00"].map((amount, index) =>
      aRefund({ refundId: `90000${index}`, amount }),
    );
    const documents = ["10.00", "50.00", "19.99", "7.00"].map((total, index) =>
      aDocument({ documentId: `700${index}`, total }),
    );
    const records = tie(refunds, documents);
    const refundIds = records.flatMap(({ refund }) => refund?.refundId ?? []);
    expect(refundIds.toSorted()).toEqual(refunds.map(({ refundId }) => refundId));
    const alone = records.filter(({ refund }) => refund === null).flatMap(({ documents: d }) => d);
    const held = new Set(
      records.filter(({ refund }) => refund !== null).flatMap(({ documents: d }) => d),
    );
    expect(alone.length + held.size).toBe(documents.length);
  });

  it("unmatched without reason: every record says in words why it is what it is", () => {
    const refunds = [
      aRefund(),
      aRefund({ refundId: "900002" }),
      aRefund({ refundId: "900003", amount: "9.00" }),
    ];
    for (const record of tie(refunds, [
      aDocument(),
      aDocument({ documentId: "7009", total: "1.00" }),
    ])) {
      expect(record.history.length).toBeGreaterThan(0);
      expect(record.history.every(({ why }) => why.length > 5)).toBe(true);
    }
  });
});

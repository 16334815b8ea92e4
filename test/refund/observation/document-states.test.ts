import { describe, expect, it } from "vitest";

import { aDocument, aRefund, hours, kindsOf, NOON, recordOf, tie } from "../order-in-step.ts";

describe("state in the ERP", () => {
  it("gives an unapproved document its window, then tells its status", () => {
    const document = aDocument({ state: "unapproved", final: false });
    expect(tie([aRefund()], [document], hours(7.9))[0]).toMatchObject({
      status: "pending",
      dueAt: hours(8),
    });
    const [record] = tie([aRefund()], [document], hours(8));
    expect(record).toMatchObject({ status: "mismatched", exposure: "54.00", openedAt: hours(8) });
    expect(kindsOf(record)).toEqual(["status"]);
  });

  it.each(["voided", "rejected"] as const)("does not count a %s document", (state) => {
    const [record] = tie([aRefund()], [aDocument({ state })]);
    expect(record).toMatchObject({
      status: "mismatched",
      exposure: "54.00",
      match: { rule: "order_amount" },
    });
    expect(record?.mismatches).toMatchObject([{ kind: "status", actual: state }]);
  });

  it("counts the document that was posted again, and its history tells of the void", () => {
    const voided = aDocument({ state: "voided", modifiedAt: hours(20) });
    const again = aDocument({ documentId: "7002", createdAt: hours(21) });
    const records = tie([aRefund()], [voided, again]);
    const record = recordOf(records, "refund:900001");
    expect(record).toMatchObject({
      status: "resolved",
      documents: [{ documentId: "7002" }],
      exposure: "0.00",
      mismatches: [], // the ERP had it in time: what is posted anew is not late
      gapMs: 2 * 3_600_000,
    });
    expect(record.history.map(({ at, status }) => [at, status])).toEqual([
      [NOON, "pending"],
      [hours(2), "matched"],
      [hours(20), "mismatched"],
      [hours(21), "resolved"],
    ]);
    expect(recordOf(records, "document:7001")).toMatchObject({
      status: "matched",
      exposure: "0.00",
    });
  });

  it.each([
    [
      "carried the refund's id",
      [
        { field: "external_id", text: "900001" },
        { field: "order", text: "#1001" },
      ],
      "50.00",
    ],
    ["had the refund's amount", [{ field: "order", text: "#1001" }], "54.00"],
  ] as const)(
    "is not late where the voided document %s and the new one has another amount",
    (_, references, total) => {
      const voided = aDocument({ state: "voided", total, references });
      const again = aDocument({
        documentId: "7002",
        createdAt: hours(21),
        total: "44.00",
        references,
      });
      const record = recordOf(tie([aRefund()], [voided, again]), "refund:900001");
      expect(record).toMatchObject({ status: "mismatched", documents: [{ documentId: "7002" }] });
      expect(kindsOf(record)).toEqual(["amount"]);
    },
  );

  it("is late where the voided document is of the same order and of no refund", () => {
    const voided = aDocument({ state: "voided", total: "12.00" });
    const again = aDocument({ documentId: "7002", createdAt: hours(21) });
    const record = recordOf(tie([aRefund()], [voided, again]), "refund:900001");
    expect(kindsOf(record)).toEqual(["late"]);
  });

  it("nets a document and its reversal, and takes what replaces it", () => {
    const reversal = aDocument({
      documentId: "7002",
      total: "-54.00",
      reverses: "7001",
      createdAt: hours(3),
    });
    const twin = aDocument({ documentId: "7003", createdAt: hours(4) });
    expect(
      recordOf(tie([aRefund()], [aDocument(), reversal, twin]), "refund:900001").documents,
    ).toMatchObject([{ documentId: "7003" }]);
    expect(recordOf(tie([aRefund()], [aDocument(), reversal]), "refund:900001")).toMatchObject({
      status: "mismatched",
    });
  });

  it("takes the payout of a credit memo for a leg of it, not for a second booking", () => {
    const memo = aDocument({ settlement: { documentId: "7002", amount: "54.00" } });
    const payout = aDocument({ documentId: "7002", kind: "customer_refund" });
    const records = tie([aRefund()], [memo, payout]);
    expect(records.map(({ id, status }) => [id, status])).toEqual([
      ["document:7002", "matched"],
      ["refund:900001", "matched"],
    ]);
  });
});

import { describe, expect, it } from "vitest";
import type { ErpDocument } from "../../../lambdas/refund/observation/observation.ts";
import { diagnoseRecord } from "../../../lambdas/refund/diagnosis/diagnose.ts";
import { buildComponents, buildPolicy } from "../builders.ts";
import { aDocument, aRefund, hours, kindsOf, recordOf, tie } from "../order-in-step.ts";

/** 50.00 of goods and 4.00 of tax. */
const refund = aRefund({ components: buildComponents({ items: "50.00", tax: "4.00" }) });

/** A request of the net amount: it waits for the document that books it. */
function aRequest(change: Partial<ErpDocument> = {}): ErpDocument {
  return aDocument({
    documentId: "request-60000001",
    documentNumber: "60000001",
    kind: "credit_memo_request",
    total: "50.00",
    tax: null,
    lines: null,
    state: "unposted",
    stateReason: "credit memo request, not billed yet, billing block 08",
    final: false,
    references: [{ field: "order", text: "#1001" }],
    ...change,
  });
}

describe("a request for a credit", () => {
  it("of the refund's net amount belongs to the refund and waits, in the time allowed", () => {
    const records = tie([refund], [aRequest()], hours(2));
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ status: "pending", match: { rule: "order_amount" } });
    expect(records[0]?.match?.reason).toContain(
      "its net amount, 50.00 USD, is the refund without its tax",
    );
  });

  it("that waits too long is one exception, with the reason of its platform", () => {
    const records = tie([refund], [aRequest()]);
    expect(records).toHaveLength(1);
    expect(records[0]?.mismatches[0]).toMatchObject({
      kind: "status",
      expected: "in the books",
    });
    expect(records[0]?.mismatches[0]?.actual).toContain("billing block 08");
    expect(records[0]?.exposure).toBe("54.00");
  });

  it("of each of two refunds of one order goes to its own", () => {
    const other = aRefund({
      refundId: "900002",
      amount: "27.00",
      components: buildComponents({ items: "25.00", tax: "2.00" }),
    });
    const second = aRequest({ documentId: "request-60000002", total: "25.00" });
    const records = tie([refund, other], [aRequest(), second], hours(2));
    expect(records.map(({ id, documents }) => [id, documents[0]?.documentId])).toEqual([
      ["refund:900001", "request-60000001"],
      ["refund:900002", "request-60000002"],
    ]);
  });

  it("that was rejected, and set to zero by that, is shown with the only refund of its order", () => {
    const rejected = aRequest({ state: "rejected", final: true, total: "0.00" });
    const [record] = tie([refund], [rejected]);
    expect(record).toMatchObject({ status: "mismatched", exposure: "54.00" });
    expect(record?.mismatches).toMatchObject([{ kind: "status", actual: "rejected" }]);
  });

  it("that is billed by a document of no order, or of another, does not wait any more", () => {
    const [record] = tie([refund], [aRequest({ state: "billed", final: true })]);
    expect(record).toMatchObject({ status: "mismatched", exposure: "54.00" });
    expect(record?.mismatches).toMatchObject([{ kind: "status", actual: "billed" }]);
    expect(record?.match?.reason).toContain("no billing document of this order");
  });

  it("that is billed is no second booking beside the document of its refund", () => {
    const records = tie([refund], [aRequest({ state: "billed", final: true }), aDocument()]);
    expect(recordOf(records, "refund:900001").status).toBe("matched");
    expect(recordOf(records, "document:request-60000001").exposure).toBe("0.00");
  });

  it("that was rejected is shown with its refund, which nothing books", () => {
    const [record, another] = tie([refund], [aRequest({ state: "rejected", final: true })]);
    expect(another).toBeUndefined();
    expect(record?.documents.map(({ documentId }) => documentId)).toEqual(["request-60000001"]);
    expect(record?.status).toBe("mismatched");
  });

  it("no longer counts once the document that was made from it is there", () => {
    const memo = aDocument({ documentId: "90000001", madeFrom: ["request-60000001"] });
    const records = tie([refund], [aRequest(), memo]);
    const [record] = records.filter(({ refund: one }) => one !== null);
    expect(record).toMatchObject({ status: "matched" });
    expect(records.filter(({ status }) => status === "orphaned")).toEqual([]);
  });
});

describe("a credit that was made and is not in the books", () => {
  const waiting = aDocument({ state: "unposted", stateReason: "pricing error" });

  it("may wait as long as a refund may wait for its booking", () => {
    expect(tie([refund], [waiting], hours(2))[0]?.status).toBe("pending");
  });

  it("is then a mismatch of its status with the platform's reason, and money at risk", () => {
    const [record] = tie([refund], [waiting]);
    expect(kindsOf(record)).toEqual(["status"]);
    expect(record?.mismatches[0]?.actual).toContain("pricing error");
    expect(record?.exposure).toBe("54.00");
  });
});

describe("an order that only says refunded", () => {
  const claim = aRefund({
    refundId: "order-5501",
    transactions: [],
    marks: ["no_refund_record"],
  });

  it("is missing on both sides, and the figures say what each side has", () => {
    const [record] = tie([claim], []);
    expect(record?.mismatches).toMatchObject([
      { kind: "missing_in_erp", expected: "54.00", actual: "0.00" },
      { kind: "missing_in_storefront", expected: "0.00", actual: "0.00" },
    ]);
  });

  it("tells in its history what the order says, and what may still follow", () => {
    const words = tie([claim], [])[0]?.history.map(({ status, why }) => `${status}: ${why}`);
    expect(words).toEqual([
      "pending: the order's status says refunded; a refund may still follow",
      "stale: the order's status says refunded, but the storefront has no refund of it and the ERP no document",
    ]);
  });

  it("is no certain work of a person, because an app may have changed the status", () => {
    const [record] = tie([claim], []);
    if (record === undefined) throw new Error("no record");
    const { cause, confidence } = diagnoseRecord(record, buildPolicy());
    expect(cause).toBe("process");
    expect(confidence).toBeLessThan(0.85);
  });

  it("that the ERP has booked lacks only the refund", () => {
    const [record] = tie([claim], [aDocument()]);
    expect(record?.mismatches).toMatchObject([
      { kind: "missing_in_storefront", expected: "0.00", actual: "54.00" },
    ]);
  });

  it("is nothing to book once it is withdrawn", () => {
    const withdrawn = {
      ...claim,
      settled: "0.00",
      marks: [],
      benign: ["claim_withdrawn" as const],
    };
    expect(tie([withdrawn], [])[0]?.status).toBe("matched");
  });
});

describe("a document whose refund may be unreadable", () => {
  const withUnread = buildPolicy({ unreadableRefunds: [{ id: "900777", since: hours(1) }] });
  const document = aDocument({ documentId: "7009" });

  it("waits until the checkpoint before it is called one without a refund", () => {
    const waiting = tie([], [document], hours(20), withUnread)[0];
    expect(waiting?.status).toBe("pending");
    expect(waiting?.history.at(-1)?.why).toContain("is in quarantine");
    const after = tie([], [document], hours(30), withUnread)[0];
    expect(after?.status).toBe("orphaned");
    expect(tie([], [document], hours(20))[0]?.status).toBe("orphaned");
  });

  it("waits for as long as it carries the id of a refund in quarantine", () => {
    const named = aDocument({ references: [{ field: "external_id", text: "900777" }] });
    const [record] = tie([], [named], hours(300), withUnread);
    expect(record?.status).toBe("pending");
  });
});

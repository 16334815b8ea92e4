import { describe, expect, it } from "vitest";

import { pairByCircumstance } from "../../../lambdas/refund/tie-out/pair-by-circumstance.ts";
import type {
  ErpDocument,
  StorefrontRefund,
} from "../../../lambdas/refund/observation/observation.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import {
  aDocument,
  aPayment,
  aRefund,
  hours,
  kindsOf,
  LATER,
  policy,
  recordOf,
  tie,
} from "../order-in-step.ts";

/** A document that names no order. */
function loose(spoilt: Parameters<typeof aDocument>[0] = {}): ErpDocument {
  return aDocument({ order: "", ...spoilt });
}

function paid(refundId: string, reference: string): StorefrontRefund {
  return aRefund({ refundId, transactions: [aPayment({ references: [reference] })] });
}

function pair(
  refunds: readonly StorefrontRefund[],
  documents: readonly ErpDocument[],
  now = LATER,
): SyncRecord[] {
  const records = refunds.flatMap((refund) => tie([refund], [], now));
  return pairByCircumstance({ refunds: records, documents }, policy, now);
}

describe("rule 5: documents that name no order", () => {
  it("matches a unique candidate, never cleanly", () => {
    const [record, ...others] = pair([aRefund()], [loose()]);
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      id: "refund:900001",
      order: "1001",
      status: "mismatched",
      match: { rule: "circumstantial" },
      openedAt: hours(6),
    });
    expect(kindsOf(record)).toEqual(["order_reference_missing"]);
  });

  it("gives no document to a refund of which no money moved, and lets it be a rival", () => {
    const amount = "54.00";
    const waiting = aRefund({
      settled: "0.00",
      pending: amount,
      settledAt: null,
      transactions: [aPayment({ amount, status: "pending", processedAt: null })],
    });
    const alone = recordOf(pair([waiting], [loose()]), "refund:900001");
    expect(alone).toMatchObject({ status: "pending", documents: [] });
    const settled = aRefund({ refundId: "900002" });
    const records = pair([waiting, settled], [loose()]);
    expect(records.filter(({ match }) => match !== null)).toEqual([]);
  });

  it("abstains from equal amounts in the same minute, and lists them", () => {
    const records = pair(
      [aRefund(), aRefund({ refundId: "900002" })],
      [loose(), loose({ documentId: "7002" })],
    );
    expect(records.filter(({ match }) => match !== null)).toEqual([]);
    expect(recordOf(records, "refund:900001").ambiguous).toEqual(["7001", "7002"]);
    expect(recordOf(records, "document:7001").ambiguous).toEqual(["900001", "900002"]);
  });

  it("tells equal amounts apart by customer or payment", () => {
    const byCustomer = pair(
      [aRefund({ customerKey: "a" }), aRefund({ refundId: "900002", customerKey: "b" })],
      [loose({ customerKey: "b" }), loose({ documentId: "7002", customerKey: "a" })],
    );
    expect(byCustomer.map(({ documents: [one] }) => one?.documentId)).toEqual(["7002", "7001"]);
    const byPayment = pair(
      [paid("900001", "re_11112222"), paid("900002", "re_33334444")],
      [
        loose({ paymentReferences: ["re_33334444"] }),
        loose({ documentId: "7002", references: [{ field: "memo", text: "stripe re_11112222" }] }),
      ],
    );
    expect(byPayment.map(({ documents: [one] }) => one?.documentId)).toEqual(["7002", "7001"]);
  });

  it.each([
    ["outside the window", { createdAt: hours(73) }],
    ["in another currency", { currency: "CAD" }],
    ["of another customer", { customerKey: "b" }],
    ["naming other orders", { references: [{ field: "memo" as const, text: "#2001 and #2002" }] }],
    ["voided", { state: "voided" as const }],
  ])("does not match a document %s", (_, spoilt) => {
    const records = pair([aRefund({ customerKey: "a" })], [loose(spoilt)], hours(100));
    expect(recordOf(records, "refund:900001")).toMatchObject({ match: null, status: "stale" });
    expect(records).toHaveLength(2);
  });

  it("waits for the refund's own document inside its window, unless an id proves the pair", () => {
    expect(recordOf(pair([aRefund()], [loose()], hours(3)), "refund:900001").status).toBe(
      "pending",
    );
    const [proven] = pair([aRefund()], [loose({ refers: "900001" })], hours(3));
    expect(proven).toMatchObject({ status: "mismatched", match: { rule: "reference" } });
  });
});

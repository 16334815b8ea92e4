import { describe, expect, it } from "vitest";
import { diagnoseRecord } from "../../../lambdas/refund/diagnosis/diagnose.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import {
  bookedOff,
  discounted,
  document,
  matched,
  missing,
  POLICY,
  refund,
  unreferenced,
  wrong,
} from "./refund-in-step.ts";

describe("one record alone", () => {
  it("is a partial sync when the integration's credit names no order", () => {
    expect(diagnoseRecord(unreferenced(refund(1)), POLICY)).toMatchObject({
      cause: "integration",
      pattern: "partial_sync",
    });
  });

  it("is another matter when a person entered the credit by hand", () => {
    const byHand = unreferenced(refund(1), { createdBy: { id: "u7", kind: "human" } });
    expect(diagnoseRecord(byHand, POLICY).pattern).not.toBe("partial_sync");
    expect(diagnoseRecord(byHand, POLICY).cause).not.toBe("integration");
  });

  it("is a promo mismatch when the difference is the discount to the cent, and not a cent beside it", () => {
    const of = discounted(1, "2026-11-20T10:00:00.000Z", "10.00");
    expect(diagnoseRecord(bookedOff(of, 1000), POLICY).pattern).toBe("promo_mismatch");
    expect(diagnoseRecord(bookedOff(of, 990), POLICY).pattern).toBeNull();
  });

  it("is rounding drift when it is cents", () => {
    expect(diagnoseRecord(bookedOff(refund(1), 1), POLICY).pattern).toBe("rounding_drift");
    expect(diagnoseRecord(bookedOff(refund(1), 50), POLICY).pattern).toBeNull();
  });

  it.each([
    ["a payout whose credit memo is gone", { kind: "customer_refund" }, "process"],
    ["a credit memo that the integration made", {}, "integration"],
  ] as const)("without a reference is told apart: %s", (_, spoiled, cause) => {
    expect(diagnoseRecord(unreferenced(refund(1), spoiled), POLICY).cause).toBe(cause);
  });

  it("is the person's who changed the amount afterwards, unless a slip explains it to the cent", () => {
    const changed = {
      modifiedBy: { id: "u", kind: "human" },
      modifiedAt: "2026-11-21T10:00:00.000Z",
    } as const;
    expect(diagnoseRecord(bookedOff(refund(1), -777, changed), POLICY).cause).toBe("process");
    const of = discounted(1, "2026-11-20T10:00:00.000Z", "10.00");
    expect(diagnoseRecord(bookedOff(of, 1000, changed), POLICY).cause).toBe("integration");
  });

  it.each([
    ["failure", 1000, "a payment that failed is booked too"],
    ["success", -1000, "one of the payments is left out"],
  ] as const)("names the payment whose amount is the difference (%s)", (status, off, words) => {
    const of = refund(1);
    const [payment] = of.transactions;
    if (payment === undefined) throw new Error("a refund without a payment");
    const two = {
      ...of,
      transactions: [payment, { ...payment, id: "t2", amount: "10.00", status }],
    };
    const { cause, evidence } = diagnoseRecord(bookedOff(two, off), POLICY);
    expect(cause).toBe("integration");
    expect(evidence.join()).toContain(words);
  });

  it("says nothing of why a refund is missing", () => {
    expect(diagnoseRecord(missing(refund(1)), POLICY)).toMatchObject({
      cause: "undetermined",
      confidence: 0,
    });
  });

  it("names the slip that explains a difference to the cent", () => {
    const of = refund(1, {
      settled: "50.00",
      components: { ...refund(1).components, shipping: "6.70" },
    });
    expect(diagnoseRecord(bookedOff(of, -670), POLICY)).toMatchObject({
      cause: "integration",
      pattern: null,
    });
    expect(diagnoseRecord(bookedOff(of, -670), POLICY).evidence[0]).toContain(
      "shipping is left out",
    );
  });
});

it("calls an orphan that a person entered a matter of people", () => {
  const orphan: SyncRecord = {
    ...wrong(matched(refund(1)), "orphaned", [
      {
        kind: "missing_in_storefront",
        expected: "",
        actual: "43.30",
        difference: "",
        currency: "USD",
      },
    ]),
    id: "document:71",
    refund: null,
    documents: [document(refund(1), { createdBy: { id: "u", kind: "human" }, references: [] })],
  };
  const people = { cause: "process", pattern: null };
  expect(diagnoseRecord(orphan, POLICY)).toMatchObject(people);
});

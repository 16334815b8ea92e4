import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { pairByCircumstance } from "../../../lambdas/refund/tie-out/pair-by-circumstance.ts";
import type {
  BenignCase,
  StorefrontRefund,
} from "../../../lambdas/refund/observation/observation.ts";
import { EXCEPTION_STATUSES } from "../../../lambdas/refund/record/sync-record.ts";
import { tieOut } from "../../../lambdas/refund/tie-out/tie-out.ts";
import { aDocument, aRefund, hours, kindsOf, LATER, policy, tie } from "../order-in-step.ts";
import { hour, shuffled } from "./any-order.ts";

describe("an order that is in step", () => {
  const clean = fc.uniqueArray(fc.integer({ min: 1, max: 99_999 }), { maxLength: 8 }).map((cents) =>
    cents.map((value, index) => {
      const total = `${Math.floor(value / 100)}.${String(value % 100).padStart(2, "0")}`;
      return {
        refund: aRefund({ refundId: `90000${index}`, amount: total, processedAt: hours(index) }),
        document: aDocument({ documentId: `700${index}`, total, createdAt: hours(index + 3) }),
      };
    }),
  );

  it("has no exception, and an exception in it changes no other refund", () => {
    fc.assert(
      fc.property(clean, (pairs) => {
        const records = tie(
          pairs.map(({ refund }) => refund),
          pairs.map(({ document }) => document),
        );
        expect(records.filter(({ status }) => status !== "matched")).toEqual([]);
        const more = tie(
          [
            ...pairs.map(({ refund }) => refund),
            aRefund({ refundId: "999999", amount: "4321.09" }),
          ],
          pairs.map(({ document }) => document),
        );
        expect(more.filter(({ id }) => id !== "refund:999999")).toEqual(records);
      }),
    );
  });

  it("never makes an exception of what is known to be benign", () => {
    const cases = fc.constantFrom<BenignCase>(
      "restock_only",
      "test",
      "exchange_netted",
      "outside_scope",
      "quantity_only_before_import",
      "payment_failed",
    );
    fc.assert(
      fc.property(clean, cases, hour, (pairs, benign, at) => {
        const nothing: StorefrontRefund = aRefund({
          refundId: "999999",
          settled: "0.00",
          settledAt: null,
          transactions: [],
          benign: [benign],
          processedAt: hours(at),
        });
        const records = tie(
          [...pairs.map(({ refund }) => refund), nothing],
          pairs.map(({ document }) => document),
        );
        expect(records.filter(({ status }) => EXCEPTION_STATUSES.has(status))).toEqual([]);
      }),
    );
  });
});

describe("rule 5, whatever the order", () => {
  const sides = fc.record({
    refunds: fc.array(fc.record({ hour, customer: fc.constantFrom(null, "a", "b") }), {
      maxLength: 6,
    }),
    documents: fc.array(fc.record({ hour, customer: fc.constantFrom(null, "a", "b") }), {
      maxLength: 6,
    }),
  });

  it("uses nothing twice, is never clean, and does not mind the order of arrival", () => {
    fc.assert(
      fc.property(sides, fc.nat(1_000), (seen, seed) => {
        const records = seen.refunds.flatMap(({ hour: at, customer }, index) =>
          tieOut(
            {
              order: `10${index}`,
              refunds: [
                aRefund({
                  refundId: `90000${index}`,
                  processedAt: hours(at),
                  customerKey: customer,
                }),
              ],
              documents: [],
            },
            policy,
            LATER,
          ),
        );
        const loose = seen.documents.map(({ hour: at, customer }, index) =>
          aDocument({
            documentId: `700${index}`,
            createdAt: hours(at),
            customerKey: customer,
            order: "",
          }),
        );
        const paired = pairByCircumstance({ refunds: records, documents: loose }, policy, LATER);
        expect(
          pairByCircumstance(
            { refunds: shuffled(records, seed), documents: shuffled(loose, seed) },
            policy,
            LATER,
          ),
        ).toEqual(paired);
        expect(
          paired
            .flatMap(({ documents: held }) => held.map(({ documentId }) => documentId))
            .toSorted(),
        ).toEqual(loose.map(({ documentId }) => documentId).toSorted());
        for (const record of paired.filter(({ match }) => match !== null)) {
          expect(record.status).toBe("mismatched");
          expect(kindsOf(record)).toContain("order_reference_missing");
        }
      }),
    );
  });
});

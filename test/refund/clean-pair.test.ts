import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { ErpDocument, StorefrontRefund } from "../../lambdas/refund/observation.ts";
import { tieOut } from "../../lambdas/refund/tie-out.ts";
import { aDocument, aPayment, aRefund, hours, NOON, policy } from "./order-in-step.ts";

/** A decision about another record keeps this order off the quick way. */
const ELSEWHERE = new Map([
  ["refund:other", { at: NOON, by: "finance", note: "written off", fingerprint: "0" }],
]);

const spoiltRefund: fc.Arbitrary<Parameters<typeof aRefund>[0]> = fc.record(
  {
    processedAt: fc.constantFrom(
      NOON,
      hours(1),
      "2026-11-01T03:30:00.000Z",
      "2026-10-31T23:59:00.000Z",
    ),
    createdAt: fc.constantFrom(NOON, hours(0.01), hours(9)),
    settledAt: fc.constantFrom(null, NOON, hours(0.1), hours(7)),
    benign: fc.constantFrom([], [], ["test" as const], ["cash_rounding" as const]),
    pending: fc.constantFrom("0.00", "0.00", "3.00"),
    orderNumber: fc.constantFrom("#1001", "1001", "SO-1001"),
    taxesIncluded: fc.boolean(),
    transactions: fc.constantFrom(
      [aPayment()],
      [aPayment({ processedAt: hours(0.1) })],
      [aPayment({ processedAt: hours(4) })],
      [aPayment({ references: ["re_12345678"] })],
      [],
    ),
  },
  { requiredKeys: [] },
);
const spoiltDocument: fc.Arbitrary<Parameters<typeof aDocument>[0]> = fc.record(
  {
    refers: fc.constantFrom(
      "900001",
      "gid://shopify/Refund/900001",
      "R-900001",
      "gid://shopify/Refund/900002",
      "1001",
    ),
    order: fc.constantFrom("#1001", "1001", "SO-1001", "", "#1002"),
    createdAt: fc.constantFrom(hours(-1), NOON, hours(2), hours(6), hours(6.01), hours(30)),
    bookedOn: fc.constantFrom("2026-11-10", "2026-10-31", "2026-12-01"),
    total: fc.constantFrom("54.00", "54.00", "54.01"),
    currency: fc.constantFrom("USD", "USD", "CAD"),
    tax: fc.constantFrom(null, "4.00", "0.00"),
    shipping: fc.constantFrom(null, "0.00", "1.00"),
    kind: fc.constantFrom("credit_memo" as const, "other" as const),
    state: fc.constantFrom(
      "open" as const,
      "applied" as const,
      "unapproved" as const,
      "voided" as const,
    ),
    paymentReferences: fc.constantFrom([], ["re_12345678"], ["re_87654321"]),
    lines: fc.constantFrom(
      null,
      [{ sku: "SHIRT", kind: "item" as const, quantity: 1, amount: "50.00" }],
      [
        { sku: "SHIRT", kind: "item" as const, quantity: 1, amount: "48.00" },
        { sku: null, kind: "other" as const, quantity: 1, amount: "2.00" },
      ],
      [{ sku: null, kind: "tax" as const, quantity: 1, amount: "4.00" }],
    ),
  },
  { requiredKeys: [] },
);

function bothWays(
  refunds: readonly StorefrontRefund[],
  documents: readonly ErpDocument[],
  now: string,
): void {
  const seen = { order: "1001", refunds, documents };
  expect(tieOut(seen, policy, now)).toEqual(
    tieOut({ ...seen, resolutions: ELSEWHERE }, policy, now),
  );
}

describe("the quick way for the usual order", () => {
  it("says of one refund and one document what the rules say, word for word", () => {
    fc.assert(
      fc.property(
        spoiltRefund,
        spoiltDocument,
        fc.constantFrom(hours(31), hours(90)),
        (refund, document, now) => {
          bothWays([aRefund(refund)], [aDocument(document)], now);
        },
      ),
      { numRuns: 600 },
    );
  });

  it("says of a refund without a document what the rules say", () => {
    fc.assert(
      fc.property(spoiltRefund, fc.constantFrom(hours(10), hours(5), hours(90)), (refund, now) => {
        bothWays([aRefund(refund)], [], now);
      }),
    );
  });
});

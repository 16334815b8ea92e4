import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type {
  ErpDocument,
  StorefrontRefund,
} from "../../../lambdas/refund/observation/observation.ts";
import { tieOut } from "../../../lambdas/refund/tie-out/tie-out.ts";
import { aDocument, aPayment, aRefund, hours, NOON, policy } from "../order-in-step.ts";

/** A decision about another record keeps this order off the quick way. */
const ELSEWHERE = new Map([
  ["refund:other", { at: NOON, by: "finance", note: "written off", fingerprint: "0" }],
]);

const { components: inStep } = aRefund();

function inEuros(settled: string): StorefrontRefund["presentment"] {
  return { currency: "EUR", settled, pending: "0.00", components: inStep };
}

/** With more than two things spoilt on a side hardly any order would go the quick way. */
function atMostTwo<Fields extends object>(
  all: fc.Arbitrary<Fields>,
): fc.Arbitrary<Partial<Fields>> {
  const picks = fc.array(fc.nat(20), { maxLength: 2 });
  return fc.tuple(all, picks).map(([fields, picked]) => {
    const few = Object.entries(fields).filter((_, index) => picked.includes(index));
    return Object.fromEntries(few) as Partial<Fields>;
  });
}

const spoiltRefund = atMostTwo(
  fc.record({
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
    orderNumber: fc.constantFrom("#1001", "1001", "SO-1001", "12345678901"),
    presentment: fc.constantFrom(null, null, inEuros("50.00"), inEuros("54.01")),
    components: fc.constantFrom({ ...inStep, discount: "5.00" }, { ...inStep, tax: "3.00" }),
    taxesIncluded: fc.boolean(),
    transactions: fc.constantFrom(
      [aPayment()],
      [aPayment({ processedAt: hours(0.1) })],
      [aPayment({ processedAt: hours(4) })],
      [aPayment({ references: ["re_12345678"] })],
      [],
    ),
  }),
);
const spoiltDocument = atMostTwo(
  fc.record({
    refers: fc.constantFrom(
      "900001",
      "gid://shopify/Refund/900001",
      "R-900001",
      "gid://shopify/Refund/900002",
      "1001",
    ),
    order: fc.constantFrom("#1001", "1001", "SO-1001", "", "#1002", "12345678901"),
    createdAt: fc.constantFrom(hours(-1), NOON, hours(2), hours(6), hours(6.01), hours(30)),
    bookedOn: fc.constantFrom("2026-11-10", "2026-10-31", "2026-12-01"),
    discount: fc.constantFrom(null, null, "0.00", "5.00"),
    currency: fc.constantFrom("USD", "USD", "USD", "CAD", "EUR"),
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
  }),
);

function bothWays(
  refunds: readonly StorefrontRefund[],
  documents: readonly ErpDocument[],
  now: string,
  tolerancePerLine = "0.00",
): void {
  const seen = { order: "1001", refunds, documents };
  const tolerant = { ...policy, tolerancePerLine };
  expect(tieOut(seen, tolerant, now)).toEqual(
    tieOut({ ...seen, resolutions: ELSEWHERE }, tolerant, now),
  );
}

describe("the quick way for the usual order", () => {
  it("says of one refund and one document what the rules say, word for word", () => {
    fc.assert(
      fc.property(
        spoiltRefund,
        spoiltDocument,
        fc.constantFrom(hours(31), hours(90)),
        fc.constantFrom("0.00", "0.00", "0.01", "0.5"),
        fc.constantFrom("54.00", "54.01", "53.50", "59.00", "50.00", "-54.00", "54.001"),
        (refund, document, now, tolerance, total) => {
          bothWays([aRefund(refund)], [aDocument({ total, ...document })], now, tolerance);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("does not take a number too long to be shown for an order's", () => {
    const orderNumber = "12345678901";
    const document = aDocument({ order: orderNumber, refers: "gid://shopify/Refund/900001" });
    const refund = aRefund({ orderNumber });
    bothWays([refund], [document], hours(31));
    const [record] = tieOut(
      { order: "1001", refunds: [refund], documents: [document] },
      policy,
      hours(31),
    );
    expect(record?.mismatches.map(({ kind }) => kind)).toEqual(["order_reference_missing"]);
  });

  it("says of a refund without a document what the rules say", () => {
    fc.assert(
      fc.property(spoiltRefund, fc.constantFrom(hours(10), hours(5), hours(90)), (refund, now) => {
        bothWays([aRefund(refund)], [], now);
      }),
    );
  });
});

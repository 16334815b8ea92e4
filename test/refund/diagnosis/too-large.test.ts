import * as fc from "fast-check";
import { expect, it } from "vitest";

import { dailyRollupSchema } from "../../../lambdas/refund/diagnosis/rollup/daily-rollup.ts";
import { aDocument, aRefund, tie } from "../order-in-step.ts";
import { lookAt, rollUps } from "./rolled-up.ts";

const HUGE = "99999999999999999999.00";

it("no amount, however large and wherever it stands, keeps a day from being rolled up and explained", () => {
  const anyOf = fc.constantFrom("9.00", "54.00", HUGE);
  const change = fc.record({
    settled: fc.constantFrom("54.00", HUGE),
    part: fc.constantFrom("items", "tax", "shipping", "shippingTax", "duties", "discount"),
    inPart: anyOf,
    inLine: fc.constantFrom("amount", "tax", "unitPrice", "discount"),
    ofLine: anyOf,
    total: fc.constantFrom("54.00", "53.99", HUGE),
    tax: fc.constantFrom(null, "4.00", HUGE),
    shipping: fc.constantFrom(null, "4.00", HUGE),
  });
  fc.assert(
    fc.property(change, ({ settled, part, inPart, inLine, ofLine, total, tax, shipping }) => {
      const plain = aRefund();
      const refund = aRefund({
        settled,
        components: { ...plain.components, [part]: inPart },
        lines: plain.lines.map((line) => ({ ...line, [inLine]: ofLine })),
      });
      const records = tie([refund], [aDocument({ total, tax, shipping })]);
      expect(records.length).toBeGreaterThan(0);
      for (const one of rollUps(records))
        expect(dailyRollupSchema.safeParse(one).error).toBe(undefined);
      expect(lookAt(records).diagnoses.size).toBeLessThan(3);
    }),
    { numRuns: 300 },
  );
});

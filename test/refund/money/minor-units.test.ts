import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { amountOf, wholeUnits } from "../../../lambdas/refund/money/minor-units.ts";

describe("an amount in whole units", () => {
  it("is read back as it was written, and nothing else is read", () => {
    const cents = fc.integer({ min: 0, max: 10 ** 13 });
    fc.assert(
      fc.property(cents, fc.constantFrom("USD", "JPY", "KWD"), (units, currency) => {
        expect(wholeUnits(amountOf(units, currency), currency)).toBe(units);
      }),
    );
    for (const odd of ["-1.00", "1.0", "1.000", "1", ".50", "", "1,00", "1234567890123456.00"]) {
      expect(wholeUnits(odd, "USD")).toBeNull();
    }
  });
});

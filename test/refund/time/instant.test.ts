import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { instantOf, msOf } from "../../../lambdas/refund/time/instant.ts";

describe("an instant in milliseconds", () => {
  it("is written as Date writes it, and read back", () => {
    const years = { min: Date.parse("1900-01-01"), max: Date.parse("2200-01-01") };
    fc.assert(
      fc.property(fc.integer(years), (ms) => {
        expect(instantOf(ms)).toBe(new Date(ms).toISOString());
        expect(msOf(instantOf(ms))).toBe(ms);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is right on both sides of midnight", () => {
    const midnight = Date.parse("2026-03-01T00:00:00.000Z");
    for (const ms of [midnight - 1, midnight, midnight + 1, midnight + 86_399_999]) {
      expect(instantOf(ms)).toBe(new Date(ms).toISOString());
    }
  });

  it("is refused where there is none", () => {
    expect(() => instantOf(Number.NaN)).toThrow(RangeError);
  });
});

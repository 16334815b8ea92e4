import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { onsetOf } from "../../../lambdas/refund/statistics/change-point.ts";
import { sinceInWords } from "../../../lambdas/refund/time/days-in-words.ts";

describe("A rise of a rate", () => {
  it("from nothing to everything is dated to the day", () => {
    const onset = onsetOf(series([0, 0, 0, 0, 8, 8, 8], 8));
    expect(onset).toMatchObject({ from: "2026-11-05", to: "2026-11-05", likeliest: "2026-11-05" });
    expect(onset?.before).toEqual({ hits: 0, tries: 32 });
    expect(onset?.after).toEqual({ hits: 24, tries: 24 });
  });

  it("over days without refunds is dated to all of them", () => {
    const days = series([0, 0, 0, 0, 0, 8, 8], 8).map((day, index) =>
      index === 3 || index === 4 ? { ...day, tries: 0 } : day,
    );
    expect(onsetOf(days)).toMatchObject({ from: "2026-11-04", to: "2026-11-06" });
  });

  it("is not told of a steady rate, a fall, or a single failure", () => {
    expect(onsetOf(series([1, 0, 1, 1, 0, 1, 0, 1], 10))).toBeNull();
    expect(onsetOf(series([8, 8, 8, 8, 0, 0, 0, 0], 8))).toBeNull();
    expect(onsetOf(series([0, 0, 0, 0, 0, 1], 8))).toBeNull();
    expect(onsetOf([])).toBeNull();
  });

  it("is the same whatever the size of the counts allows", () => {
    const counts = fc.array(fc.tuple(fc.nat(5_000), fc.nat(5_000)), { maxLength: 40 });
    fc.assert(
      fc.property(counts, (pairs) => {
        const days = pairs.map(([a, b], index) => ({
          day: dayOf(index),
          hits: Math.min(a, b),
          tries: Math.max(a, b),
        }));
        const onset = onsetOf(days);
        if (onset === null) return;
        expect(onset.certainty).toBeGreaterThanOrEqual(0.95);
        expect(onset.from <= onset.likeliest && onset.likeliest <= onset.to).toBe(true);
      }),
    );
  });
});

it.each([
  ["2026-11-12", "2026-11-12", "since 12 November"],
  ["2026-11-12", "2026-11-15", "since 12 to 15 November"],
  ["2026-10-30", "2026-11-02", "since 30 October to 2 November"],
  ["2026-12-30", "2027-01-02", "since 30 December to 2 January"],
])("says from %s to %s as %s", (from, to, words) => {
  expect(sinceInWords({ from, to })).toBe(words);
});

function series(hits: readonly number[], tries: number) {
  return hits.map((count, index) => ({ day: dayOf(index), hits: count, tries }));
}

function dayOf(index: number): string {
  return new Date(Date.UTC(2026, 10, 1 + index)).toISOString().slice(0, 10);
}

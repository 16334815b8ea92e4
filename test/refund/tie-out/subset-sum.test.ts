import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { MOST_PARTS, partsThatSumTo } from "../../../lambdas/refund/tie-out/matching/subset-sum.ts";

/** Every group of two or more, by its amounts: slow, and so simple that it can be believed. */
function allGroups(target: bigint, amounts: readonly bigint[]): ReadonlySet<string> {
  const groups = new Set<string>();
  for (let mask = 0; mask < 1 << amounts.length; mask++) {
    const taken = amounts.filter((amount, index) => (mask & (1 << index)) !== 0 && amount > 0n);
    const sum = taken.reduce((total, amount) => total + amount, 0n);
    if (taken.length > 1 && sum === target) groups.add(taken.map(String).toSorted().join());
  }
  return groups;
}

function ones(count: number): bigint[] {
  return Array.from({ length: count }, () => 1n);
}

describe("the group that adds up", () => {
  it("is found when it is the only one, and nobody guesses between two", () => {
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 30n }), { maxLength: 8 });
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 1n, max: 90n }), (some, target) => {
        const groups = allGroups(target, some);
        const found = partsThatSumTo(target, some);
        expect(found.kind).toBe(groups.size === 0 ? "none" : groups.size === 1 ? "one" : "several");
        const indexes = found.kind === "one" ? found.indexes : [];
        const sum = indexes.reduce((total, index) => total + (some[index] ?? 0n), 0n);
        expect(sum).toBe(found.kind === "one" ? target : 0n);
        expect(new Set(indexes).size).toBe(indexes.length);
      }),
      { numRuns: 400 },
    );
  });

  it("takes the first of equal amounts", () => {
    expect(partsThatSumTo(50n, [30n, 20n, 30n, 20n])).toEqual({ kind: "one", indexes: [0, 1] });
  });

  it("is looked for up to eight parts, and as all of them together at any number", () => {
    expect(partsThatSumTo(BigInt(MOST_PARTS), [...ones(MOST_PARTS), 100n]).kind).toBe("one");
    expect(partsThatSumTo(BigInt(MOST_PARTS + 1), [...ones(MOST_PARTS + 3)]).kind).toBe("none");
    expect(partsThatSumTo(100n, ones(100)).kind).toBe("one");
  });

  it("says that it stopped at its bound, which is not that there is none", () => {
    const even = Array.from({ length: 40 }, (_, index) => BigInt(2 * (1_000 + index * index)));
    expect(partsThatSumTo(9_999n, even)).toEqual({ kind: "bound" });
    expect(
      partsThatSumTo(
        1_500n,
        Array.from({ length: 70 }, (_, i) => BigInt(i + 1)),
      ),
    ).toEqual({
      kind: "bound",
    });
  });
});

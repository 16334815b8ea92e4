import { describe, expect, it } from "vitest";
import { comparePairs } from "../../bench/eval/compared-pairs.ts";
import { judgeLife, judgeObserved } from "../../bench/eval/judged-life.ts";
import { lifeOnPair, observePair } from "../../bench/eval/observed-pair.ts";
import { ERP_PLATFORMS, STOREFRONT_PLATFORMS } from "../../lambdas/platforms.ts";
import { generateLife } from "../../local/life/generate.ts";
import { ERPS, STOREFRONTS } from "../../local/platforms.ts";

/** Every storefront with every ERP, on the same small life. */
const PAIRS = Object.keys(STOREFRONTS).flatMap((storefront) =>
  Object.keys(ERPS).map((erp) => ({ storefront, erp })),
);

describe("a small life", () => {
  const life = generateLife({ seed: 9, from: "2026-11-01T00:00:00.000Z", days: 10 });
  const first = judgeLife(life, life.to);

  it("is played on every storefront with every ERP", () => {
    expect(PAIRS).toHaveLength(STOREFRONT_PLATFORMS.length * ERP_PLATFORMS.length);
    expect(first.records.length).toBeGreaterThan(200);
    expect(first.exceptions.length).toBeGreaterThan(5);
  });

  it.each(PAIRS)(
    "on $storefront and $erp has the same status and kinds wherever its facts are the same",
    async (pair) => {
      const seen = await observePair(life, life.to, pair);
      const judged = judgeObserved(lifeOnPair(life, pair), seen, life.to);
      const { equal, same, different, reasons } = comparePairs(first.records, judged.records);
      expect(different).toEqual([]);
      expect(same).toBe(equal);
      // A value that one platform hides is a fact that differs; the verdict may be the same.
      const alike = equal + [...reasons.values()].reduce((sum, one) => sum + one.same, 0);
      expect(alike, JSON.stringify([...reasons])).toBeGreaterThan(first.records.length / 2);
    },
    120_000,
  );
});

import { afterAll, describe, expect, it } from "vitest";

import type { Injection } from "../../faults/injection.ts";
import { withoutRecords } from "../../faults/kinds/world.ts";
import { objectsIn } from "../../faults/platform.ts";
import type { Platform } from "../../faults/platform.ts";
import { PLATFORMS } from "../../faults/platforms.ts";
import { runSchedule } from "../../faults/schedule.ts";
import { documentsIn, refundsIn } from "../../faults/stored.ts";
import { isClaim } from "../../lambdas/refund/observation/nothing-to-book.ts";
import type { Life } from "../../local/life/life.ts";

afterAll(async () => {
  for (const platform of PLATFORMS) await platform.stop();
});

/** A platform whose lists or records the suite does not know passes every fault that hides some. */
describe("a fault that hides every record", () => {
  it.each(PLATFORMS.map((platform) => ({ platform, name: platform.name })))(
    "leaves none on $name, and all of them beside it",
    async ({ platform }) => {
      const { simulation } = await runSchedule({
        seed: 5,
        platforms: pairWith(platform),
        checkers: [],
        draw: ({ life }) => [hidesAll(platform, idsOf(life))],
      });
      const refunds = [...refundsIn(simulation).values()].filter((one) => !isClaim(one));
      const documents = [...documentsIn(simulation).values()];
      const [gone, left] =
        platform.role === "storefront" ? [refunds, documents] : [documents, refunds];
      expect(gone).toEqual([]);
      expect(left.length).toBeGreaterThan(5);
    },
    60_000,
  );

  it.each(PLATFORMS.map((platform) => ({ platform, name: platform.name })))(
    "has the time of each change on $name",
    async ({ platform }) => {
      const times = new Set<number>();
      await runSchedule({
        seed: 5,
        platforms: pairWith(platform),
        checkers: [],
        draw: () => [notesTimes(platform, times)],
      });
      expect(times.size).toBeGreaterThan(5);
    },
    60_000,
  );
});

function pairWith(platform: Platform): readonly Platform[] {
  const other = PLATFORMS.find(({ role }) => role !== platform.role);
  if (other === undefined) return [platform];
  return platform.role === "storefront" ? [platform, other] : [other, platform];
}

function hidesAll(platform: Platform, ids: ReadonlySet<string>): Injection {
  return {
    ...ALWAYS,
    answer: async ({ platform: asked, question, correctAnswer }) =>
      asked === platform ? withoutRecords(platform, await correctAnswer(), question, ids) : null,
  };
}

function notesTimes(platform: Platform, times: Set<number>): Injection {
  return {
    ...ALWAYS,
    answer: async ({ platform: asked, correctAnswer }) => {
      const answer = await correctAnswer();
      if (asked !== platform || answer.body === "") return answer;
      const json: unknown = JSON.parse(answer.body);
      for (const one of objectsIn(json)) {
        for (const row of platform.lists.flatMap((key) => [...objectsIn(one[key])])) {
          const at = platform.recordIn(row)?.changedAt ?? null;
          if (at !== null) times.add(at);
        }
      }
      return answer;
    },
  };
}

/** Every id under which a fault may hide a record: see `ShownRecord`. */
function idsOf({ refunds, documents }: Life): ReadonlySet<string> {
  return new Set([
    ...documents.map(({ documentId }) => documentId),
    ...refunds.flatMap(({ refundId, orderId }) => [
      refundId,
      `gid://shopify/Refund/${refundId}`,
      `gid://shopify/Order/${orderId}`,
    ]),
  ]);
}

const ALWAYS = { row: 17, says: "in a test", from: 0, until: Date.parse("2100-01-01") };

import fc from "fast-check";
import { expect, it } from "vitest";
import { aShop, aWorld, everyPage, order, refund, type World } from "./shop.ts";

/** Refunds may have one time, or ids that do not follow the time; orders are modified meanwhile. */
const seconds = fc.integer({ min: 0, max: 40 });
const worlds = fc.record({
  times: fc.array(seconds, { minLength: 1, maxLength: 25 }),
  shuffle: fc.infiniteStream(fc.nat(1_000)),
  pageSize: fc.integer({ min: 1, max: 6 }),
  /** What happens after each page: a refund goes away, or another one comes. */
  changes: fc.array(fc.record({ kind: fc.constantFrom("remove", "add", "none"), at: seconds }), {
    maxLength: 12,
  }),
});

it("reads each refund that stays exactly as often as it is shown, while others come and go", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ times, shuffle, pageSize, changes }) => {
      const stream = shuffle[Symbol.iterator]();
      const rows = times.map((at) => dated(Number(stream.next().value) * 100 + times.length, at));
      const unique = [...new Map(rows.map((row) => [row["id"], row])).values()];
      const world: World = aWorld({ refunds: unique });
      const gone = new Set<unknown>();
      let serial = 900_000;
      const coming = [...changes];
      world.afterPage = () => {
        const change = coming.shift();
        if (change?.kind === "add") world.refunds = [...world.refunds, dated(serial++, change.at)];
        if (change?.kind === "remove") {
          const [first, ...rest] = world.refunds;
          if (first !== undefined) gone.add(first["id"]);
          world.refunds = rest;
        }
      };
      const { shop } = await aShop(world, { pageSize });
      const { observations } = await everyPage(shop);
      const ids = new Set(observations.map(({ refundId }) => refundId));
      const left = unique.filter((row) => !gone.has(row["id"])).map((row) => String(row["id"]));
      expect(left.filter((id) => !ids.has(id))).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);

it("reads each order that a person set to Refunded, while others change", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 2, max: 5 }),
      async (ids, pageSize) => {
        const orders = ids.map((id) => order({ id, status_id: 4 }));
        const world = aWorld({ refunds: [], orders, products: {}, transactions: {} });
        const { shop } = await aShop(world, { pageSize });
        const { observations } = await everyPage(shop);
        expect(observations.map(({ refundId }) => refundId).toSorted()).toEqual(
          ids.map((id) => `order-${id}`).toSorted(),
        );
      },
    ),
    { numRuns: 30 },
  );
}, 60_000);

function dated(id: number, second: number) {
  const created = `2026-11-10T10:00:${String(second).padStart(2, "0")}+00:00`;
  return refund({ id, created, items: [] });
}

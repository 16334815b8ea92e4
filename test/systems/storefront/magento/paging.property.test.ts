import fc from "fast-check";
import { expect, it } from "vitest";
import { aShop, aWorld, everyPage, memo, type Row, type World } from "./shop.ts";

/** Many memos may have one second, and some are changed while the pages are read. */
const seconds = fc.integer({ min: 0, max: 12 });
const worlds = fc.record({
  times: fc.array(seconds, { minLength: 1, maxLength: 30 }),
  pageSize: fc.integer({ min: 1, max: 6 }),
  /** After each page one memo is changed, by its place in the list, or a new one is made. */
  changes: fc.array(
    fc.record({ kind: fc.constantFrom("touch", "add", "none"), place: fc.nat(40), at: seconds }),
    { maxLength: 12 },
  ),
});

it("reads each memo that is not changed meanwhile, and each change that is in the window", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ times, pageSize, changes }) => {
      const world: World = aWorld({ memos: times.map((at, place) => dated(100 + place, at)) });
      const touched = new Set<unknown>();
      const coming = [...changes];
      let serial = 900;
      world.afterPage = () => {
        const change = coming.shift();
        if (change?.kind === "add") world.memos = [...world.memos, dated(serial++, 40 + change.at)];
        const one = world.memos[change?.kind === "touch" ? change.place : -1];
        if (one === undefined) return;
        touched.add(one["entity_id"]);
        // A change moves a memo to the end, or out of the window.
        world.memos = world.memos.map((row) =>
          row === one ? { ...row, updated_at: "2026-12-01 10:00:00" } : row,
        );
      };
      const { shop } = await aShop(world, { pageSize });
      const { observations } = await everyPage(shop);
      const ids = observations.map(({ refundId }) => Number(refundId));
      expect(ids).toHaveLength(new Set(ids).size);
      const left = times.map((_, place) => 100 + place).filter((id) => !touched.has(id));
      expect(left.filter((id) => !ids.includes(id))).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);

function dated(id: number, second: number): Row {
  const at = `2026-11-10 10:00:${String(second).padStart(2, "0")}`;
  return memo({ entity_id: id, created_at: at, updated_at: at });
}

import fc from "fast-check";
import { expect, it } from "vitest";
import { NOVEMBER } from "../../every-page.ts";
import { aPod, aWorld, everyPage, memo, type World } from "./pod.ts";

/** Many memos may have one change time; some are changed while the pages are read. */
const worlds = fc.record({
  times: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 30 }),
  pageSize: fc.integer({ min: 2, max: 7 }),
  cap: fc.integer({ min: 2, max: 9 }),
  /** What the server says about more rows: the truth, always yes, or always no. */
  hasMore: fc.constantFrom(null, true, false),
  /** The change time may pass the end of the window: then the memo is in the next one. */
  changes: fc.array(fc.record({ index: fc.nat(29), leaves: fc.boolean() }), { maxLength: 15 }),
});

it("reads each memo at least once, whatever the server says about more rows", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ times, pageSize, cap, hasMore, changes }) => {
      const world: World = aWorld({
        cap,
        hasMore: hasMore === true ? null : hasMore,
        memos: times.map((at, index) =>
          memo({ CustomerTransactionId: 1_000 + index, LastUpdateDate: instant(at) }),
        ),
      });
      const coming = [...changes];
      const gone = new Set<string>();
      let moment = 100;
      world.afterPage = () => {
        const change = coming.shift();
        if (change === undefined || change.index >= times.length) return;
        moment += 1;
        const at = change.leaves ? 3_600 + moment : moment;
        if (change.leaves) gone.add(String(1_000 + change.index));
        world.memos = world.memos.map((row, index) =>
          index === change.index ? { ...row, LastUpdateDate: instant(at) } : row,
        );
      };
      const { books } = await aPod(world, { pageSize });
      const window = { since: NOVEMBER.since, until: new Date(START + 1_800_000).toISOString() };
      const { observations } = await everyPage(books, window);
      const ids = new Set(observations.map(({ documentId }) => documentId));
      const all = times.map((_, index) => String(1_000 + index));
      expect(all.filter((id) => !ids.has(id) && !gone.has(id))).toEqual([]);
      const versions = observations.map(
        ({ documentId, modifiedAt }) => `${documentId} ${modifiedAt}`,
      );
      expect(new Set(versions).size).toBe(versions.length);
    }),
    { numRuns: 80 },
  );
}, 60_000);

it("reads each memo where answers show change times outside the window", async () => {
  await fc.assert(
    fc.asyncProperty(
      worlds,
      fc.array(fc.record({ index: fc.nat(29), isLate: fc.boolean() }), { maxLength: 8 }),
      async ({ times, pageSize, cap, hasMore }, wrong) => {
        const shownAt = new Map(
          wrong.map(({ index, isLate }) => [1_000 + index, isLate ? "2099" : "2001"]),
        );
        const world: World = aWorld({
          cap,
          hasMore: hasMore === true ? null : hasMore,
          memos: times.map((at, index) =>
            memo({ CustomerTransactionId: 1_000 + index, LastUpdateDate: instant(at) }),
          ),
          shownAs: (row) => {
            const year = shownAt.get(Number(row["CustomerTransactionId"]));
            const at = `${year ?? ""}-01-01T00:00:00.000+00:00`;
            return year === undefined ? row : { ...row, LastUpdateDate: at };
          },
        });
        const { books } = await aPod(world, { pageSize });
        const window = { since: NOVEMBER.since, until: new Date(START + 1_800_000).toISOString() };
        const { observations } = await everyPage(books, window);
        const ids = new Set(observations.map(({ documentId }) => documentId));
        expect(ids.size).toBe(times.length);
      },
    ),
    { numRuns: 80 },
  );
}, 60_000);

const START = Date.parse("2026-11-10T10:00:00.000Z");

function instant(second: number): string {
  return new Date(START + second * 1_000).toISOString().replace("Z", "+00:00");
}

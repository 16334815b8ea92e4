import fc from "fast-check";
import { NOVEMBER } from "../../every-page.ts";
import { expect, it } from "vitest";
import { aSystem, AT, everyPage, instant, memo, type World } from "./system.ts";

/** Many documents may have one change time; some are changed while the pages are read. */
const worlds = fc.record({
  times: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 30 }),
  pageSize: fc.integer({ min: 2, max: 7 }),
  /** A server that ends its pages after one row shows no overlap by which a change is noticed. */
  serverPage: fc.integer({ min: 2, max: 9 }),
  /** The change time may pass the end of the window: then the document is in the next one. */
  changes: fc.array(fc.record({ index: fc.nat(29), leaves: fc.boolean() }), { maxLength: 20 }),
});

it("reads each document at least once, and each version once, while others change", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ times, pageSize, serverPage, changes }) => {
      const world: World = {
        serverPage,
        billing: times.map((at, index) =>
          memo({
            BillingDocument: String(90_000_001 + index),
            LastChangeDateTime: instant(AT + at),
          }),
        ),
      };
      const coming = [...changes];
      const gone = new Set<string>();
      let moment = AT + 100;
      world.afterPage = () => {
        const change = coming.shift();
        if (change === undefined) return;
        moment += 1;
        if (change.leaves && change.index < times.length)
          gone.add(String(90_000_001 + change.index));
        world.billing = world.billing.map((row, index) =>
          index === change.index
            ? {
                ...row,
                LastChangeDateTime: instant(change.leaves ? moment + 3_600_000 : moment),
                LastChangeDate: "",
              }
            : row,
        );
      };
      const { system } = await aSystem(world, { pageSize });
      const window = { since: NOVEMBER.since, until: new Date(AT + 60_000).toISOString() };
      const { observations } = await everyPage(system, window);
      const ids = new Set(observations.map(({ documentId }) => documentId));
      const left = world.billing.map((row) => String(row["BillingDocument"]));
      expect(left.filter((id) => !ids.has(id) && !gone.has(id))).toEqual([]);
      const versions = observations.map(
        ({ documentId, modifiedAt }) => `${documentId} ${modifiedAt}`,
      );
      expect(new Set(versions).size).toBe(versions.length);
    }),
    { numRuns: 200 },
  );
}, 60_000);

import { describe, expect, it } from "vitest";

import { allAsks } from "../../lambdas/ledger/store/ask-again.ts";
import { readQuarantine } from "../../lambdas/ledger/store/quarantine.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { every, LivingWorld } from "./living-world.ts";

const order = (number: string) => ({ references: [{ field: "order" as const, text: number }] });
const at = (instant: string) => ({
  createdAt: instant,
  processedAt: instant,
  updatedAt: instant,
  settledAt: instant,
});
const made = (instant: string) => ({ createdAt: instant, modifiedAt: instant });

describe("a document that moves to another order after a run that", () => {
  it.each(["had time for one page", "died before it saved how far it read"])(
    "%s leaves the refund that it stood for",
    async (how) => {
      const world = new LivingWorld();
      world.show(refundInStep("9"), documentInStep("9", order("#109")));
      await world.tick("2026-11-22T12:00:00.000Z");
      const asked = at("2026-11-22T12:20:00.000Z");
      world.show(refundInStep("1", asked), refundInStep("2", asked));
      const document = documentInStep("1", {
        ...made("2026-11-22T12:30:00.000Z"),
        ...order("#101"),
      });
      world.show(document);
      for (let id = 200; id < 260; id += 1) {
        world.show(documentInStep(String(id), made("2026-11-22T12:40:00.000Z")));
      }
      await world.pull("storefront", "2026-11-22T13:00:00.000Z");
      if (how.startsWith("had")) await world.pull("erp", "2026-11-22T13:00:00.000Z", () => 0);
      else await diesBeforeItSaves(world, "2026-11-22T13:00:00.000Z");

      world.show({ ...document, modifiedAt: "2026-11-22T13:05:00.000Z", ...order("#102") });
      const end = "2026-11-22T23:00:00.000Z";
      for (const now of every(60, "2026-11-22T14:00:00.000Z", end)) await world.tick(now);
      expect(await world.record("1", end)).toMatchObject({ status: "stale", documents: [] });
      expect(await world.record("2", end)).toMatchObject({ status: "matched" });
    },
  );
});

describe("a page that holds one record twice", () => {
  it("puts it in one place, as it tells of it last", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"), refundInStep("2"));
    const once = documentInStep("1", order("#101"));
    world.answers.erp = (system) => ({
      ...system,
      since: async (window, cursor) => {
        const page = await system.since(window, cursor);
        const observations = [once, { ...once, ...order("#102") }];
        return cursor === null ? { ...page, observations, fetched: 2 } : page;
      },
    });
    await world.pull("storefront", "2026-11-22T12:00:00.000Z");
    const report = await world.pull("erp", "2026-11-22T12:00:00.000Z");
    expect(report).toMatchObject({ added: 1, repeated: 2 });
    const holders = [...world.ports.items.keys()].filter((key) =>
      /^order#10[12]\|refund:/.test(key),
    );
    expect(holders).toHaveLength(2);
    expect(await world.record("1", "2026-11-22T12:00:00.000Z")).toMatchObject({ documents: [] });
  });
});

describe("a document that goes back to an earlier version under one change time", () => {
  it("is taken in again, though the version between came in a window of two runs", async () => {
    const world = new LivingWorld();
    const first = documentInStep("1", { ...made("2026-11-22T12:50:00.000Z"), ...order("#101") });
    world.show(refundInStep("1", at("2026-11-22T12:45:00.000Z")), first);
    await world.tick("2026-11-22T12:55:00.000Z");
    world.show({ ...first, state: "voided" });
    for (let id = 200; id < 260; id += 1) {
      world.show(documentInStep(String(id), made("2026-11-22T12:58:00.000Z")));
    }
    await world.pull("erp", "2026-11-22T13:00:00.000Z", () => 0);
    await world.tick("2026-11-22T13:05:00.000Z");
    expect(await world.record("1", "2026-11-22T13:05:00.000Z")).not.toMatchObject({
      status: "matched",
    });
    world.show(first);
    await world.tick("2026-11-22T13:20:00.000Z");
    expect(await world.record("1", "2026-11-22T13:20:00.000Z")).toMatchObject({
      status: "matched",
    });
  });
});

describe("a refund from before the ERP was first read", () => {
  it("is not called missing when its order is touched", async () => {
    const world = new LivingWorld();
    const old = refundInStep("1", at("2026-06-01T10:00:00.000Z"));
    world.show(refundInStep("9"), documentInStep("9", order("#109")));
    await world.tick("2026-11-22T12:00:00.000Z");
    world.show({ ...old, updatedAt: "2026-11-22T12:10:00.000Z" });
    const end = "2026-11-23T13:00:00.000Z";
    for (const now of every(60, "2026-11-22T13:00:00.000Z", end)) await world.tick(now);
    expect(await world.record("1", end)).toMatchObject({
      status: "matched",
      benign: ["before_watch"],
      exposure: "0.00",
    });
    expect(world.ports.published).toEqual([]);
  });
});

describe("an unreadable record that is gone", () => {
  it("is asked for a week more after it has left quarantine, and then no more", async () => {
    const world = new LivingWorld();
    world.rejected.storefront = [{ id: "77", reason: "amount: n/a", raw: "{}" }];
    await world.pull("storefront", "2026-11-22T12:00:00.000Z");
    world.rejected.storefront = [];
    for (const now of every(60, "2026-11-22T13:00:00.000Z", "2026-11-24T13:00:00.000Z")) {
      await world.pull("storefront", now);
    }
    expect(await readQuarantine(world.ports.table)).toEqual([]);
    expect(await allAsks(world.ports.table, "storefront")).toMatchObject([{ why: "gone" }]);
    for (const now of every(360, "2026-11-24T18:00:00.000Z", "2026-12-01T18:00:00.000Z")) {
      await world.pull("storefront", now);
    }
    expect(await allAsks(world.ports.table, "storefront")).toEqual([]);
  });

  it("is taken in when it is back within that week, though its change time is old", async () => {
    const world = new LivingWorld();
    world.rejected.storefront = [{ id: "77", reason: "amount: n/a", raw: "{}" }];
    world.show(refundInStep("9"));
    await world.pull("storefront", "2026-11-22T12:00:00.000Z");
    world.rejected.storefront = [];
    for (const now of every(60, "2026-11-22T13:00:00.000Z", "2026-11-24T13:00:00.000Z")) {
      await world.pull("storefront", now);
    }
    world.show(refundInStep("77", at("2026-10-01T10:00:00.000Z")));
    for (const now of every(60, "2026-11-24T14:00:00.000Z", "2026-11-24T21:00:00.000Z")) {
      await world.pull("storefront", now);
    }
    expect([...world.ports.items.keys()].filter((key) => key.endsWith("|refund:77"))).toHaveLength(
      1,
    );
    expect(await allAsks(world.ports.table, "storefront")).toEqual([]);
  });
});

async function diesBeforeItSaves(world: LivingWorld, now: string): Promise<void> {
  const { table } = world.ports;
  const put = table.put.bind(table);
  table.put = async (item, expected) => {
    if (item.pk === "source") throw new Error("killed");
    return put(item, expected);
  };
  await expect(world.pull("erp", now)).rejects.toThrow("killed");
  table.put = put;
}

import { describe, expect, it } from "vitest";

import { readQuarantine } from "../../lambdas/ledger/store/quarantine.ts";
import type {
  RefundTransaction,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { every, LivingWorld } from "./living-world.ts";

const payment: RefundTransaction = {
  id: "9",
  status: "pending",
  gateway: "bank",
  method: "bank transfer",
  manual: false,
  amount: "50.00",
  presentmentAmount: null,
  rounding: "0.00",
  references: [],
  processedAt: null,
  location: null,
  user: null,
};

function pendingRefund(
  id: string,
  status: RefundTransaction["status"] = "pending",
): StorefrontRefund {
  return refundInStep(id, {
    settled: "0.00",
    pending: "50.00",
    settledAt: null,
    transactions: [{ ...payment, status }],
  });
}

function settledRefund(id: string): StorefrontRefund {
  return refundInStep(id, {
    settledAt: "2026-11-24T09:00:00.000Z",
    transactions: [{ ...payment, status: "success", processedAt: "2026-11-24T09:00:00.000Z" }],
  });
}

describe("a payment that is not final", () => {
  it("is asked for again, 300 of them, until all have settled without a new change time", async () => {
    const world = new LivingWorld();
    const ids = Array.from({ length: 300 }, (_, index) => String(1_000 + index));
    for (const id of ids) world.show(pendingRefund(id));
    await world.tick("2026-11-22T12:00:00.000Z");
    for (const id of ids) world.show(settledRefund(id));
    for (const now of every(240, "2026-11-24T10:00:00.000Z", "2026-11-25T10:00:00.000Z")) {
      await world.tick(now);
    }
    const stale = [...world.ports.items.values()].filter(({ status }) => status === "stale");
    expect(stale).toHaveLength(300);
    expect([...world.ports.items.values()].filter(({ pk }) => pk === "again#storefront")).toEqual(
      [],
    );
  });

  it("of a status that nobody knows is still on its way, not a restock", async () => {
    const world = new LivingWorld();
    world.show(pendingRefund("1", "unknown"));
    await world.tick("2026-11-22T12:00:00.000Z");
    world.show(settledRefund("1"));
    await world.tick("2026-11-24T12:00:00.000Z");
    await world.tick("2026-11-24T18:00:00.000Z");
    expect(await world.record("1", "2026-11-24T18:00:00.000Z")).toMatchObject({ status: "stale" });
  });

  it("is one line in the digest when it stays so for more than a week", async () => {
    const world = new LivingWorld();
    world.show(pendingRefund("1"));
    for (const now of every(720, "2026-11-22T12:00:00.000Z", "2026-11-30T12:00:00.000Z")) {
      await world.tick(now);
    }
    const report = await world.digest("2026-11-30T12:30:00.000Z");
    expect(report.openOverAWeek).toBe(1);
    const text = Buffer.from(world.ports.files.get(`${report.prefix}/digest.txt`) ?? []).toString();
    expect(text).toMatch(/Not final for a week\.* 1 payment, document or record/);
  });
});

describe("a record in quarantine", () => {
  const unread = { id: "5", reason: "amount: not an amount", raw: "{}" };

  it("is asked for again and leaves when it can be read, without a change of its own", async () => {
    const world = new LivingWorld();
    world.rejected.storefront = [unread];
    await world.tick("2026-11-22T12:00:00.000Z");
    world.rejected.storefront = [];
    world.show(refundInStep("5"));
    await world.tick("2026-11-22T12:15:00.000Z");
    await world.tick("2026-11-22T12:30:00.000Z");
    expect(await world.record("5", "2026-11-22T12:30:00.000Z")).toMatchObject({
      status: "pending",
    });
    expect([...world.ports.items.keys()].filter((key) => key.startsWith("quarantine"))).toEqual([]);
  });

  it("without an id leaves when the daily look back does not meet it any more", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"));
    world.rejected.storefront = [{ id: null, reason: "no id", raw: "{}" }];
    await world.tick("2026-11-22T12:00:00.000Z");
    expect((await world.pull("storefront", "2026-11-22T12:15:00.000Z")).inQuarantine).toBe(1);
    world.rejected.storefront = [];
    await world.tick("2026-11-23T13:00:00.000Z");
    expect((await world.pull("storefront", "2026-11-23T13:15:00.000Z")).inQuarantine).toBe(0);
  });

  it("without an id is read when it is repaired, however long that took", async () => {
    const world = new LivingWorld();
    world.rejected.erp = [{ id: null, reason: "no id", raw: "{}" }];
    world.show(refundInStep("1"));
    await world.tick("2026-11-22T12:00:00.000Z");
    for (const now of every(720, "2026-11-23T00:00:00.000Z", "2026-11-28T00:00:00.000Z")) {
      await world.tick(now);
    }
    expect(await world.record("1", "2026-11-28T00:00:00.000Z")).toMatchObject({ status: "stale" });
    world.rejected.erp = [];
    world.show(documentInStep("1", { references: [{ field: "order", text: "#101" }] }));
    for (const now of every(720, "2026-11-28T12:00:00.000Z", "2026-11-30T00:00:00.000Z")) {
      await world.tick(now);
    }
    const now = "2026-11-30T00:15:00.000Z";
    expect((await world.pull("erp", now)).inQuarantine).toBe(0);
    expect(await world.record("1", now)).toMatchObject({ status: "matched" });
  });

  it("leaves when it was deleted, and the refund that it held back is said to be missing", async () => {
    const world = new LivingWorld();
    const order = { field: "order" as const, text: "#101" };
    const mayBe = { references: [order], currency: "USD", total: null };
    world.show(refundInStep("1"));
    world.rejected.erp = [{ id: "71", reason: "trandate: null", raw: "{}", mayBe }];
    await world.tick("2026-11-22T12:00:00.000Z");
    await world.tick("2026-11-22T18:00:00.000Z");
    world.rejected.erp = [];
    world.deleted = [{ id: "71", at: "2026-11-22T18:10:00.000Z", by: null }];
    for (const now of every(60, "2026-11-22T18:30:00.000Z", "2026-11-23T02:30:00.000Z")) {
      await world.tick(now);
    }
    expect((await world.pull("erp", "2026-11-23T02:45:00.000Z")).inQuarantine).toBe(0);
    // The refund that it held back is told at last.
    expect(world.ports.published.map(({ subject }) => subject).join()).toMatch(/1 refund/);
  });

  it.each([
    ["an order", [{ field: "order" as const, text: "#999" }]],
    ["no order", []],
  ])(
    "of the storefront holds back a document of %s until the checkpoint only",
    async (_, references) => {
      const world = new LivingWorld();
      world.rejected.storefront = [
        { id: "777", reason: "total_amount: wanted a decimal", raw: "{}" },
      ];
      world.show(documentInStep("71", { references }));
      const orphans = () =>
        [...world.ports.items.values()].filter(({ status }) => status === "orphaned").length;
      for (const now of every(60, "2026-11-22T12:00:00.000Z", "2026-11-23T08:00:00.000Z")) {
        await world.tick(now);
      }
      expect(orphans()).toBe(0);
      for (const now of every(60, "2026-11-23T09:00:00.000Z", "2026-11-24T12:00:00.000Z")) {
        await world.tick(now);
      }
      expect(orphans()).toBe(1);
    },
  );

  it("that was asked for by its order is asked for on, as long as the refund is not final", async () => {
    const world = new LivingWorld();
    const order = { id: "order:91", again: "order:91", reason: "name: empty", raw: "{}" };
    world.rejected.storefront = [order];
    world.answers.storefront = (system) => ({
      ...system,
      byId: async (ids) => system.byId(ids.map((id) => (id === "order:91" ? "1" : id))),
    });
    world.show(refundInStep("2", { updatedAt: "2026-11-22T12:00:00.000Z" }));
    await world.tick("2026-11-22T12:00:00.000Z");
    world.rejected.storefront = [];
    world.show(pendingRefund("1"));
    // Its change time lies before the windows that follow: only the question about the order shows it.
    await world.tick("2026-11-22T12:30:00.000Z");
    const asks = [...world.ports.items.values()].filter(({ pk }) => pk === "again#storefront");
    expect(asks.map(({ ref }) => ref)).toEqual(["1"]);
  });

  it.each([
    ["an id of half a character", "\ud800"],
    ["an id of 1,200 characters", "x".repeat(1_200)],
  ])("with %s holds up nothing", async (_what, id) => {
    const world = new LivingWorld();
    world.show(refundInStep("1"));
    world.rejected.storefront = [{ id, reason: "odd", raw: "{}" }];
    const report = await world.pull("storefront", "2026-11-22T12:00:00.000Z");
    expect(report).toMatchObject({ complete: true, inQuarantine: 1 });
    expect([...world.ports.files.keys()].every((key) => key.length < 200)).toBe(true);
  });

  it("keeps the refund that it may book from being called missing", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"), refundInStep("2", { settled: "77.00" }));
    const mayBe = {
      references: [{ field: "order" as const, text: "#101" }],
      currency: "USD",
      total: null,
    };
    world.rejected.erp = [{ id: "71", reason: "foreigntotal: NaN", raw: "{}", mayBe }];
    await world.tick("2026-11-22T12:00:00.000Z");
    await world.tick("2026-11-22T18:00:00.000Z");
    const now = "2026-11-22T18:15:00.000Z";
    await world.tick(now);
    expect(await world.record("1", now)).toMatchObject({ status: "pending" });
    expect(await world.record("2", now)).toMatchObject({ status: "stale" });

    world.rejected.erp = [];
    world.show(documentInStep("1", { references: [{ field: "order", text: "#101" }] }));
    for (const later of every(60, "2026-11-22T19:00:00.000Z", "2026-11-23T00:00:00.000Z")) {
      await world.tick(later);
    }
    expect(await world.record("1", "2026-11-23T00:00:00.000Z")).toMatchObject({
      status: "matched",
    });
  });

  it("that may be anybody's keeps no refund from people after the checkpoint", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"));
    const mayBe = { references: [], currency: null, total: "n/a" };
    world.rejected.erp = [{ id: "71", reason: "foreigntotal: n/a", raw: "{}", mayBe }];
    await world.tick("2026-11-22T12:00:00.000Z");
    let now = "2026-11-22T18:00:00.000Z";
    await world.tick(now);
    expect(await world.record("1", now)).toMatchObject({ status: "pending" });
    now = "2026-11-23T16:00:00.000Z";
    for (const hour of every(60, "2026-11-22T19:00:00.000Z", now)) await world.tick(hour);
    const record = await world.record("1", now);
    expect(record).toMatchObject({ status: "stale", exposure: "50.00" });
    expect(record?.history.at(-1)?.why).toContain("could not be read and is in quarantine");
    expect(world.ports.published.map(({ subject }) => subject).join()).toMatch(/1 refund/);
  });
});

describe("a record that the store cannot hold", () => {
  it("stays in quarantine until it can be stored, and its neighbours are taken in", async () => {
    const world = new LivingWorld();
    // Every character differs: what packs well would fit.
    const noise = Array.from({ length: 90_000 }, (_, at) => Math.sin(at).toString(36)).join("");
    const plain = refundInStep("2");
    const large = { ...plain, app: noise };
    world.show(refundInStep("1"), large);
    await world.pull("storefront", "2026-11-22T12:00:00.000Z");
    const apart = await readQuarantine(world.ports.table);
    expect(apart.map(({ name, reason }) => [name, reason])).toEqual([
      ["2", expect.stringMatching(/too large/)],
    ]);
    expect(world.ports.items.has("order#101|refund:1")).toBe(true);

    world.show(plain);
    await world.pull("storefront", "2026-11-22T12:30:00.000Z");
    expect(await readQuarantine(world.ports.table)).toEqual([]);
  });

  it("is asked for again after it was refused again, without a new change time", async () => {
    const world = new LivingWorld();
    const noise = Array.from({ length: 90_000 }, (_, at) => Math.sin(at).toString(36)).join("");
    const plain = refundInStep("2");
    world.show({ ...plain, app: noise });
    await world.pull("storefront", "2026-11-22T12:00:00.000Z");
    // A newer refund moves the windows on: the old one is met by its id alone.
    world.show(refundInStep("3", { updatedAt: "2026-11-22T13:00:00.000Z" }));
    for (const now of every(15, "2026-11-22T13:00:00.000Z", "2026-11-22T14:00:00.000Z")) {
      await world.pull("storefront", now);
    }
    world.show(plain);
    for (const now of every(60, "2026-11-22T15:00:00.000Z", "2026-11-22T18:00:00.000Z")) {
      await world.pull("storefront", now);
    }
    expect(await readQuarantine(world.ports.table)).toEqual([]);
    expect(world.ports.items.has("order#102|refund:2")).toBe(true);
  });
});

describe("a table that still shows what was removed", () => {
  it("makes no run ask for the same record without end", async () => {
    const world = new LivingWorld();
    world.show(pendingRefund("1"));
    await world.pull("storefront", "2026-11-22T12:00:00.000Z");
    const { table } = world.ports;
    const before = await table.query("again#storefront");
    const query = table.query.bind(table);
    table.query = async (pk, options) =>
      pk === "again#storefront" && options?.consistent !== true ? before : query(pk, options);
    let asked = 0;
    world.answers.storefront = (system) => ({
      ...system,
      byId: async (ids, orders) => {
        asked += 1;
        if (asked > 3) throw new Error("asked again and again");
        return system.byId(ids, orders);
      },
    });
    await world.pull("storefront", "2026-11-22T18:00:00.000Z");
    expect(asked).toBe(1);
  });
});

describe("an unreadable record that the source no longer has", () => {
  it("leaves quarantine once neither its id nor a look back shows it, and that is logged", async () => {
    const world = new LivingWorld();
    world.rejected.storefront = [
      { id: "19000001", reason: "listed under its order, but not found by its id", raw: "{}" },
    ];
    await world.pull("storefront", "2026-11-22T12:00:00.000Z");
    expect(await readQuarantine(world.ports.table)).toHaveLength(1);

    world.rejected.storefront = [];
    for (const now of every(60, "2026-11-22T13:00:00.000Z", "2026-11-23T11:00:00.000Z")) {
      await world.pull("storefront", now);
    }
    expect(await readQuarantine(world.ports.table)).toHaveLength(1);
    await world.pull("storefront", "2026-11-23T12:00:00.000Z");
    expect(await readQuarantine(world.ports.table)).toEqual([]);
    expect(world.said.filter(({ code }) => code === "NO_LONGER_SHOWN")).toMatchObject([
      { facts: { source: "storefront", name: "19000001" } },
    ]);
  });
});

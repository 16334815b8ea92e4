import { describe, expect, it } from "vitest";

import { openAlerts } from "../../lambdas/ledger/store/alerts.ts";
import { sendQueued, enqueue } from "../../lambdas/ledger/store/outbox.ts";
import type { Message } from "../../lambdas/ledger/store/outbox.ts";
import type { Item } from "../../lambdas/ledger/ports.ts";
import { MemoryPorts } from "../fakes/memory-ports.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { every, LivingWorld } from "./living-world.ts";

const NOON = "2026-11-22T12:00:00.000Z";

function anEmail(dedupeKey: string, change: Partial<Message> = {}): Message {
  return {
    dedupeKey,
    topic: "ops",
    channel: "email",
    subject: dedupeKey,
    body: dedupeKey,
    decidedAt: NOON,
    ...change,
  };
}

const readsWith = async (count: number): Promise<number> => {
  const world = new LivingWorld();
  for (let id = 0; id < count; id += 1)
    world.show(refundInStep(String(100 + id), { settled: "5.00" }));
  world.show(
    documentInStep("1", {
      references: [],
      total: "5.00",
      createdAt: "2026-11-22T11:00:00.000Z",
    }),
  );
  await world.tick(NOON);
  await world.pull("storefront", "2026-11-22T18:00:00.000Z");
  await world.pull("erp", "2026-11-22T18:00:00.000Z");
  world.ports.reads = 0;
  await world.watch("2026-11-22T18:00:00.000Z");
  return world.ports.reads;
};

describe("a watch that has no time for all that is due", () => {
  it("goes on where it stopped, until all was looked at", async () => {
    const world = new LivingWorld();
    for (let id = 0; id < 12; id += 1) {
      const at = `2026-11-22T${String(id).padStart(2, "0")}:00:00.000Z`;
      world.show(
        refundInStep(String(20 + id), {
          processedAt: at,
          createdAt: at,
          settledAt: at,
          updatedAt: at,
        }),
      );
      await world.pull("storefront", at);
      await world.pull("erp", at);
    }
    const end = "2026-11-23T12:00:00.000Z";
    await world.pull("storefront", end);
    await world.pull("erp", end);
    const complete: boolean[] = [];
    for (let run = 0; run < 8; run += 1) {
      let looks = 0;
      const report = await world.watch(end, () => ((looks += 1) > 5 ? 0 : 1));
      complete.push(report.isAll);
    }
    const stale = [...world.ports.items.values()].filter(({ status }) => status === "stale");
    expect(stale).toHaveLength(12);
    expect(complete[0]).toBe(false);
    expect(complete.at(-1)).toBe(true);
  });

  it("reads a collection of equal amounts once a run, and only what can be a document's", async () => {
    const [few, many] = [await readsWith(50), await readsWith(200)];
    expect(many / few).toBeLessThan(5);
  });

  it("looks at everything again after a run whose clock was ahead", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"));
    await world.tick(NOON);
    await world.watch("2027-06-01T00:00:00.000Z");
    await world.tick("2026-11-22T16:15:00.000Z");
    const stored = [...world.ports.items.values()].filter(({ status }) => status === "stale");
    expect(stored).toHaveLength(1);
    expect(world.ports.published.map(({ subject }) => subject).join()).toMatch(/1 refund/);
  });

  it("looks in time at what a late pull wrote behind it", async () => {
    const world = new LivingWorld();
    world.show(documentInStep("0", { references: [], total: "1.00" }));
    await world.tick(NOON);
    await world.watch("2026-11-23T00:00:00.000Z");
    const at = "2026-11-22T17:40:00.000Z";
    const late = { createdAt: at, processedAt: at, updatedAt: at, settledAt: at };
    world.show(refundInStep("1", late));
    await world.pull("storefront", "2026-11-22T18:00:00.000Z");
    await world.tick("2026-11-23T00:15:00.000Z");
    expect(world.ports.published.map(({ subject }) => subject).join()).toMatch(/1 refund/);
  });

  it("says so when more refunds of one amount look for a document than can be compared", async () => {
    const world = new LivingWorld();
    for (let id = 0; id < 450; id += 1)
      world.show(refundInStep(String(1_000 + id), { settled: "5.00" }));
    world.show(documentInStep("1", { references: [], total: "5.00" }));
    await world.tick(NOON);
    for (const now of every(60, "2026-11-22T16:00:00.000Z", "2026-11-22T18:00:00.000Z"))
      await world.tick(now);
    expect(world.said.map(({ code }) => code)).toContain("AMOUNT_TOO_COMMON");
    expect(await world.record("71", "2026-11-22T18:00:00.000Z")).toMatchObject({
      status: "orphaned",
    });
  });
});

describe("the outbox", () => {
  it("publishes the others when one message is refused, and tells at the end", async () => {
    const ports = new MemoryPorts();
    const healthy = { ...ports.notifier };
    Object.assign(ports.notifier, {
      publish: async (message: Message) => {
        if (message.dedupeKey === "bad") throw new Error("InvalidParameter");
        await healthy.publish(message);
      },
    });
    await enqueue(ports, [anEmail("bad"), anEmail("good"), anEmail("zealous")]);
    await expect(sendQueued(ports, "ops", NOON)).rejects.toThrow(/1 of 3 messages were refused/);
    expect(ports.published.map(({ dedupeKey }) => dedupeKey)).toEqual(["good", "zealous"]);
    Object.assign(ports.notifier, healthy);
    await sendQueued(ports, "ops", "2026-11-22T12:15:00.000Z");
    expect(ports.published).toHaveLength(3);
  });

  it("tells how long the oldest message has waited before it publishes, though publishing fails", async () => {
    const world = new LivingWorld();
    await enqueue(world.ports, [anEmail("bad", { decidedAt: "2026-11-22T10:30:00.000Z" })]);
    Object.assign(world.ports.notifier, {
      publish: async () => {
        throw new Error("refused");
      },
    });
    const minutes: number[] = [];
    const { watch } = await import("../../lambdas/jobs/watch.ts");
    const job = { ports: world.ports, brand: world.brand, now: NOON, log: () => undefined };
    await expect(
      watch({
        ...job,
        remainingMs: () => 600_000,
        reportOldestWait: (waited) => minutes.push(waited),
      }),
    ).rejects.toThrow(/refused/);
    expect(minutes).toEqual([90]);
  });

  it("is emptied by two runs at once, each message published once", async () => {
    const ports = new MemoryPorts();
    await enqueue(
      ports,
      ["a", "b", "c", "d"].map((key) => anEmail(key)),
    );
    await Promise.all([sendQueued(ports, "ops", NOON), sendQueued(ports, "ops", NOON)]);
    expect(ports.published.map(({ dedupeKey }) => dedupeKey).toSorted()).toEqual([
      "a",
      "b",
      "c",
      "d",
    ]);
  });

  it("tells nobody twice though a run died after its messages and the group has grown since", async () => {
    const world = new LivingWorld();
    const later = "2026-11-22T10:40:00.000Z";
    world.show(
      refundInStep("1"),
      refundInStep("2", {
        createdAt: later,
        processedAt: later,
        updatedAt: later,
        settledAt: later,
      }),
    );
    await world.tick(NOON);
    const sources = async (now: string): Promise<void> => {
      await world.pull("storefront", now);
      await world.pull("erp", now);
    };
    await sources("2026-11-22T16:10:00.000Z");
    const put = world.ports.table.put.bind(world.ports.table);
    Object.assign(world.ports.table, {
      put: async (item: Item, expected: number | "any") => {
        if (item.pk === "alert") throw new Error("killed");
        return put(item, expected);
      },
    });
    await expect(world.watch("2026-11-22T16:10:00.000Z")).rejects.toThrow(/killed/);
    Object.assign(world.ports.table, { put });
    await sources("2026-11-22T16:55:00.000Z");
    await world.watch("2026-11-22T16:55:00.000Z");
    const mails = world.ports.published.filter(({ channel }) => channel === "email");
    expect(mails.map(({ subject }) => /(\d) refund/.exec(subject)?.[1])).toEqual(["1", "1"]);
  });

  it("gives the same matter one key, though a run died and another decided it in the next hour", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"));
    await world.tick(NOON);
    const sources = async (now: string): Promise<void> => {
      await world.pull("storefront", now);
      await world.pull("erp", now);
    };
    await sources("2026-11-22T16:52:00.000Z");
    const healthy = { ...world.ports.notifier };
    Object.assign(world.ports.notifier, {
      publish: async () => {
        throw new Error("gone");
      },
    });
    await expect(world.watch("2026-11-22T16:52:00.000Z")).rejects.toThrow(
      /2 of 2 messages were refused/,
    );
    for (const [key, { pk }] of world.ports.items)
      if (pk === "alert") world.ports.items.delete(key);
    Object.assign(world.ports.notifier, healthy);
    await sources("2026-11-22T17:07:00.000Z");
    await world.watch("2026-11-22T17:07:00.000Z");
    expect(world.ports.published.map(({ channel }) => channel).toSorted()).toEqual([
      "email",
      "sms",
    ]);
  });
});

describe("a day without a digest", () => {
  it("is told with the next one, in one e-mail that says so", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"));
    await world.tick("2026-11-22T20:00:00.000Z");
    await world.digest("2026-11-23T12:00:00.000Z");
    await world.tick("2026-11-25T12:00:00.000Z");
    await world.tick("2026-11-26T12:00:00.000Z");
    const report = await world.digest("2026-11-26T12:00:00.000Z");
    expect(report).toMatchObject({ date: "2026-11-25", caughtUp: ["2026-11-23", "2026-11-24"] });
    const days = [...world.ports.files.keys()].filter((key) => key.endsWith("summary.json"));
    expect(days.map((key) => key.slice(8, 18)).toSorted()).toEqual(
      ["22", "23", "24", "25"].map((day) => `2026/11/${day}`),
    );
    const mails = world.ports.published.filter(({ topic }) => topic === "finance");
    expect(mails).toHaveLength(2);
    expect(mails[1]?.body).toContain("No digest was made on time for 2026-11-23, 2026-11-24");
  });

  it("is told for the last week when there were more of them", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"));
    await world.tick("2026-11-22T20:00:00.000Z");
    await world.digest("2026-11-23T12:00:00.000Z");
    await world.tick("2026-12-05T12:00:00.000Z");
    const { caughtUp } = await world.digest("2026-12-05T12:00:00.000Z");
    expect(caughtUp).toHaveLength(7);
    expect(caughtUp.at(-1)).toBe("2026-12-03");
    const mail = world.ports.published.findLast(({ topic }) => topic === "finance");
    expect(mail?.body).toMatch(/Days before these may have no digest/);
  });
});

describe("a watch that runs while a pull is writing", () => {
  it("looks once more at what it saw before the pull had written it", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"));
    for (const now of every(60, "2026-11-22T12:00:00.000Z", "2026-11-22T18:00:00.000Z")) {
      await world.tick(now);
    }
    expect(await openAlerts(world.ports.table)).toHaveLength(1);
    await world.watch("2026-11-22T18:05:00.000Z");
    world.show(documentInStep("1", { references: [{ field: "order", text: "#101" }] }));
    const { table } = world.ports;
    const put = table.put.bind(table);
    let isFirst = true;
    table.put = async (item, expected) => {
      if (isFirst && item.pk.startsWith("order#")) {
        isFirst = false;
        await world.watch("2026-11-22T18:17:00.000Z");
      }
      return put(item, expected);
    };
    await world.pull("storefront", "2026-11-22T18:15:00.000Z");
    await world.pull("erp", "2026-11-22T18:15:00.000Z");
    await world.watch("2026-11-22T18:32:00.000Z");

    const alerts = await openAlerts(world.ports.table);
    const stale = alerts.filter(({ kind }) => kind === "stale");
    expect(stale.map(({ state }) => state)).toEqual(["over"]);
  });
});

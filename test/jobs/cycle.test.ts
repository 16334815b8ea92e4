import * as fc from "fast-check";
import { sendQueued } from "../../lambdas/ledger/store/outbox.ts";
import { describe, expect, it } from "vitest";

import { summarySchema } from "../../lambdas/refund/summary/summary.ts";
import type { Summary } from "../../lambdas/refund/summary/summary.ts";
import { Crash, MemoryPorts } from "../fakes/memory-ports.ts";
import { documentInStep } from "../refund/record-in-step.ts";
import { cycle, smallWorld } from "./small-world.ts";

const MORNING = "2026-11-23T12:00:00.000Z";

describe("a cycle of all jobs", () => {
  it("tells the exceptions of the day, and only those", async () => {
    const ports = new MemoryPorts();
    await cycle(ports, MORNING);
    const rows = summaryOf(ports).exceptions.map(({ refundId, status, mismatches }) => [
      refundId,
      status,
      mismatches.map(({ kind }) => kind).join(),
    ]);
    expect(rows).toEqual(
      expect.arrayContaining([
        ["14", "stale", "missing_in_erp"],
        ["15", "mismatched", "amount"],
        ["17", "mismatched", "order_reference_missing"],
        [null, "orphaned", "missing_in_storefront"],
      ]),
    );
    expect(rows).toHaveLength(4);
  });

  it("writes nothing the second time at the same instant", async () => {
    const ports = new MemoryPorts();
    await cycle(ports, MORNING);
    ports.writes = [];
    await cycle(ports, MORNING);
    expect(ports.writes).toEqual([]);
  });

  it("reaches the same records in one run as in a run every quarter of an hour", async () => {
    const once = new MemoryPorts();
    await cycle(once, MORNING);
    const often = new MemoryPorts();
    for (let at = Date.parse("2026-11-22T12:00:00.000Z"); at <= Date.parse(MORNING); at += 900_000)
      await cycle(often, new Date(at).toISOString());
    expect(often.state()).toEqual(once.state());
    expect(summaryOf(often).exceptions).toEqual(summaryOf(once).exceptions);
  });

  it("reaches the same records whatever the page size and the order of the same instant", async () => {
    const expected = new MemoryPorts();
    await cycle(expected, MORNING);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.shuffledSubarray(smallWorld().refunds, { minLength: 7 }),
        fc.shuffledSubarray(smallWorld().documents, { minLength: 7 }),
        async (pageSize, refunds, documents) => {
          const ports = new MemoryPorts();
          await cycle(ports, MORNING, { refunds, documents }, pageSize);
          expect(ports.state()).toEqual(expected.state());
        },
      ),
      { numRuns: 25 },
    );
  });

  it("says once that refunds are stale, in one SMS, and once that one is over", async () => {
    const ports = new MemoryPorts();
    const sms = (): string[] =>
      ports.published.filter(({ channel }) => channel === "sms").map(({ body }) => body);
    for (const now of ["2026-11-22T15:00", "2026-11-22T19:15", "2026-11-22T19:30"])
      await cycle(ports, `${now}:00.000Z`);
    expect(sms()).toHaveLength(1);
    const world = smallWorld();
    const late = world.documents.map((one) =>
      one.documentId === "716"
        ? { ...one, createdAt: "2026-11-22T19:40:00.000Z", modifiedAt: "2026-11-22T19:40:00.000Z" }
        : one,
    );
    const healed = {
      ...documentInStep("14"),
      total: "80.00",
      createdAt: "2026-11-22T19:41:00.000Z",
      modifiedAt: "2026-11-22T19:41:00.000Z",
      references: [{ field: "order" as const, text: "#1014" }],
    };
    await cycle(ports, "2026-11-22T19:45:00.000Z", { ...world, documents: [...late, healed] });
    expect(sms()).toHaveLength(2);
    expect(sms()[1]).toMatch(/resolved/i);
  });
});

/** With FAULTS=all, as in CI, every write is taken. */
const EACH = process.env["FAULTS"] === "all" ? 1 : 7;

describe("a job killed at any of its writes", () => {
  it(
    "leaves a state from which the next run reaches the same end, before or after the write",
    { timeout: 120_000 },
    async () => {
      const clean = new MemoryPorts();
      await cycle(clean, MORNING);
      const total = clean.writes.length;
      expect(total).toBeGreaterThan(40);
      for (let write = 1; write <= total; write += EACH) {
        for (const when of ["before", "after"] as const) {
          const ports = new MemoryPorts();
          ports.crashAt = { write, when };
          await expect(cycle(ports, MORNING)).rejects.toThrow(Crash);
          ports.crashAt = null;
          await cycle(ports, MORNING);
          // A message that the killed run had claimed goes out once the claim has ended.
          for (const topic of ["ops", "finance"] as const) {
            await sendQueued(ports, topic, "2026-11-23T12:15:00.000Z");
          }
          const where = `${when} write ${write}: ${clean.writes[write - 1]}`;
          expect(ports.state(), where).toEqual(clean.state());
          expect(ports.state(["alert", "outbox"]), where).toEqual(clean.state(["alert", "outbox"]));
          expect(progress(ports), where).toEqual(progress(clean));
          expect(dueRecords(ports), where).toEqual(dueRecords(clean));
          expect(summaryOf(ports), where).toEqual(summaryOf(clean));
          expect(new Set(ports.published.map(({ dedupeKey }) => dedupeKey)), where).toEqual(
            new Set(clean.published.map(({ dedupeKey }) => dedupeKey)),
          );
        }
      }
    },
  );

  it("takes the lease of its own run up again, and never another's", async () => {
    const ports = new MemoryPorts();
    ports.crashAt = { write: 6, when: "after" };
    await expect(cycle(ports, MORNING)).rejects.toThrow(Crash);
    ports.crashAt = null;
    await cycle(ports, "2026-11-23T12:05:00.000Z");
    await cycle(ports, "2026-11-23T12:15:00.000Z");
    await cycle(ports, "2026-11-23T12:30:00.000Z");
    const clean = new MemoryPorts();
    await cycle(clean, "2026-11-23T12:30:00.000Z");
    expect(ports.state()).toEqual(clean.state());
  });
});

function summaryOf(ports: MemoryPorts): Summary {
  const file = [...ports.files.keys()].filter((key) => key.endsWith("summary.json")).at(-1) ?? "";
  return summarySchema.parse(JSON.parse(Buffer.from(ports.files.get(file) ?? []).toString()));
}

/** Which records are due when; a page taken in twice may name one twice. */
function dueRecords(ports: MemoryPorts): unknown {
  const items = [...ports.items.values()].filter(({ pk }) => pk === "due");
  const names = items.flatMap(({ sk, records }) =>
    [records].flat().map((record) => `${sk.split("#")[0]} ${String(record)}`),
  );
  return [...new Set(names)].toSorted();
}

/** How far the sources were read; what was last seen of them only saves looks at the table. */
function progress(ports: MemoryPorts): unknown {
  return ["storefront", "erp"].map((source) => {
    const state: unknown = ports.items.get(`source|${source}`)?.["state"];
    return { ...JSON.parse(String(state)), seen: null, shown: null };
  });
}

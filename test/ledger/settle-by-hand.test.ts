import { beforeEach, describe, expect, it } from "vitest";

import { openAlerts } from "../../lambdas/ledger/store/alerts.ts";
import { findRecords } from "../../lambdas/ledger/find-records.ts";
import { policyOf } from "../../lambdas/ledger/policy.ts";
import { NothingToResolve, resolveByPerson } from "../../lambdas/ledger/resolve-by-person.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";
import { MemoryPorts } from "../fakes/memory-ports.ts";
import { brandInStep } from "../jobs/brand-in-step.ts";
import { cycle as cycleOf, smallWorld } from "../jobs/small-world.ts";

const MORNING = "2026-11-23T12:00:00.000Z";
const LATER = "2026-11-23T13:00:00.000Z";
const policy = policyOf(brandInStep());
let ports: MemoryPorts;

/** The small world, with a credit that names neither refund nor order. */
function world(): ReturnType<typeof smallWorld> {
  const { refunds, documents } = smallWorld();
  const nameless = documents.map((one) =>
    one.documentId === "799" ? { ...one, references: [] } : one,
  );
  return { refunds, documents: nameless };
}

async function cycle(to: MemoryPorts, now: string, seen = world()): Promise<void> {
  await cycleOf(to, now, seen);
}

beforeEach(async () => {
  ports = new MemoryPorts();
  await cycle(ports, MORNING);
});

async function record(id: string, at = MORNING): Promise<SyncRecord> {
  const [found] = await findRecords(ports, id, policy, at);
  if (found === undefined) throw new Error(`nothing is known of ${id}`);
  return found.record;
}

async function resolve(id: string): Promise<SyncRecord> {
  const [found] = await findRecords(ports, id, policy, MORNING);
  const key = found?.key ?? { pk: "order#none", sk: id };
  const word = { by: "Ann", note: "entered by hand" };
  const rules = { policy, now: "2026-11-23T12:05:00.000Z", horizon: MORNING, retentionMs: 1 };
  return resolveByPerson(ports, key, word, rules);
}

describe("a person's word on an open exception", () => {
  it.each([
    ["a refund that never arrived", "refund:14"],
    ["a refund booked with another amount", "refund:15"],
    ["a refund found by circumstance", "refund:17"],
    ["a document that names no order", "document:799"],
  ])("settles %s, and still does after the next cycle", async (_, id) => {
    expect((await record(id)).status).not.toBe("resolved");
    const resolved = await resolve(id);
    expect(resolved).toMatchObject({ status: "resolved", exposure: "0.00", resolvedAt: MORNING });
    expect(resolved.history.at(-1)?.why).toBe("Ann: entered by hand");
    await cycle(ports, LATER);
    expect(await record(id, LATER)).toMatchObject({ status: "resolved", resolvedAt: MORNING });
  });

  it("is told by the next watch, once", async () => {
    const overs = (): number =>
      ports.published.filter(({ body }) => /over|came right|resolved/i.test(body)).length;
    const before = overs();
    for (const id of ["refund:14", "refund:15", "refund:17", "document:799"]) await resolve(id);
    await cycle(ports, LATER);
    expect(overs()).toBeGreaterThan(before);
    expect((await openAlerts(ports.table)).filter(({ doneAt }) => doneAt === null)).toEqual([]);
    const told = overs();
    await cycle(ports, "2026-11-23T13:15:00.000Z");
    expect(overs()).toBe(told);
  });

  it.each([
    ["document:799", "799"],
    ["refund:15", "715"],
  ])("no longer holds for %s when a side changes", async (id, documentId) => {
    await resolve(id);
    const documents = world().documents.map((one) =>
      one.documentId === documentId
        ? { ...one, tax: "1.00", modifiedAt: "2026-11-23T12:30:00.000Z" }
        : one,
    );
    await cycle(ports, LATER, { ...world(), documents });
    const again = await record(id, LATER);
    expect(again.status).not.toBe("resolved");
    expect(again.history.at(-1)?.why).toContain("open again");
  });

  it("is refused for what is in step, and for what nobody knows", async () => {
    await expect(resolve("refund:11")).rejects.toThrow(NothingToResolve);
    await expect(resolve("refund:11")).rejects.toThrow(/refund:11 is matched/);
    await expect(resolve("refund:404")).rejects.toThrow(/refund:404 is not known/);
  });

  it("survives another writer in between", async () => {
    const put = ports.table.put.bind(ports.table);
    let met = 0;
    ports.table.put = async (item, expected) => {
      const meets = item.sk === "refund:14" && met++ === 0;
      const stored = meets ? await ports.table.get(item) : null;
      if (stored !== null) await put({ ...stored, v: Number(item["v"]) }, "any");
      return put(item, expected);
    };
    expect((await resolve("refund:14")).status).toBe("resolved");
    expect((await record("refund:14")).resolution?.by).toBe("Ann");
  });
});

it("is given once when it is said twice, or its answer was lost", async () => {
  await resolve("refund:14");
  ports.writes = [];
  expect((await resolve("refund:14")).status).toBe("resolved");
  expect(ports.writes).toEqual([]);
});

describe("looking for a record", () => {
  it("finds one that is no longer open by its id, through the log", async () => {
    expect(await record("11")).toMatchObject({ id: "refund:11", status: "matched" });
    expect(await record("#1011")).toMatchObject({ id: "refund:11" });
  });
});

import { gunzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";
import * as z from "zod";

import type {
  ErpDocument,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import { dailyRollupSchema } from "../../lambdas/refund/diagnosis/rollup/daily-rollup.ts";
import { summarySchema } from "../../lambdas/refund/summary/summary.ts";
import { instantOf, msOf } from "../../lambdas/refund/time/instant.ts";
import { buildPayment } from "../refund/builders.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { LivingWorld } from "./living-world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("A document that arrives five days after its refund", () => {
  it("has the day of the refund rolled up again, so that its loss is none any more", async () => {
    const world = new LivingWorld();
    const settled = "2026-11-10T15:00:00.000Z";
    world.show(refundAt("1", settled), refundAt("2", "2026-11-10T16:00:00.000Z"));
    world.show(documentAt("2", "2026-11-10T17:00:00.000Z"));
    await days(world, "2026-11-10", 4);
    expect(rolledUp(world, "2026-11-10")).toMatchObject({
      refunds: 2,
      failed: { missing: { count: 1 } },
    });
    world.show(documentAt("1", "2026-11-15T15:00:00.000Z"));
    await days(world, "2026-11-15", 2);
    const after = rolledUp(world, "2026-11-10");
    expect(after.failed).toMatchObject({ late: { count: 1 } });
    expect(after.failed).not.toHaveProperty("missing");
    const lags = Object.values(after.lags).flatMap(({ arrived }) => arrived);
    expect(lags).toHaveLength(2);
  });
});

describe("A document that a person deletes in the ERP", () => {
  it("leaves an exception that every later digest holds, opened at the deletion", async () => {
    const world = new LivingWorld();
    const settled = "2026-11-10T15:00:00.000Z";
    world.show(refundAt("1", settled), documentAt("1", "2026-11-10T16:00:00.000Z"));
    await days(world, "2026-11-10", 2);
    const at = "2026-11-12T11:00:00.000Z";
    world.documents.clear();
    world.deleted = [{ id: "71", at, by: "1455" }];
    await days(world, "2026-11-12", 5);
    const { exceptions, totals } = summary(world, "2026-11-16");
    expect(exceptions).toMatchObject([{ refundId: "1", status: "stale" }]);
    expect(totals).toMatchObject({ exposure: "50.00", exceptions: 1 });
    expect(exceptions[0]?.diagnosis.evidence[0]).toContain(
      "deleted there on 12 November by user 1455",
    );
    const record = await world.record("1", "2026-11-17T12:00:00.000Z");
    expect(record?.openedAt).toBe(at);
    expect(summary(world, "2026-11-12").totals.opened).toBe(1);
  });
});

describe("The roll-ups of many mornings", () => {
  it("are those that one digest makes of the whole log", async () => {
    const world = new LivingWorld();
    for (let n = 0; n < 80; n += 1) {
      const settled = msOf("2026-11-03T15:00:00.000Z") + n * 3 * HOUR;
      world.show(refundAt(String(100 + n), instantOf(settled)));
      if (n % 7 === 3) continue;
      const lag = n % 5 === 0 ? (n % 9) * DAY : HOUR;
      world.show(documentAt(String(100 + n), instantOf(settled + lag)));
    }
    await days(world, "2026-11-03", 12);
    const mornings = allRolledUp(world);
    for (const key of rollupKeys(world)) world.ports.files.delete(key);
    await world.digest("2026-11-15T12:00:00.000Z");
    expect(allRolledUp(world)).toEqual(mornings);
  });
});

describe("The checkpoint", () => {
  it("passes or flags every refund of a day, one line each", async () => {
    const world = new LivingWorld();
    const at = "2026-11-10T15:00:00.000Z";
    world.show(refundAt("1", at), refundAt("2", at), refundAt("3", at));
    world.show(documentAt("2", "2026-11-10T17:00:00.000Z"));
    world.show(documentAt("3", "2026-11-12T17:00:00.000Z"));
    await days(world, "2026-11-10", 3);
    const lines = checkpoints(world, "2026-11-10");
    expect(lines.map(({ refundId, result }) => [refundId, result])).toEqual([
      ["1", "flagged"],
      ["2", "passed"],
      ["3", "flagged"],
    ]);
    const told = { day: "2026-11-10", after: "P1D", passed: 1, flagged: 2, waiting: 0 };
    expect(summary(world, "2026-11-11").checkpoint).toEqual(told);
  });
});

describe("Credits that are not paid out any more", () => {
  it("become exceptions when their time is over, also those that matched before", async () => {
    const world = new LivingWorld();
    for (let n = 0; n < 94; n += 1) {
      const settled = msOf("2026-10-29T15:00:00.000Z") + n * 4 * HOUR;
      const [id, createdAt] = [String(100 + n), instantOf(settled + HOUR)];
      world.show(refundAt(id, instantOf(settled)));
      const paid = settled < msOf("2026-11-09T00:00:00.000Z");
      world.show(documentAt(id, createdAt, paid ? payout(createdAt) : { state: "open" }));
    }
    await days(world, "2026-11-13", 1);
    const { byMismatch, cohorts } = summary(world, "2026-11-13");
    expect(byMismatch["amount"]).toBeGreaterThan(15);
    expect(cohorts.find(({ failure }) => failure === "unpaid")?.onset).toEqual({
      from: "2026-11-09",
      to: "2026-11-09",
    });
    const open = await world.record("183", "2026-11-14T12:00:00.000Z");
    expect(open).toMatchObject({ status: "mismatched", mismatches: [{ leg: "paid" }] });
    const early = await world.record("192", "2026-11-14T12:00:00.000Z");
    expect(early, "its time is not over").toMatchObject({ status: "matched" });
    await days(world, "2026-11-14", 1);
    expect(await world.record("192", "2026-11-15T12:00:00.000Z")).toMatchObject({
      status: "mismatched",
    });
    expect(world.ports.published.length).toBeGreaterThan(0);
  });

  it("are no exceptions of a brand that has never paid out in the ERP", async () => {
    const world = new LivingWorld();
    for (let n = 0; n < 60; n += 1) {
      const settled = msOf("2026-11-02T15:00:00.000Z") + n * 4 * HOUR;
      world.show(refundAt(String(100 + n), instantOf(settled)));
      world.show(documentAt(String(100 + n), instantOf(settled + HOUR), { state: "open" }));
    }
    await days(world, "2026-11-13", 2);
    expect(summary(world, "2026-11-14").exceptions).toEqual([]);
  });
});

/** Pulls and watches every four hours, and a digest at noon UTC, for some local days. */
async function days(world: LivingWorld, from: string, count: number): Promise<void> {
  const begin = msOf(`${from}T12:00:00.000Z`);
  for (let at = begin; at <= begin + count * DAY; at += 4 * HOUR) {
    const now = instantOf(at);
    await world.tick(now);
    if (now.endsWith("T12:00:00.000Z") && at > begin) {
      await world.digest(now);
      await world.watch(now);
    }
  }
}

function refundAt(id: string, at: string): StorefrontRefund {
  const times = { createdAt: at, processedAt: at, updatedAt: at, settledAt: at };
  const transactions = [buildPayment({ id, amount: "50.00", processedAt: at })];
  return refundInStep(id, { ...times, transactions });
}

function documentAt(id: string, at: string, change: Partial<ErpDocument> = {}): ErpDocument {
  const references = [
    { field: "external_id" as const, text: id },
    { field: "order" as const, text: refundInStep(id).orderNumber },
  ];
  const times = { createdAt: at, modifiedAt: at, bookedOn: at.slice(0, 10) };
  return documentInStep(id, { ...times, references, ...change });
}

function payout(createdAt: string): Partial<ErpDocument> {
  const at = instantOf(msOf(createdAt) + HOUR);
  const total = documentInStep("1").total;
  return { settlement: { documentId: "p", amount: total, at }, state: "applied", modifiedAt: at };
}

function rolledUp(world: LivingWorld, day: string) {
  return dailyRollupSchema.parse(JSON.parse(text(world, `rollups/${day}.json`)));
}

function allRolledUp(world: LivingWorld) {
  const all = rollupKeys(world).map((key) => dailyRollupSchema.parse(JSON.parse(text(world, key))));
  return all
    .filter(({ day }) => day >= "2026-11-02")
    .map(({ rolledUpAt: _at, ...counts }) => counts);
}

function rollupKeys(world: LivingWorld): readonly string[] {
  return [...world.ports.files.keys()].filter((key) => key.startsWith("rollups/")).toSorted();
}

function checkpoints(world: LivingWorld, day: string) {
  const lines = text(world, `checkpoints/${day.replaceAll("-", "/")}.ndjson.gz`).trimEnd();
  return lines.split("\n").map((line) => lineSchema.parse(JSON.parse(line)));
}

const lineSchema = z.object({ refundId: z.string(), result: z.string() });

function summary(world: LivingWorld, day: string) {
  const key = `digests/${day.replaceAll("-", "/")}/summary.json`;
  return summarySchema.parse(JSON.parse(text(world, key)));
}

function text(world: LivingWorld, key: string): string {
  const body = world.ports.files.get(key);
  if (body === undefined) throw new Error(`no object ${key}`);
  return (key.endsWith(".gz") ? gunzipSync(body) : Buffer.from(body)).toString();
}

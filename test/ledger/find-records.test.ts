import { describe, expect, it } from "vitest";

import { findRecords } from "../../lambdas/ledger/find-records.ts";
import { openCollections } from "../../lambdas/ledger/open-records.ts";
import { policyOf } from "../../lambdas/ledger/policy.ts";
import { reevaluateStored } from "../../lambdas/ledger/reevaluate.ts";
import type { ErpDocument } from "../../lambdas/refund/observation/observation.ts";
import { EXCEPTION_STATUSES } from "../../lambdas/refund/record/sync-record.ts";
import { tieOutAll } from "../../lambdas/refund/tie-out/tie-out-all.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { every, LivingWorld } from "../jobs/living-world.ts";

it("tells of the refund when asked for a document that circumstance found for it", async () => {
  const world = new LivingWorld();
  world.show(refundInStep("1"), documentInStep("1", { references: [] }));
  for (const now of every(60, "2026-11-22T12:00:00.000Z", "2026-11-22T20:00:00.000Z")) {
    await world.tick(now);
  }
  const at = "2026-11-22T20:00:00.000Z";
  const told = await findRecords(world.ports, "71", policyOf(world.brand), at);

  expect(told.map(({ record }) => [record.id, record.status, record.match?.rule])).toEqual([
    ["refund:1", "mismatched", "circumstantial"],
  ]);
});

it("finds by circumstance the credit of both parts of a refund of which one part is still on its way", async () => {
  const world = new LivingWorld();
  world.show(
    refundInStep("1", { pending: "10.00" }),
    documentInStep("1", { references: [], total: "60.00" }),
  );
  for (const now of every(60, "2026-11-22T12:00:00.000Z", "2026-11-22T20:00:00.000Z")) {
    await world.tick(now);
  }
  const at = "2026-11-22T20:00:00.000Z";
  const found = await findRecords(world.ports, "1", policyOf(world.brand), at);

  expect(found.map(({ record }) => record.match?.rule)).toEqual(["circumstantial"]);
});

describe("a document that names no order, only a refund", () => {
  it("is one exception with its refund, and no orphan beside it", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("8100000000001"), memo());

    expect(await afterHours(world, 20)).toEqual([
      ["refund:8100000000001", ["71"], "mismatched", "25.00"],
    ]);
  });

  it("is corrected where the refund holds it", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("8100000000001"), memo());
    await afterHours(world, 20);
    world.show(memo({ total: "50.00", modifiedAt: "2026-11-22T20:10:00.000Z" }));
    for (const now of every(15, "2026-11-22T20:15:00.000Z", "2026-11-22T22:00:00.000Z")) {
      await world.tick(now);
    }
    const told = await findRecords(
      world.ports,
      "8100000000001",
      policyOf(world.brand),
      "2026-11-22T22:00:00.000Z",
    );

    expect(told.map(({ record }) => [record.id, record.documents[0]?.total])).toEqual([
      ["refund:8100000000001", "50.00"],
    ]);
    expect(told[0]?.record.mismatches.map(({ kind }) => kind)).toEqual(["order_reference_missing"]);
  });

  it("is taken back from another refund of the same amount that had no document", async () => {
    const world = new LivingWorld();
    const own = refundInStep("8100000000001", {
      processedAt: "2026-11-22T11:30:00.000Z",
      createdAt: "2026-11-22T11:30:00.000Z",
      updatedAt: "2026-11-22T11:30:00.000Z",
      settledAt: "2026-11-22T11:30:00.000Z",
    });
    world.show(refundInStep("2"), own, memo({ total: "50.00" }));

    expect(await afterHours(world, 20)).toEqual([
      ["refund:2", [], "stale", "50.00"],
      ["refund:8100000000001", ["71"], "mismatched", "0.00"],
    ]);
  });
});

it("pairs a refund that two amounts fit as the pure tie-out does, and leaves the other document open", async () => {
  const world = new LivingWorld();
  const refund = refundInStep("1", { pending: "20.00" });
  const documents = [
    documentInStep("1", { documentId: "71", references: [], total: "70.00" }),
    documentInStep("1", { documentId: "72", references: [], total: "50.00" }),
  ];
  world.show(refund, ...documents);
  for (const now of every(60, "2026-11-22T12:00:00.000Z", "2026-11-22T20:00:00.000Z")) {
    await world.tick(now);
  }
  const at = "2026-11-22T20:00:00.000Z";
  const policy = policyOf(world.brand);
  const pure = tieOutAll({ refunds: [refund], documents }, policy, at);
  const kept = await Promise.all(["1", "71"].map((id) => findRecords(world.ports, id, policy, at)));

  expect(pure.map(({ id, documents: of }) => [id, of.map((one) => one.documentId)])).toEqual([
    ["document:71", ["71"]],
    ["refund:1", ["72"]],
  ]);
  expect(
    kept.flat().map(({ record }) => [record.id, record.documents.map((one) => one.documentId)]),
  ).toEqual([
    ["refund:1", ["72"]],
    ["document:71", ["71"]],
  ]);
});

function memo(change: Partial<ErpDocument> = {}): ErpDocument {
  return documentInStep("1", {
    documentId: "71",
    references: [{ field: "external_id", text: "8100000000001" }],
    total: "75.00",
    ...change,
  });
}

async function afterHours(
  world: LivingWorld,
  hours: number,
): Promise<readonly (readonly [string, readonly string[], string, string])[]> {
  const until = `2026-11-22T${hours}:00:00.000Z`;
  for (const now of every(60, `2026-11-22T${hours - 8}:00:00.000Z`, until)) await world.tick(now);
  const open = await openCollections(world.ports.table, policyOf(world.brand));
  return reevaluateStored(open, policyOf(world.brand), until)
    .filter(({ status }) => EXCEPTION_STATUSES.has(status))
    .map((one) => [
      one.id,
      one.documents.map(({ documentId }) => documentId),
      one.status,
      one.exposure,
    ]);
}

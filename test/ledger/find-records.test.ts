import { expect, it } from "vitest";

import { findRecords } from "../../lambdas/ledger/find-records.ts";
import { policyOf } from "../../lambdas/ledger/policy.ts";
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

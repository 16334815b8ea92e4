import { describe, expect, it } from "vitest";

import { openCollections } from "../../lambdas/ledger/open-records.ts";
import { reevaluateStored } from "../../lambdas/ledger/reevaluate.ts";
import { policyOf } from "../../lambdas/ledger/policy.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { brandInStep } from "./brand-in-step.ts";
import { every, LivingWorld } from "./living-world.ts";

function places(world: LivingWorld): string[] {
  return [...world.ports.items.keys()].filter((key) => key.startsWith("loose#"));
}

describe("an open exception", () => {
  it("is told with the voided document of its order, by the list of what is open as by its id", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"));
    const wrong = documentInStep("1", { total: "90.00" });
    world.show(wrong);
    await world.tick("2026-11-22T12:00:00.000Z");
    world.show({ ...wrong, state: "voided", modifiedAt: "2026-11-22T13:00:00.000Z" });
    await world.tick("2026-11-22T14:00:00.000Z");
    const again = { createdAt: "2026-11-22T15:00:00.000Z", modifiedAt: "2026-11-22T15:00:00.000Z" };
    world.show(documentInStep("1", { ...again, documentId: "9002", total: "80.00" }));
    const now = "2026-11-22T16:00:00.000Z";
    await world.tick(now);

    const record = await world.record("1", now);
    const open = reevaluateStored(
      await openCollections(world.ports.table, policyOf(brandInStep())),
      policyOf(brandInStep()),
      now,
    );
    expect(record?.history).toHaveLength(4);
    expect(open.find(({ id }) => id === "refund:1")?.history).toEqual(record?.history);
  });
});

describe("a document that names no order", () => {
  const alone = documentInStep("7", { references: [], total: "12.00" });

  it("lives in one place when its amount changes without a new change time", async () => {
    const world = new LivingWorld();
    world.show(alone);
    await world.tick("2026-11-22T12:00:00.000Z");
    world.show({ ...alone, total: "13.00" });
    await world.tick("2026-11-22T12:15:00.000Z");
    expect(places(world)).toEqual([`loose#USD 13.00|document:${alone.documentId}`]);
  });

  it("is no orphan any more once the ERP says that it is the payout of a credit memo", async () => {
    const world = new LivingWorld();
    world.show(alone);
    for (const now of every(60, "2026-11-22T12:00:00.000Z", "2026-11-22T20:00:00.000Z")) {
      await world.tick(now);
    }
    const id = alone.documentId;
    expect(await world.record(id, "2026-11-22T20:00:00.000Z")).toMatchObject({
      status: "orphaned",
    });

    world.documents.clear();
    world.answers.erp = (system) => ({
      ...system,
      since: async (window, cursor) => ({ ...(await system.since(window, cursor)), partOf: [id] }),
    });
    await world.tick("2026-11-22T21:00:00.000Z");
    const record = await world.record(id, "2026-11-22T21:00:00.000Z");
    expect(record?.status).not.toBe("orphaned");
    expect(record).toMatchObject({ exposure: "0.00" });
    expect(record?.history.at(-1)?.why).toContain("payout of a credit memo");
  });
});

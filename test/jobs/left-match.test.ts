import { describe, expect, it } from "vitest";

import type { ErpDocument } from "../../lambdas/refund/observation.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { every, LivingWorld } from "./living-world.ts";

function memo(id: string, order: string, change: Partial<ErpDocument> = {}): ErpDocument {
  return documentInStep(id, { references: [{ field: "order", text: order }], ...change });
}

async function matched(...documents: readonly ErpDocument[]): Promise<LivingWorld> {
  const world = new LivingWorld();
  world.show(refundInStep("1"), refundInStep("2"), ...documents);
  await world.tick("2026-11-22T12:00:00.000Z");
  return world;
}

describe("a document that is corrected", () => {
  it("from one order to another ends the match that it made", async () => {
    const world = await matched(memo("1", "#101"));
    world.show(memo("1", "#102", { modifiedAt: "2026-11-22T13:00:00.000Z" }));
    for (const now of every(60, "2026-11-22T13:15:00.000Z", "2026-11-22T18:15:00.000Z")) {
      await world.tick(now);
    }
    const now = "2026-11-22T18:15:00.000Z";
    expect(await world.record("1", now)).toMatchObject({ status: "stale", documents: [] });
    expect(await world.record("2", now)).toMatchObject({
      status: "matched",
      documents: [{ documentId: "71" }],
    });
    expect(world.ports.published.map(({ subject }) => subject).join()).toMatch(/1 refund/);
  });

  it("so that it names no order at all ends it too", async () => {
    const world = await matched(memo("1", "#101", { total: "50.00" }), memo("2", "#102"));
    world.show(
      documentInStep("1", {
        references: [],
        total: "51.00",
        modifiedAt: "2026-11-22T13:00:00.000Z",
      }),
    );
    for (const now of every(60, "2026-11-22T13:15:00.000Z", "2026-11-22T19:15:00.000Z")) {
      await world.tick(now);
    }
    expect(await world.record("1", "2026-11-22T19:15:00.000Z")).toMatchObject({ status: "stale" });
  });
});

describe("a document that was deleted in the ERP", () => {
  const at = "2026-11-22T13:00:00.000Z";

  it("makes its refund an exception again, with who and when", async () => {
    const world = await matched(memo("1", "#101"), memo("2", "#102"));
    expect(await world.record("1", "2026-11-22T12:00:00.000Z")).toMatchObject({
      status: "matched",
    });
    world.documents.delete("71");
    world.deleted = [{ id: "71", at, by: "1455" }];
    await world.tick("2026-11-22T13:15:00.000Z");
    await world.tick("2026-11-22T18:15:00.000Z");
    const record = await world.record("1", "2026-11-22T18:15:00.000Z");
    expect(record).toMatchObject({
      status: "stale",
      exposure: "50.00",
      mismatches: [{ kind: "missing_in_erp" }],
    });
    expect(record?.history.at(-1)?.why).toContain(`deleted in the ERP at ${at} by user 1455`);
    expect(await world.record("2", "2026-11-22T18:15:00.000Z")).toMatchObject({
      status: "matched",
    });
  });

  it("though it named no order leaves the refund that it stood for", async () => {
    const loose = documentInStep("1", { references: [] });
    const world = await matched(loose, memo("2", "#102"));
    await world.tick("2026-11-22T16:15:00.000Z");
    await world.tick("2026-11-22T16:30:00.000Z");
    expect(await world.record("1", "2026-11-22T16:30:00.000Z")).toMatchObject({
      match: { rule: "circumstantial" },
    });
    world.documents.delete("71");
    world.deleted = [{ id: "71", at: "2026-11-22T17:00:00.000Z", by: null }];
    await world.tick("2026-11-22T17:15:00.000Z");
    await world.tick("2026-11-22T17:30:00.000Z");
    expect(await world.record("1", "2026-11-22T17:30:00.000Z")).toMatchObject({ status: "stale" });
  });

  it("as the payout of a credit leaves the credit, read again without it", async () => {
    const world = await matched(
      memo("1", "#101", { settlement: { documentId: "801", amount: "40.00" } }),
      memo("2", "#102"),
    );
    const before = await world.record("1", "2026-11-22T12:00:00.000Z");
    expect(before).toMatchObject({ status: "matched" }); // no tenders are known: nothing to compare
    world.show(memo("1", "#101"));
    world.deleted = [{ id: "801", at, by: "1455" }];
    await world.tick("2026-11-22T13:15:00.000Z");
    const now = await world.record("1", "2026-11-22T13:15:00.000Z");
    expect(now?.documents).toMatchObject([{ settlement: null, modifiedAt: at }]);
  });
});

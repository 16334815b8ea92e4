import { describe, expect, it } from "vitest";

import type { ErpDocument } from "../../lambdas/refund/observation/observation.ts";
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

  it("on the order behind it, without a change of its own, ends it as well", async () => {
    const world = await matched(memo("1", "#101"));
    world.show(memo("1", "#102"));
    for (const now of every(60, "2026-11-22T12:15:00.000Z", "2026-11-22T18:15:00.000Z")) {
      await world.tick(now);
    }
    const now = "2026-11-22T18:15:00.000Z";
    expect(await world.record("1", now)).toMatchObject({ status: "stale", documents: [] });
    expect(await world.record("2", now)).toMatchObject({ status: "matched" });
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

describe("a document that carries a refund's id beside another order's number", () => {
  const purchaseOrder = memo("1", "#88213", {
    references: [
      { field: "other_reference", text: "#88213" },
      { field: "external_id", text: "gid://shopify/Refund/1" },
    ],
  });

  it("is the refund's own, and stays so when it is read again or deleted", async () => {
    const world = await matched(purchaseOrder, memo("2", "#102"));
    for (const now of every(60, "2026-11-22T13:15:00.000Z", "2026-11-22T17:15:00.000Z")) {
      await world.tick(now);
    }
    let now = "2026-11-22T17:15:00.000Z";
    expect(await world.record("1", now)).toMatchObject({
      status: "matched",
      match: { rule: "reference" },
    });
    expect(await world.record("71", now)).toBeUndefined();

    world.show({ ...purchaseOrder, modifiedAt: "2026-11-22T17:30:00.000Z" });
    now = "2026-11-22T18:15:00.000Z";
    await world.tick(now);
    expect(await world.record("71", now)).toBeUndefined();
    expect(await world.record("1", now)).toMatchObject({ match: { rule: "reference" } });

    world.documents.delete("71");
    world.deleted = [{ id: "71", at: "2026-11-22T18:20:00.000Z", by: null }];
    now = "2026-11-22T18:30:00.000Z";
    await world.tick(now);
    expect(await world.record("1", now)).toMatchObject({ status: "stale" });
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
    expect((await world.record("1", "2026-11-22T12:00:00.000Z"))?.documents).toMatchObject([
      { settlement: { documentId: "801" } },
    ]);
    world.show(memo("1", "#101"));
    world.deleted = [{ id: "801", at, by: "1455" }];
    await world.tick("2026-11-22T13:15:00.000Z");
    // That it had a payout is kept: a credit that never had one is judged otherwise.
    const now = await world.record("1", "2026-11-22T13:15:00.000Z");
    expect(now?.documents).toMatchObject([
      { settlement: { documentId: "801", amount: "0.00" }, modifiedAt: at },
    ]);
  });

  it("as the older of two payouts is noticed as the newer would be", async () => {
    const world = await matched(
      memo("1", "#101", {
        settlement: { documentId: "802", amount: "50.00", olderIds: ["801"] },
      }),
      memo("2", "#102"),
    );
    world.show(memo("1", "#101", { settlement: { documentId: "802", amount: "20.00" } }));
    world.deleted = [{ id: "801", at, by: null }];
    await world.tick("2026-11-22T13:15:00.000Z");
    expect((await world.record("1", "2026-11-22T13:15:00.000Z"))?.documents).toMatchObject([
      { settlement: { documentId: "802", amount: "20.00" }, modifiedAt: at },
    ]);
  });

  it("is noticed though it was created before anything was watched", async () => {
    const old = { createdAt: "2026-08-01T10:00:00.000Z", modifiedAt: "2026-11-22T11:00:00.000Z" };
    const world = await matched(memo("1", "#101", old), memo("2", "#102"));
    world.documents.delete("71");
    world.deleted = [{ id: "71", at, by: "1455" }];
    await world.tick("2026-11-22T13:15:00.000Z");
    await world.tick("2026-11-22T18:15:00.000Z");
    expect(await world.record("1", "2026-11-22T18:15:00.000Z")).toMatchObject({ status: "stale" });
  });
});

import { describe, expect, it } from "vitest";

import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { LivingWorld } from "./living-world.ts";

const NOON = "2026-11-22T12:00:00.000Z";
const EVENING = "2026-11-22T20:00:00.000Z";
const ORDER = { orderId: "9", orderNumber: "#9" };
const references = [{ field: "order" as const, text: "#9" }];

describe("the last refund of an order", () => {
  it("that took a cent less is booked a cent too high, and no other refund was booked twice", async () => {
    const world = new LivingWorld();
    for (const [id, total] of Object.entries({ 1: "10.88", 2: "10.88", 3: "10.87" })) {
      const hour = `2026-11-22T0${id}:00:00.000Z`;
      const times = { createdAt: hour, processedAt: hour, settledAt: hour, updatedAt: hour };
      const components = { ...refundInStep("1").components, items: total };
      world.show(
        refundInStep(id, { ...ORDER, ...times, settled: total, components }),
        documentInStep(id, { references, total: "10.88", createdAt: hour, modifiedAt: hour }),
      );
    }
    await world.tick(NOON);
    await world.tick(EVENING);
    expect(await world.record("1", EVENING)).toMatchObject({ status: "matched" });
    expect(await world.record("2", EVENING)).toMatchObject({ status: "matched" });
    expect(await world.record("3", EVENING)).toMatchObject({
      status: "mismatched",
      mismatches: [{ kind: "amount", difference: "0.01" }],
    });
  });
});

describe("a refund whose payment is pending", () => {
  const pending = { settled: "0.00", pending: "50.00", settledAt: null };
  it("waits with a document of nothing, which is wrong once it is paid", async () => {
    const world = new LivingWorld();
    const nothing = documentInStep("1", { references, total: "0.00" });
    world.show(refundInStep("1", { ...ORDER, ...pending }), nothing);
    await world.tick(NOON);
    expect(await world.record("1", NOON)).toMatchObject({ status: "pending" });
    world.show(refundInStep("1", { ...ORDER, updatedAt: "2026-11-22T13:00:00.000Z" }));
    await world.tick(EVENING);
    expect(await world.record("1", EVENING)).toMatchObject({ status: "mismatched" });
  });

  it("waits with a document of its amount", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1", { ...ORDER, ...pending }), documentInStep("1", { references }));
    await world.tick(NOON);
    expect(await world.record("1", NOON)).toMatchObject({ status: "pending" });
  });

  it("does not hide a document of another amount", async () => {
    const world = new LivingWorld();
    const document = documentInStep("1", { references, total: "171.92" });
    world.show(refundInStep("1", { ...ORDER, ...pending }), document);
    await world.tick(NOON);
    expect(await world.record("1", NOON)).toMatchObject({
      status: "mismatched",
      mismatches: [{ kind: "amount", difference: "121.92" }],
    });
  });
});

describe("a document that is not in the books", () => {
  const draft = documentInStep("1", { references, state: "unposted", final: false });
  const again = documentInStep("2", { references, createdAt: "2026-11-22T10:30:00.000Z" });

  it("is no second booking of a refund that another document books", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1", ORDER), draft, again);
    await world.tick(NOON);
    await world.tick(EVENING);
    expect(await world.record("1", EVENING)).toMatchObject({
      status: "matched",
      documents: [{ documentId: "72" }],
    });
  });

  it("is one as soon as it is posted too", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1", ORDER), draft, again);
    await world.tick(NOON);
    world.show({ ...draft, state: "open", modifiedAt: "2026-11-22T13:00:00.000Z" });
    await world.tick(EVENING);
    expect(await world.record("1", EVENING)).toMatchObject({ status: "duplicated" });
  });

  it("is told as such while another refund of its amount has no other document", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1", ORDER), refundInStep("2", ORDER), draft, again);
    await world.tick(NOON);
    await world.tick(EVENING);
    const first = await world.record("1", EVENING);
    const second = await world.record("2", EVENING);
    expect(new Set([first?.status, second?.status])).toEqual(new Set(["matched", "mismatched"]));
  });
});

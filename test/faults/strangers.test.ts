import { describe, expect, it } from "vitest";

import { remakeDay } from "../../lambdas/ledger/day-files.ts";
import { sendQueued, enqueue } from "../../lambdas/ledger/store/outbox.ts";
import { canonicalAmount } from "../../lambdas/refund/money/money.ts";
import { parseBrand } from "../../lambdas/brand.ts";
import { brandInStep } from "../jobs/brand-in-step.ts";
import { every, LivingWorld } from "../jobs/living-world.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { MemoryPorts } from "../fakes/memory-ports.ts";

describe("two digests of one day at once", () => {
  it("leave a set of files that is of one run, though one stood still half-way", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"), refundInStep("2"), documentInStep("9", { references: [] }));
    for (const now of every(120, "2026-11-22T12:00:00.000Z", "2026-11-23T12:00:00.000Z")) {
      await world.tick(now);
    }
    const { objects } = world.ports;
    const put = objects.put.bind(objects);
    let isFirst = true;
    objects.put = async (key, body, type) => {
      if (isFirst && key.endsWith("digest.html")) {
        isFirst = false;
        world.show(documentInStep("2", { references: [{ field: "order", text: "#102" }] }));
        await world.tick("2026-11-23T12:15:00.000Z");
        await world.digest("2026-11-23T12:20:00.000Z");
      }
      return put(key, body, type);
    };
    await world.digest("2026-11-23T12:00:00.000Z");

    const { why, differs } = await remakeDay(objects, "2026-11-22");
    expect([why, differs]).toEqual([null, []]);
  });
});

describe("a claim on a message", () => {
  it("begins when it is made, though the event that leads to it is old", async () => {
    const ports = new MemoryPorts();
    const message = {
      dedupeKey: "a",
      topic: "ops" as const,
      channel: "email" as const,
      subject: "s",
      body: "b",
      decidedAt: "2026-11-22T12:00:00.000Z",
    };
    await enqueue(ports, [message]);
    const publish = ports.notifier.publish.bind(ports.notifier);
    ports.notifier.publish = async (sent) => {
      // Another run, with the event of its own time, while this one waits for SNS.
      ports.notifier.publish = publish;
      await sendQueued(ports, "ops", "2026-11-22T12:10:00.000Z", tenPast);
      return publish(sent);
    };
    await sendQueued(ports, "ops", "2026-11-22T12:00:00.000Z", tenPast);
    expect(ports.published).toHaveLength(1);
  });
});

describe("what would break a sum or a date later", () => {
  it("is refused at the door", () => {
    expect(() => canonicalAmount(`${"9".repeat(60)}.99`, "USD")).toThrow(/not an amount/);
    const long = { ...brandInStep(), pull: { lookBack: "999999y" } };
    expect(() => parseBrand(long, "acme.yaml")).toThrow(/pull.lookBack: must be at most 100 years/);
  });
});

function tenPast(): string {
  return "2026-11-22T12:10:00.000Z";
}

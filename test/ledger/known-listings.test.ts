import { describe, expect, it } from "vitest";
import { knownFromLog } from "../../lambdas/ledger/intake/known-listings.ts";
import { appendDecisions } from "../../lambdas/ledger/store/event-log.ts";
import { MemoryPorts } from "../fakes/memory-ports.ts";
import { documentInStep, recordInStep } from "../refund/record-in-step.ts";

const NOW = "2026-11-23T00:00:00.000Z";
const open = documentInStep("1", { state: "open" });
const voided = documentInStep("1", { state: "voided" });

/** What the log knows after these decisions, each with its time and the document as it was. */
async function knownAfter(...decisions: readonly (readonly [at: string, state: typeof open])[]) {
  const ports = new MemoryPorts();
  for (const [now, document] of decisions) {
    const by = { now, job: "pull-erp", policy: "p" };
    await appendDecisions(ports.objects, [recordInStep("1", { documents: [document] })], by);
  }
  return knownFromLog({ ports, system: {}, now: NOW }, null);
}

describe("a version in the log", () => {
  it("is known when the last decision about its record has it", async () => {
    const known = await knownAfter(
      ["2026-11-22T10:00:00.000Z", voided],
      ["2026-11-22T10:15:00.000Z", open],
    );
    expect(known.has(open)).toBe(true);
    expect(known.has(voided)).toBe(false);
  });

  it("is not known when the decisions of one run have two versions: their order is not kept", async () => {
    const at = "2026-11-22T10:00:00.000Z";
    for (const order of [
      [open, voided],
      [voided, open],
    ]) {
      const known = await knownAfter(...order.map((one) => [at, one] as const));
      expect([known.has(open), known.has(voided)]).toEqual([false, false]);
    }
  });
});

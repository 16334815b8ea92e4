import { describe, expect, it } from "vitest";

import type { DocumentReference } from "../../lambdas/refund/observation/observation.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { LivingWorld } from "./living-world.ts";

const NOON = "2026-11-22T12:00:00.000Z";
const LATER = "2026-11-22T19:00:00.000Z";

/** Ids of credit memos of Magento are as short as the numbers of orders. */
const MEMO = {
  refundId: "1234784",
  refundNumber: "000000443",
  orderId: "404",
  orderNumber: "000000404",
};

describe("a document that carries the short id of a refund, or its number", () => {
  it.each([
    [
      "beside the order",
      "matched",
      [refundField("1234784"), { field: "other_reference", text: "SO-000000404" }],
    ],
    ["alone", "mismatched", [refundField("1234784")]],
    ["as the number, alone", "mismatched", [refundField("000000443")]],
    [
      "as the number, beside the order",
      "matched",
      [refundField("000000443"), { field: "order", text: "404" }],
    ],
  ] as const)("%s books that refund", async (_what, status, references) => {
    const world = new LivingWorld();
    world.show(refundInStep("1", MEMO), documentInStep("1", { references: [...references] }));
    await world.tick(NOON);
    await world.tick(LATER);
    expect(await world.record("1234784", LATER)).toMatchObject({
      status,
      match: { rule: "reference" },
    });
  });

  it("does not book the refund whose id is that number without its zeros", async () => {
    const world = new LivingWorld();
    const other = { ...MEMO, refundId: "443", refundNumber: "000000009", orderNumber: "000000500" };
    world.show(
      refundInStep("2", other),
      documentInStep("1", { references: [refundField("000000443")] }),
    );
    await world.tick(NOON);
    expect((await world.record("443", NOON))?.documents).toEqual([]);
  });
});

function refundField(text: string): DocumentReference {
  return { field: "refund", text };
}

import { describe, expect, it } from "vitest";

import type { PaymentBack } from "../../lambdas/refund/observation/payments-back.ts";
import { SystemUnavailable } from "../../lambdas/systems/http/http.ts";
import type { System } from "../../lambdas/systems/source.ts";
import { buildPayment } from "../refund/builders.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { every, LivingWorld } from "./living-world.ts";

const START = "2026-11-21T00:00:00.000Z";

function payment(id: string, change: Partial<PaymentBack> = {}): PaymentBack {
  return {
    paymentId: `8${id}`,
    orderId: `50${id}`,
    orderNumber: `#10${id}`,
    amount: "50.00",
    currency: "USD",
    at: "2026-11-22T10:00:00.000Z",
    ...change,
  };
}

/** Two days of a shop with one refund of 22 November, whose own list of payments says this. */
async function lived(paymentsBack: NonNullable<System["paymentsBack"]>): Promise<LivingWorld> {
  const world = new LivingWorld();
  world.answers.storefront = (system) => ({ ...system, paymentsBack });
  const processedAt = "2026-11-22T10:00:00.000Z";
  const transactions = [buildPayment({ id: "t1", amount: "50.00", processedAt })];
  const references = [{ field: "order", text: "#101" } as const];
  world.show(
    refundInStep("1", { orderId: "501", transactions }),
    documentInStep("1", { references }),
  );
  for (const now of every(180, START, "2026-11-23T12:00:00.000Z")) await world.tick(now);
  await world.digest("2026-11-23T12:15:00.000Z");
  return world;
}

function digestOf(world: LivingWorld): string {
  const [, body] = [...world.ports.files].find(([key]) => key.endsWith("22/digest.txt")) ?? [];
  return Buffer.from(body ?? "")
    .toString()
    .replaceAll(/\s+/g, " ");
}

/** Of every day that is asked for, the payments with a time in it. */
function list(...payments: readonly PaymentBack[]): NonNullable<System["paymentsBack"]> {
  return async ({ since, until }) => ({
    payments: payments.filter(({ at }) => at >= since && at < until),
    unreadable: 0,
  });
}

describe("the storefront's own list of payments", () => {
  it("agrees with the refunds, and the digest says so", async () => {
    const world = await lived(list(payment("1")));
    expect(digestOf(world)).toContain("1 payment went back to a buyer, each with a refund.");
    expect(digestOf(world)).toContain("NOTHING TO WORK ON");
  });

  it("shows money that moved without a refund: the digest names it, and the order is asked for", async () => {
    const world = await lived(list(payment("1"), payment("9", { amount: "7.00" })));
    const text = digestOf(world);
    expect(text).toContain("1 PAYMENT WITHOUT A REFUND");
    expect(text).toContain("#109: USD 7.00");
    const asked = await world.ports.table.query("again#storefront");
    expect(asked.map(({ ref }) => ref)).toEqual(["order:509"]);
  });

  it("does not show a refund's payment: the digest names the refund", async () => {
    const text = digestOf(await lived(list()));
    expect(text).toContain("#101: USD 50.00");
    expect(text).toContain("own list does not show");
  });

  it("that is not shown is said, and the pull is complete all the same", async () => {
    const world = await lived(async () => null);
    expect(digestOf(world)).toContain("does not show its list of payments");
    expect(await world.record("1", "2026-11-23T12:00:00.000Z")).toMatchObject({
      status: "matched",
    });
  });

  it("is asked for again in the next run when the shop did not answer", async () => {
    let asked = 0;
    const all = list(payment("1"));
    const world = await lived(async (window) => {
      asked += 1;
      if (asked % 2 === 1) {
        const outcome = { trouble: "answered 503", retryAfterMs: null, status: 503 };
        throw new SystemUnavailable("POST graphql", 5, outcome);
      }
      return all(window);
    });
    expect(digestOf(world)).toContain("1 payment went back to a buyer, each with a refund.");
  });

  it("is told in one digest only, and again when that digest is made again", async () => {
    const world = await lived(list(payment("1"), payment("9")));
    await world.digest("2026-11-23T12:30:00.000Z");
    expect(digestOf(world)).toContain("#109");
    for (const now of every(180, "2026-11-23T15:00:00.000Z", "2026-11-24T12:00:00.000Z")) {
      await world.tick(now);
    }
    await world.digest("2026-11-24T12:15:00.000Z");
    const [, next] = [...world.ports.files].find(([key]) => key.endsWith("23/digest.txt")) ?? [];
    expect(Buffer.from(next ?? "").toString()).not.toContain("#109");
  });

  it("of a day before the watch began is not compared", async () => {
    const world = await lived(list(payment("7", { at: "2026-09-01T10:00:00.000Z" })));
    expect(digestOf(world)).not.toContain("#107");
  });
});

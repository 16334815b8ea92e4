import { expect, it } from "vitest";

import { diagnose } from "../../../lambdas/refund/diagnosis/diagnose.ts";
import { factsOf } from "../../../lambdas/refund/diagnosis/features/record-facts.ts";
import { rollUp } from "../../../lambdas/refund/diagnosis/rollup/roll-up.ts";
import type { StorefrontRefund } from "../../../lambdas/refund/observation/observation.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import { bookedOff, discounted, each, NOW, POLICY } from "./refund-in-step.ts";

it("computes the facts of a record once, however many steps of the diagnosis use them", () => {
  const exceptions = each(12, (n, at) => bookedOff(discounted(n, at, "10.00"), 1_000));
  const [first, ...others] = exceptions;
  if (first === undefined) throw new Error("no exceptions");
  const once = counting(first);
  factsOf(once.record, POLICY);

  const all = counting(first);
  const rollups = [rollUp({ day: "2026-11-21", records: exceptions, policy: POLICY, now: NOW })];
  const input = { rollups, exceptions: [all.record, ...others], policy: POLICY, now: NOW };
  const { diagnoses, cohorts } = diagnose(input);

  expect(diagnoses.get(first.id)?.pattern).toBe("promo_mismatch");
  expect(cohorts).toHaveLength(1);
  expect(once.reads).toEqual({ discountCodes: 1, orderEdited: 2, duties: 1 });
  expect(all.reads).toEqual(once.reads);
});

/** Counts the reads of fields that only the features, the touches and the formulas look at. */
function counting(record: SyncRecord): {
  readonly record: SyncRecord;
  readonly reads: { discountCodes: number; orderEdited: number; duties: number };
} {
  const reads = { discountCodes: 0, orderEdited: 0, duties: 0 };
  const { refund } = record;
  if (refund === null) throw new Error("a record without a refund");
  const { discountCodes, orderEdited, components } = refund;
  const duties = counted(components.duties, () => (reads.duties += 1));
  const watched: StorefrontRefund = Object.defineProperties(
    { ...refund, components: Object.defineProperties({ ...components }, { duties }) },
    {
      discountCodes: counted(discountCodes, () => (reads.discountCodes += 1)),
      orderEdited: counted(orderEdited, () => (reads.orderEdited += 1)),
    },
  );
  return { record: { ...record, refund: watched }, reads };
}

function counted(value: unknown, count: () => void): PropertyDescriptor {
  return {
    enumerable: true,
    get: () => {
      count();
      return value;
    },
  };
}

import { describe, expect, it } from "vitest";
import { diagnose, diagnoseRecord } from "../../../lambdas/refund/diagnosis/diagnose.ts";
import type { Cohort } from "../../../lambdas/refund/diagnosis/cohort.ts";
import type {
  ErpDocument,
  StorefrontRefund,
} from "../../../lambdas/refund/observation/observation.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import { segmentName } from "../../../lambdas/reports/story.ts";
import { lookAt, rollUps } from "./rolled-up.ts";
import {
  document,
  each,
  matched,
  missing,
  NOW,
  POLICY,
  refund,
  unreferenced,
  wrong,
} from "./refund-in-step.ts";

describe("what finance reads of a cohort", () => {
  it("that leans nowhere says what its refunds have in common", () => {
    const cohort = lostReferences(5);
    expect(cohort?.segment).toEqual({ pattern: "partial_sync" });
    expect(segmentName({ segment: cohort?.segment ?? {} })).toContain("partial sync");
    expect(segmentName({ segment: { mismatch: "duplicate_in_erp" } })).not.toContain("all refunds");
  });

  it("never lists a field that the ERP does not have, and names the worst in plain words", () => {
    const step = lostReferences(5, { paymentReferences: [] })?.nextSteps[0];
    expect(step).toContain("order id missing on");
    expect(step).toMatch(/of \d+ refunds of type web\/card_gateway/);
    expect(step).not.toContain("payment reference");
  });

  it("shows three records at most, by their order's number", () => {
    const { questions = [], nextSteps = [] } = lostReferences(9) ?? {};
    const said = [...questions.map(({ evidence }) => evidence), ...nextSteps];
    expect(said.join(" ")).not.toMatch(/refund:\d/);
    expect(said.join(" ")).toMatch(/#\d+, #\d+, #\d+ and 6 more/);
  });

  it("does not say that it never repeats when hardly any twin was counted as failed", () => {
    const long = each(5, (n) =>
      unreferenced(refund(900 + n, { processedAt: "2026-11-20T10:00:00.000Z" })),
    );
    const healthy = each(26, (n, at) => matched(refund(n, { processedAt: at })));
    const { cohorts } = diagnose({
      // The roll-ups' days begin after these were lost.
      rollups: rollUps(healthy),
      exceptions: long,
      policy: POLICY,
      now: NOW,
    });
    expect(cohorts[0]?.questions.find(({ id }) => id === 1)).toMatchObject({
      answer: "unknown",
      points: "neither",
    });
  });

  it("of a bypass counts against the refunds that could have failed that way", () => {
    const { cohorts } = lookAt([
      ...each(300, (n, at) => matched(refund(n, { processedAt: at }))),
      ...each(40, (n, at) => (n % 3 === 0 ? missing : matched)(tillRefund(n, at))),
    ]);
    expect(cohorts[0]).toMatchObject({ pattern: "register_bypass", population: 40 });
  });
});

describe("a hand in the ERP", () => {
  it("that books a refund a second time is no bypass", () => {
    const twice = wrong(
      matched(refund(1), { createdBy: { id: "u", kind: "human" } }),
      "duplicated",
      [
        {
          kind: "duplicate_in_erp",
          expected: "43.30",
          actual: "86.60",
          difference: "43.30",
          currency: "USD",
        },
      ],
    );
    expect(diagnoseRecord(twice, POLICY)).toMatchObject({ cause: "process", pattern: null });
  });

  it.each([
    ["100.00", "process"],
    ["100.01", "undetermined"],
  ])("that credits %s for no refund is %s, and no verbal approval", (total, cause) => {
    expect(diagnoseRecord(stray(total), POLICY)).toMatchObject({ cause, pattern: null });
  });
});

it("takes a credit that waits for its confirmation for the gap that it is", () => {
  const waiting = wrong(matched(refund(1), { state: "unapproved" }), "mismatched", [
    { kind: "status", expected: "approved", actual: "unapproved", difference: "", currency: "USD" },
  ]);
  expect(diagnoseRecord(waiting, POLICY)).toMatchObject({
    cause: "integration",
    pattern: "async_gap",
  });
});

it("takes silence of the whole ERP for an integration that is down, not for many bypasses", () => {
  const batch = 4 * 3_600_000;
  const records = each(300, (n, at) => {
    const next = Math.ceil((Date.parse(at) + 60_000) / batch) * batch;
    return matched(refund(n, { processedAt: at }), { createdAt: new Date(next).toISOString() });
  });
  const lost = Array.from({ length: 6 }, (_, n) =>
    missing(
      refund(900 + n, {
        processedAt: `2026-11-22T0${n}:00:00.000Z`,
        channel: "pos",
        retailLocation: "Store 3",
        staff: "s1",
      }),
    ),
  );
  const { diagnoses } = lookAt([...records, ...lost]);
  expect(diagnoses.get("refund:905")).toMatchObject({ cause: "integration", pattern: null });
});

function tillRefund(n: number, at: string): StorefrontRefund {
  const place = { channel: "pos", retailLocation: `Store ${n % 4}`, staff: "s1" };
  return refund(1000 + n, { ...place, processedAt: at });
}

function lostReferences(count: number, others: Partial<ErpDocument> = {}): Cohort | undefined {
  return lookAt([
    ...each(60, (n, at) => matched(refund(n, { processedAt: at }), others)),
    ...each(count, (n, at) => unreferenced(refund(900 + n, { processedAt: at }))),
  ]).cohorts[0];
}

/** A person's credit memo that names no refund of the storefront. */
function stray(total: string): SyncRecord {
  const record = matched(refund(1));
  return {
    ...wrong(record, "orphaned", [
      {
        kind: "missing_in_storefront",
        expected: "0.00",
        actual: total,
        difference: total,
        currency: "USD",
      },
    ]),
    id: "document:71",
    refund: null,
    match: null,
    documents: [
      document(refund(1), { total, references: [], createdBy: { id: "u", kind: "human" } }),
    ],
  };
}

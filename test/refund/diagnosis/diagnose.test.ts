import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dailyRollupSchema } from "../../../lambdas/refund/diagnosis/rollup/daily-rollup.ts";
import { rollUp } from "../../../lambdas/refund/diagnosis/rollup/roll-up.ts";
import type { DailyRollup } from "../../../lambdas/refund/diagnosis/rollup/daily-rollup.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import { lookAt, rollUps } from "./rolled-up.ts";
import {
  bookedOff,
  discounted,
  each,
  matched,
  missing,
  NOW,
  POLICY,
  refund,
  unreferenced,
} from "./refund-in-step.ts";

const cashAtStore = { channel: "pos", retailLocation: "Store 3", staff: "s1" };

describe("a brand's life", () => {
  it("without faults has no cohorts and no diagnoses", () => {
    const { cohorts, diagnoses } = lookAt(
      each(400, (n, at) => matched(refund(n, { processedAt: at }))),
    );
    expect(cohorts).toEqual([]);
    expect(diagnoses.size).toBe(0);
  });

  it("whose store forgets the ERP shows a register bypass of the process", () => {
    const { cohorts, diagnoses } = lookAt([
      ...each(400, (n, at) => matched(refund(n, { processedAt: at }))),
      ...each(40, (n, at) => tillRefund(1000 + n, at, n % 2 === 0 ? missing : matched)),
    ]);
    expect(cohorts).toHaveLength(1);
    expect(cohorts[0]).toMatchObject({
      count: 20,
      population: 40,
      cause: "process",
      pattern: "register_bypass",
    });
    expect(cohorts[0]?.confidence).toBeGreaterThan(0.85);
    expect(diagnoses.get("refund:1000")).toMatchObject({
      cause: "process",
      pattern: "register_bypass",
    });
  });

  it("whose integration drops a few calls, here and there, is not blamed on people", () => {
    const records = each(600, (n, at) => {
      const till = n % 3 === 0;
      const fate = n % 40 === 7 ? missing : matched;
      return till ? tillRefund(n, at, fate) : fate(refund(n, { processedAt: at }));
    });
    const { cohorts } = lookAt(records);
    expect(cohorts).toHaveLength(1);
    expect(cohorts[0]).toMatchObject({ cause: "integration", pattern: null, segment: {} });
  });

  it("whose integration was down for hours shows dropped calls, not many bypasses", () => {
    const records = each(500, (n, at) =>
      (n >= 200 && n < 212 ? missing : matched)(refund(n, { processedAt: at })),
    );
    const { diagnoses } = lookAt(records);
    expect(new Set([...diagnoses.values()].map(({ cause }) => cause))).toEqual(
      new Set(["integration"]),
    );
    expect(diagnoses.get("refund:205")?.evidence[0]).toContain("12 of the 12 refunds");
  });

  it("on a platform that shows no place of goods is never blamed on the integration for certain", () => {
    expect(confidenceFor("return")).toBeGreaterThan(0.9);
    expect(confidenceFor("unknown")).toBeLessThan(0.8);
  });

  it("of three days with one loss is too young for a verdict", () => {
    const { diagnoses, cohorts } = lookAt([
      ...each(8, (n, at) => matched(refund(n, { processedAt: at }))),
      tillRefund(99, "2026-11-19T10:00:00.000Z", missing),
    ]);
    expect(diagnoses.get("refund:99")?.cause).toBe("undetermined");
    expect(cohorts).toEqual([]);
  });

  it("that loses discounts on the way to the ERP is an integration matter, for all of them", () => {
    const promo = { discount: "10.00" };
    const { cohorts } = lookAt([
      ...each(200, (n, at) => matched(refund(n, { processedAt: at }))),
      ...each(12, (n, at) => bookedOff(discounted(300 + n, at, promo.discount), 1000)),
    ]);
    expect(cohorts[0]).toMatchObject({
      count: 12,
      cause: "integration",
      pattern: "promo_mismatch",
    });
    expect(cohorts[0]?.questions[0]).toMatchObject({ id: 1, answer: "yes", points: "integration" });
  });
});

describe("always", () => {
  it("lists a record in one cohort at most, and changes nothing when the input is shuffled", () => {
    fc.assert(
      fc.property(life(), fc.integer(), (records, seed) => {
        const once = lookAt(records);
        const ids = once.members.flat();
        expect(new Set(ids).size).toBe(ids.length);
        expect(lookAt(shuffled(records, seed))).toEqual(once);
      }),
      { numRuns: 25 },
    );
  });

  it("never raises a cohort's rate by healthy refunds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), (healthy) => {
        const sick = each(12, (n, at) => bookedOff(discounted(n, at, "10.00"), 1000));
        const before = lookAt(sick).cohorts[0]?.rate ?? 1;
        const more = each(healthy, (n, at) => matched(discounted(500 + n, at, "10.00")));
        expect(lookAt([...sick, ...more]).cohorts[0]?.rate ?? 0).toBeLessThanOrEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  it("counts an unknown feature in no segment, rather than as a no", () => {
    const [rollup] = rollUps([
      matched(refund(1, { channel: null, staffKnown: false, transactions: [] })),
    ]);
    expect(rollup?.segments.channel).toBeUndefined();
    expect(rollup?.segments.gateway).toBeUndefined();
    expect(rollup?.segments.staff).toBeUndefined();
    expect(rollup?.hands["staff made the refund"]).toBeUndefined();
    expect(rollup?.paths[0]?.path).toMatchObject({ role: null, atRegister: null, inCash: null });
  });
});

describe("a roll-up", () => {
  it("comes back from storage as it was written, and does not grow with the day's volume", () => {
    const large = dayOfSize(4_000);
    expect(dailyRollupSchema.parse(JSON.parse(JSON.stringify(large)))).toEqual(large);
    expect(JSON.stringify(large).length).toBeLessThan(
      1.02 * JSON.stringify(dayOfSize(2_000)).length,
    );
    expect(large.refunds).toBe(4_000);
  });

  it("leaves out what is still in time, what moved no money and what is out of scope", () => {
    const at = { processedAt: "2026-11-20T10:00:00.000Z" };
    const [rollup] = rollUps([
      { ...missing(refund(1, at)), status: "pending", mismatches: [] },
      matched(refund(2, { ...at, settled: "0.00", benign: ["restock_only"] })),
      matched(refund(3, { ...at, benign: ["outside_scope"] })),
      matched(refund(4, { ...at, benign: ["cash_rounding"] })),
    ]);
    expect(rollup?.refunds).toBe(1);
  });

  it("finds the four-hourly batch from when documents arrive", () => {
    const batch = 4 * 3_600_000;
    const records = each(300, (n, at) => {
      const next = Math.ceil((Date.parse(at) + 60_000) / batch) * batch + (n % 7) * 60_000;
      return matched(refund(n, { processedAt: at }), { createdAt: new Date(next).toISOString() });
    });
    const { asyncGap } = lookAt(records);
    expect(asyncGap.batchCadence).toBe("PT4H");
    expect(
      lookAt(each(300, (n, at) => matched(refund(n, { processedAt: at })))).asyncGap.batchCadence,
    ).toBeNull();
    expect(asyncGap.p99).toMatch(/^PT4H/);
  });
});

/** A day on which everything differs from everything and all of it is lost: the largest roll-up. */
function dayOfSize(count: number): DailyRollup {
  const processedAt = "2026-11-20T10:00:00.000Z";
  const records = each(count, (n) =>
    missing(refund(n, { processedAt, staff: `s${n}`, channel: `c${n}`, app: `a${n}` })),
  );
  return rollUp({ day: "2026-11-20", policy: POLICY, now: NOW, records });
}

function tillRefund(
  n: number,
  at: string,
  fate: (of: ReturnType<typeof refund>) => SyncRecord,
): SyncRecord {
  return fate(refund(n, { ...cashAtStore, processedAt: at }));
}

function life(): fc.Arbitrary<SyncRecord[]> {
  const fate = fc.constantFrom(
    matched,
    matched,
    matched,
    missing,
    unreferenced,
    (of: ReturnType<typeof refund>) => bookedOff(of, 1),
  );
  const spoiled = fc.record({
    channel: fc.constantFrom("web", "pos", null),
    staff: fc.constantFrom("s1", "s2", null),
    returnId: fc.constantFrom("R1", null),
    hasNote: fc.boolean(),
  });
  return fc.array(fc.tuple(fate, spoiled), { minLength: 20, maxLength: 120 }).map((fates) =>
    each(fates.length, (n, at) => {
      const [end, parts] = fates[n] ?? [matched, {}];
      return end(refund(n, { ...parts, processedAt: at }));
    }),
  );
}

function shuffled<One>(all: readonly One[], seed: number): One[] {
  return all
    .map((one, index) => ({ one, key: Math.sin(seed + index * 7919) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ one }) => one);
}

/** Refunds of which each fortieth is missing, with what the platform shows of their goods. */
function lost(restock: "unknown" | "return"): SyncRecord[] {
  return each(600, (n, at) => {
    const shown = refund(n, { processedAt: at });
    const lines = shown.lines.map((line) => ({ ...line, restock }));
    return (n % 40 === 7 ? missing : matched)({ ...shown, lines });
  });
}

function confidenceFor(restock: "unknown" | "return"): number | undefined {
  return lookAt(lost(restock)).diagnoses.get("refund:7")?.confidence;
}

import { describe, expect, it } from "vitest";
import { diagnose, diagnoseRecord } from "../../../lambdas/refund/diagnosis/diagnose.ts";
import type {
  ErpDocument,
  StorefrontRefund,
} from "../../../lambdas/refund/observation/observation.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import { lookAt, rollUps } from "./rolled-up.ts";
import {
  bookedOff,
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

const healthy = each(400, (n, at) => matched(refund(n, { processedAt: at })));

describe("a refund that is missing", () => {
  it.each([
    ["gateway", (n: number, at: string) => paidBy("klarna", n, at)],
    ["channel", (n: number, at: string) => refund(n, { processedAt: at, channel: "marketplace" })],
    ["buyer's currency", (n: number, at: string) => inYen(n, at)],
  ] as const)(
    "with all others of its %s is a type that the integration does not carry",
    (_, make) => {
      const lost = each(30, (n, at) => missing(make(1000 + n, at)));
      const { diagnoses } = lookAt([...healthy, ...lost]);
      expect(diagnoses.get("refund:1000")).toMatchObject({ cause: "integration", pattern: null });
      expect(diagnoses.get("refund:1000")?.evidence.join()).toContain("30 of 30");
    },
  );

  it("is a matter of people where some above the approval limit are, and none below it", () => {
    const made = { staff: "s1", settled: "250.00" };
    const { diagnoses } = lookAt([
      ...healthy,
      ...each(60, (n, at) => matched(refund(500 + n, { processedAt: at, staff: "s1" }))),
      ...each(60, (n, at) =>
        (n % 3 === 0 ? missing : matched)(
          refund(1000 + n, { processedAt: at, ...made, staff: `s${n % 7}` }),
        ),
      ),
    ]);
    expect(diagnoses.get("refund:1000")).toMatchObject({ cause: "process", pattern: null });
  });

  it("without any paper is a verbal approval also where nobody tells who made it", () => {
    const bare = { staffKnown: false, returnId: null, hasNote: false, noteHasReference: false };
    const { diagnoses } = lookAt([
      ...healthy,
      ...each(40, (n, at) =>
        (n % 2 === 0 ? missing : matched)(refund(1000 + n, { processedAt: at, ...bare })),
      ),
    ]);
    expect(diagnoses.get("refund:1000")).toMatchObject({
      cause: "process",
      pattern: "verbal_approval",
    });
  });

  it("with goods at a place that the storefront does not show cannot be told, where such refunds go missing more often than others", () => {
    expect(lookAtGoods(150).get("refund:1007")?.cause).toBe("integration");
    const often = lookAtGoods(10).get("refund:1007");
    expect(often?.cause).toBe("undetermined");
    expect(often?.evidence.join()).toContain("whose place the storefront does not show");
  });

  it("is a partial sync where machines' credits of its amount name no order, and both where a person's does", () => {
    const of = refund(1000, { settled: "77.13" });
    const rival = refund(1001, { settled: "77.13", processedAt: "2026-11-20T11:00:00.000Z" });
    const lost = [missing(of), missing(rival)];
    const byMachine = [orphan("71", of), orphan("72", of)];
    const byHand = byMachine.map((one) => by({ id: "u7", kind: "human" }, one));
    const told = (loose: readonly SyncRecord[]) =>
      lookAt([...healthy, ...lost, ...loose]).diagnoses;
    expect(told([]).get("refund:1000")?.pattern).not.toBe("partial_sync");
    expect(told(byMachine).get("refund:1000")).toMatchObject({
      cause: "integration",
      pattern: "partial_sync",
    });
    expect(told(byHand).get("refund:1000")?.cause).toBe("both");
    expect(told(byHand).get("document:71")?.cause).toBe("both");
  });

  it("is no partial sync where ten refunds have the amount of one credit", () => {
    const rivals = each(10, (n) =>
      refund(1000 + n, { settled: "77.13", processedAt: `2026-11-${10 + n}T08:00:00.000Z` }),
    );
    const [first] = rivals;
    if (first === undefined) throw new Error("no refund");
    const records = [...healthy, ...rivals.map(missing), orphan("71", first)];
    const said = lookAt(records).diagnoses.get("refund:1000");
    expect(said?.pattern).not.toBe("partial_sync");
  });

  it("from a warehouse that forgets most of its refunds is no outage, however many in a row", () => {
    // The depot takes parcels in the evening: what it forgets, it forgets within the same hours.
    const records = each(400, (n, at) =>
      n % 36 >= 12
        ? matched(refund(n, { processedAt: at }))
        : (n % 3 === 0 ? matched : missing)(atDepot(n, at)),
    );
    const { diagnoses } = lookAt(records);
    const said = [...diagnoses.values()].map(({ cause, pattern }) => `${cause} ${pattern}`);
    expect(said.length).toBeGreaterThan(80);
    expect(new Set(said)).toEqual(new Set(["process cross_team_handoff"]));
  });

  it("since the last day that was counted is no sign that the ERP has gone silent", () => {
    const from = Date.parse("2026-11-08T05:00:00.000Z");
    const batch = 4 * 3_600_000;
    const records = Array.from({ length: 14 * 144 }, (_, n) => {
      const at = from + n * 10 * 60_000;
      const processed = refund(n, { processedAt: new Date(at).toISOString() });
      const createdAt = new Date(Math.ceil((at + 1) / batch) * batch).toISOString();
      const last = at >= Date.parse("2026-11-22T04:00:00.000Z"); // after the last batch of the day
      return last || n % 7 === 0 ? missing(processed) : matched(processed, { createdAt });
    }).filter((record) => record.refund !== null && record.refund.processedAt < "2026-11-22T05");
    const { diagnoses } = diagnose({
      rollups: rollUps(records).filter(({ day }) => day < "2026-11-22"),
      exceptions: records.filter(({ status }) => status === "stale"),
      policy: POLICY,
      now: NOW,
    });
    expect(diagnoses.size).toBeGreaterThan(100);
    const evidence = [...diagnoses.values()].map((one) => one.evidence.join()).join();
    expect(evidence).not.toContain("nothing at all since");
  });
});

describe("a payout without its credit memo", () => {
  it("is somebody's deletion where it is rare, and a lost reference where the brand always pays so", () => {
    const payout = { kind: "customer_refund" } as const;
    const lone = unreferenced(refund(1000), payout);
    const usual = each(400, (n, at) => matched(refund(n, { processedAt: at }), payout));
    expect(lookAt([...healthy, lone]).diagnoses.get(lone.id)?.cause).toBe("process");
    expect(lookAt([...usual, lone]).diagnoses.get(lone.id)).toMatchObject({
      cause: "integration",
      pattern: "partial_sync",
    });
  });
});

it("a voided document is the other account's that ended it, not the machine's that made it", () => {
  expect(diagnoseRecord(ended("118"), POLICY).cause).toBe("process");
  expect(diagnoseRecord(ended("4"), POLICY).cause).toBe("integration");
});

it("cents of tax inside equal totals are rounding drift, and more than cents are not", () => {
  expect(diagnoseRecord(inside("3.29", "-0.01"), POLICY).pattern).toBe("rounding_drift");
  expect(diagnoseRecord(inside("1.30", "-2.00"), POLICY).pattern).toBeNull();
});

it("lets a price rounded piece by piece drift by half a cent a piece, and no further", () => {
  const plain = refund(1);
  const crate = { ...plain, lines: plain.lines.map((line) => ({ ...line, quantity: 31 })) };
  expect(diagnoseRecord(bookedOff(crate, 15), POLICY).pattern).toBe("rounding_drift");
  expect(diagnoseRecord(bookedOff(crate, 25), POLICY).pattern).toBeNull();
  expect(diagnoseRecord(bookedOff(plain, 15), POLICY).pattern).toBeNull();
});

function atDepot(n: number, at: string): StorefrontRefund {
  const plain = refund(n, { processedAt: at });
  return { ...plain, lines: plain.lines.map((line) => ({ ...line, location: "Depot" })) };
}

/** The integration's document, voided by this account. */
function ended(id: string): SyncRecord {
  return wrong(
    matched(refund(1), {
      state: "voided",
      createdBy: { id: "4", kind: "integration" },
      modifiedBy: { id, kind: "unknown" },
    }),
    "mismatched",
    [{ kind: "status", expected: "posted", actual: "voided", difference: "", currency: "USD" }],
  );
}

/** Equal totals with another tax inside. */
function inside(actual: string, difference: string): SyncRecord {
  return wrong(matched(refund(1)), "mismatched", [
    { kind: "tax", expected: "3.30", actual, difference, currency: "USD" },
  ]);
}

function paidBy(gateway: string, n: number, at: string): StorefrontRefund {
  const plain = refund(n, { processedAt: at });
  return { ...plain, transactions: plain.transactions.map((one) => ({ ...one, gateway })) };
}

function inYen(n: number, at: string): StorefrontRefund {
  const plain = refund(n, { processedAt: at });
  const { components } = plain;
  return {
    ...plain,
    presentment: { currency: "JPY", settled: "6500", pending: "0", components },
  };
}

/** A credit in the ERP that names no order, three hours after the refund, of the same amount. */
function orphan(documentId: string, of: StorefrontRefund): SyncRecord {
  const credit = document(of, {
    documentId,
    references: [],
    createdAt: "2026-11-20T13:00:00.000Z",
  });
  return {
    ...wrong(matched(of), "orphaned", [
      {
        kind: "missing_in_storefront",
        expected: "0.00",
        actual: credit.total,
        difference: credit.total,
        currency: "USD",
      },
    ]),
    id: `document:${documentId}`,
    order: null,
    refund: null,
    match: null,
    documents: [credit],
    openedAt: NOW,
  };
}

function by(createdBy: ErpDocument["createdBy"], record: SyncRecord): SyncRecord {
  return { ...record, documents: record.documents.map((one) => ({ ...one, createdBy })) };
}

/** One of `every` so many refunds of goods is missing, and one of fifty others. */
function lookAtGoods(every: number) {
  return lookAt([
    ...each(400, (n, at) => (n % 50 === 9 ? missing : matched)(refund(n, { processedAt: at }))),
    ...each(300, (n, at) => (n % every === 7 ? missing : matched)(withGoodsSomewhere(n, at))),
  ]).diagnoses;
}

/** A refund of goods as a storefront without places shows it. */
function withGoodsSomewhere(n: number, at: string): StorefrontRefund {
  const lines = refund(n).lines.map((line) => ({
    ...line,
    location: null,
    restock: "unknown" as const,
  }));
  return refund(1000 + n, { processedAt: at, staffKnown: false, hasNote: true, lines });
}

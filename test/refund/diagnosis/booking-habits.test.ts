import { describe, expect, it } from "vitest";

import { learnHabits } from "../../../lambdas/refund/diagnosis/knowledge/booking-habits.ts";
import type { BookingHabit } from "../../../lambdas/refund/observation/booking-habit.ts";
import type { ErpDocument } from "../../../lambdas/refund/observation/observation.ts";
import { tieOut } from "../../../lambdas/refund/tie-out/tie-out.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import { instantOf, msOf } from "../../../lambdas/refund/time/instant.ts";
import { document, NOW, POLICY, refund } from "./refund-in-step.ts";
import { lookAt, rollUps } from "./rolled-up.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("A credit that is booked", () => {
  it("and not paid out long after all others of its path is an exception, with the day", () => {
    const habits = learn([...paidOut(60), ...unpaid(1, 10 * DAY)]);
    const [record] = tied(unpaidSides(10 * DAY), habits);
    expect(record).toMatchObject({
      status: "mismatched",
      mismatches: [{ kind: "amount", leg: "paid", expected: "43.30", actual: "0.00" }],
      exposure: "43.30",
    });
    const opened = instantOf(msOf(NOW) - 10 * DAY + 2 * HOUR + (habits[0]?.paidWithinMs ?? 0));
    expect(record?.openedAt).toBe(opened);
  });

  it("is due for its payout, and evaluated again then", () => {
    const habits = learn(paidOut(60));
    const [record] = tied(unpaidSides(5 * HOUR), habits);
    const within = habits[0]?.paidWithinMs ?? 0;
    expect(record).toMatchObject({
      status: "matched",
      dueAt: instantOf(msOf(NOW) - 3 * HOUR + within),
    });
  });

  it("is resolved by a payout that comes later", () => {
    const habits = learn(paidOut(60));
    const { refunds, documents } = unpaidSides(10 * DAY);
    const paid = documents.map((one) => withPayout(one, 9 * DAY));
    const [record] = tied({ refunds, documents: paid }, habits);
    expect(record?.status).toBe("resolved");
    expect(record?.history.map(({ status }) => status)).toEqual([
      "pending",
      "matched",
      "mismatched",
      "resolved",
    ]);
  });

  it("raises nothing with a brand that never pays out in the ERP", () => {
    const habits = learn(unpaid(200, 20 * DAY));
    expect(tied(unpaidSides(15 * DAY), habits)[0]?.status).toBe("matched");
  });

  it("raises nothing where a third of the credits is never paid out", () => {
    const habits = learn([...paidOut(80), ...unpaid(40, 20 * DAY)]);
    expect(tied(unpaidSides(15 * DAY), habits)[0]?.status).toBe("matched");
  });

  it("as store credit needs no payout", () => {
    const habits = learn(paidOut(60));
    const { refunds, documents } = unpaidSides(10 * DAY);
    const credit = refunds.map((one) => ({
      ...one,
      transactions: one.transactions.map((payment) => ({ ...payment, method: "store_credit" })),
    }));
    expect(tied({ refunds: credit, documents }, habits)[0]?.status).toBe("matched");
  });
});

describe("The payouts of a path that stop", () => {
  const records = [
    ...paidOut(200, 12 * DAY),
    ...unpaid(90, 12 * DAY - HOUR).filter((one) => (one.refund?.processedAt ?? "") > since(11.9)),
  ];

  it("are one finding with the days between which they stopped", () => {
    const [habit] = learn(records);
    expect(habit?.paidWithinMs).not.toBeNull();
    expect(habit?.unpaid).toMatchObject({ from: "2026-11-10", to: "2026-11-10" });
  });

  it("stay a habit that is broken when no day with payouts is left in the roll-ups", () => {
    const before = learn(records);
    const later = rollUps(unpaid(90, 12 * DAY));
    const [habit] = learnHabits(later, before, { now: NOW, today: NOW.slice(0, 10) });
    expect(habit?.paidWithinMs).toBe(before[0]?.paidWithinMs);
    expect(habit?.until).toBeNull();
  });

  it("end when payouts begin again, and the credits between stay exceptions", () => {
    const before = learn(records);
    const again = paidOut(60, 2 * HOUR);
    const gap = unpaid(60, 20 * DAY);
    const [habit] = learnHabits(rollUps([...gap, ...again]), before, {
      now: NOW,
      today: NOW.slice(0, 10),
    });
    expect(habit?.unpaid).toBeNull();
    expect(tied(unpaidSides(9 * DAY), habit === undefined ? [] : [habit])[0]?.status).toBe(
      "mismatched",
    );
  });

  it("are the brand's new way after 30 days, and the earlier credits stay exceptions", () => {
    const before = learn(records);
    const habits = learnHabits(rollUps(unpaid(90, 12 * DAY)), before, {
      now: NOW,
      today: "2026-12-11",
    });
    expect(habits[0]?.until).toBe("2026-12-10");
    expect(tied(unpaidSides(9 * DAY), habits)[0]?.status).toBe("mismatched");
  });

  it("are told in the diagnosis with the day", () => {
    const habits = learn(records);
    const open = records.map(({ refund: one, documents }) =>
      one === null ? [] : tied({ refunds: [one], documents }, habits),
    );
    const { diagnoses, cohorts } = lookAt(open.flat(), [], { ...POLICY, habits });
    const said = diagnoses.get("refund:2010");
    expect(said).toMatchObject({ cause: "integration" });
    expect(said?.evidence.join(" ")).toContain("are not paid out any more, since 10 November");
    const told = cohorts.find(({ failure }) => failure === "unpaid");
    expect(told?.onset).toEqual({ from: "2026-11-10", to: "2026-11-10" });
  });
});

describe("A kind of document that changes for a path", () => {
  const before = Array.from({ length: 150 }, (_, n) =>
    booked(n, 12 * DAY + n * 2 * HOUR, "cash_refund"),
  );
  const after = Array.from({ length: 60 }, (_, n) =>
    booked(500 + n, 5 * HOUR + n * 4 * HOUR, "credit_memo"),
  );

  it("is a wrong type of booking of every refund since then", () => {
    const habits = learn([...before, ...after]);
    expect(habits[0]).toMatchObject({ kind: "cash_refund", change: { kind: "credit_memo" } });
    const [record] = tied(sidesOf(after[40]), habits);
    expect(record?.mismatches).toMatchObject([
      { kind: "transaction_type", expected: "cash refund", actual: "credit memo, not paid out" },
      { kind: "amount", leg: "paid", actual: "0.00" },
    ]);
  });

  it("is none while single refunds are booked otherwise", () => {
    const usual = before.map((_, n) => booked(n, 2 * HOUR + n * 2 * HOUR, "cash_refund"));
    const habits = learn([...usual, ...after.slice(0, 3)]);
    expect(habits[0]?.change).toBeNull();
  });
});

function learn(records: readonly SyncRecord[]): readonly BookingHabit[] {
  return learnHabits(rollUps(records), [], { now: NOW, today: NOW.slice(0, 10) });
}

function tied(
  sides: Pick<Parameters<typeof tieOut>[0], "refunds" | "documents">,
  habits: readonly BookingHabit[],
): SyncRecord[] {
  return tieOut({ order: "1", ...sides }, { ...POLICY, habits }, NOW);
}

function paidOut(count: number, youngest = 2 * DAY): SyncRecord[] {
  return Array.from({ length: count }, (_, n) => {
    const record = booked(n, youngest + n * 90 * 60_000, "credit_memo");
    return { ...record, documents: record.documents.map((one) => withPayout(one, 6 * HOUR)) };
  });
}

function unpaid(count: number, age: number): SyncRecord[] {
  return Array.from({ length: count }, (_, n) =>
    booked(2_000 + n, age - n * 2 * HOUR, "credit_memo"),
  );
}

function booked(n: number, age: number, kind: ErpDocument["kind"]): SyncRecord {
  const of = refund(n, { processedAt: instantOf(msOf(NOW) - age) });
  return {
    ...recordOf(of),
    documents: [
      document(of, {
        kind,
        state: kind === "credit_memo" ? "open" : "applied",
        references: [
          { field: "external_id", text: of.refundId },
          { field: "order", text: of.orderNumber },
        ],
      }),
    ],
  };
}

function recordOf(of: ReturnType<typeof refund>): SyncRecord {
  const [record] = tieOut({ order: "1", refunds: [of], documents: [document(of)] }, POLICY, NOW);
  if (record === undefined) throw new Error("no record");
  return record;
}

function unpaidSides(age: number) {
  return sidesOf(booked(9_000, age, "credit_memo"));
}

function sidesOf(record: SyncRecord | undefined) {
  if (record === undefined || record.refund === null) throw new Error("no refund");
  return { refunds: [record.refund], documents: record.documents };
}

function withPayout(one: ErpDocument, laterMs: number): ErpDocument {
  const at = instantOf(msOf(one.createdAt) + laterMs);
  const settlement = { documentId: `p${one.documentId}`, amount: one.total, at };
  return { ...one, settlement, state: "applied", modifiedAt: at };
}

function since(days: number): string {
  return instantOf(msOf(NOW) - days * DAY);
}

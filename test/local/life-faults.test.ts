import { describe, expect, it } from "vitest";
import { generateLife } from "../../local/life/generate.ts";
import type { Life, LifeDocument, LifeRefund } from "../../local/life/life.ts";
import { FAULT_NAMES, type FaultName, ROUNDING_RULES } from "../../local/life/options.ts";

const FROM = "2026-10-24T00:00:00Z";

function live(seed: number, more: object): Life {
  return generateLife({ seed, from: FROM, days: 21, ordersPerDay: 200, ...more });
}

/** A life in which only this fault strikes, often. */
function struckBy(fault: FaultName): Life {
  return generateLife({
    seed: 9,
    from: FROM,
    days: 25,
    ordersPerDay: 300,
    multiCurrency: true,
    faults: { [fault]: 0.4 },
  });
}

const caused = ({ truths }: Life) => truths.filter(({ cause }) => cause !== null);

describe("faults in the life of a brand", () => {
  it("are none where none were asked for", () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const life = live(seed, { faults: "none", ordersPerDay: 60 });
      expect(caused(life)).toEqual([]);
      const reported = life.truths.filter(({ mismatches }) => mismatches.length > 0);
      expect(reported.filter(({ benign }) => benign !== "wholesale")).toEqual([]);
    }
  });

  it.each(FAULT_NAMES)("%s strikes alone, and can be read off no single segment", (fault) => {
    const life = struckBy(fault);
    const hits = caused(life);
    expect(hits.length).toBeGreaterThan(0);
    expect(new Set(hits.map((truth) => truth.fault))).toEqual(new Set([fault]));
    const kinds = new Set(hits.flatMap(({ mismatches }) => mismatches));
    for (const kind of kinds) expect(KINDS[fault]).toContain(kind);
    // A credit that only the ERP has is no verbal approval, though it was given by word.
    const ofRefunds = hits.filter(({ refundId }) => refundId !== null);
    expect(new Set(ofRefunds.map(({ pattern }) => pattern))).toEqual(
      new Set([PATTERNS[fault] ?? null]),
    );

    const wrong = new Set(hits.flatMap(({ refundId }) => refundId ?? []));
    const segments = counted(life, wrong);
    expect(segments.filter((each) => each.all === wrong.size && each.wrong === wrong.size)).toEqual(
      [],
    );
    expect(segments.filter((each) => each.all >= 80 && each.wrong === each.all)).toEqual([]);
  });

  it("hit about the wanted share, faint as well as strong", () => {
    for (const share of [0.01, 0.1, 0.6]) {
      const life = live(31, { faults: { partial_sync: share }, ordersPerDay: 500 });
      const booked = life.truths.filter(({ documentIds }) => documentIds.length > 0).length;
      const rate = caused(life).length / booked;
      expect(rate).toBeGreaterThan(share * 0.4);
      expect(rate).toBeLessThan(share * 1.6);
    }
  });

  it("end on the day of the fix", () => {
    const at = "2026-11-03T00:00:00Z";
    const life = live(5, {
      faults: { register_bypass: 0.5 },
      fixAt: { at, fault: "register_bypass" },
    });
    const when = new Map(life.refunds.map((each) => [each.refundId, each.processedAt]));
    const hits = caused(life).map(({ refundId }) => when.get(refundId ?? "") ?? "");
    expect(hits.length).toBeGreaterThan(5);
    expect(hits.every((each) => each < at)).toBe(true);
  });

  it("make many late while the integration is down, and all of them right in the end", () => {
    const integrationDown = { from: "2026-11-03T08:00:00Z", to: "2026-11-03T20:00:00Z" };
    const hits = caused(live(5, { faults: "none", integrationDown }));
    expect(hits.length).toBeGreaterThan(3);
    for (const { mismatches, healedAt, pattern } of hits) {
      expect({ mismatches, pattern }).toEqual({ mismatches: ["late"], pattern: "async_gap" });
      expect(healedAt).not.toBeNull();
    }
  });

  it("name the rounding rule, and move each refund by cents only", () => {
    for (const roundingRule of ROUNDING_RULES.filter((rule) => rule !== "discount-by-quantity")) {
      const life = live(8, { faults: { rounding_drift: 1 }, roundingRule, days: 10 });
      expect(life.planted.roundingRule).toBe(roundingRule);
      const refunds = new Map(life.refunds.map((each) => [each.refundId, each]));
      const documents = new Map(life.documents.map((each) => [each.documentId, each]));
      for (const { refundId, documentIds } of caused(life)) {
        const paid = (refunds.get(refundId ?? "")?.transactions ?? []).reduce(
          (sum, { amount }) => sum + Number(amount),
          0,
        );
        const booked = bookedTotal(documents.get(documentIds[0] ?? ""));
        expect(Math.abs(booked - paid)).toBeLessThan(0.2);
      }
    }
  });

  it("do not change who bought and who sent back", () => {
    expect(seen(live(4, { faults: "none" })) === seen(live(4, { faults: "typical" }))).toBe(true);
  });

  it("can be told from an ERP that books first", () => {
    const life = live(6, { faults: "none", erpFirst: true });
    const share = life.truths.filter(({ benign }) => benign === "negative_gap").length;
    expect(share / life.truths.length).toBeGreaterThan(0.7);
  });

  it("hide behind what a platform does not tell", () => {
    const hideFeatures = ["staff", "app", "note", "location", "return", "erpLines"];
    const life = live(6, { hideFeatures });
    expect(life.settings.hidden).toEqual(hideFeatures);
    for (const { staff, app, note, returnName } of life.refunds) {
      expect([staff, app, note, returnName]).toEqual([null, null, null, null]);
    }
    expect(
      life.documents.every(({ versions }) => versions.every((each) => each.lines.length === 0)),
    ).toBe(true);
  });
});

function seen({ refunds, orders }: Life): string {
  return JSON.stringify([refunds, orders]);
}

function bookedTotal(document: LifeDocument | undefined): number {
  return Number(document?.versions[0]?.total);
}

const MISSING = ["missing_in_erp", "late", "order_reference_missing"];
const KINDS: Record<FaultName, readonly string[]> = {
  register_bypass: MISSING,
  verbal_approval: [...MISSING, "missing_in_storefront"],
  cross_team_handoff: MISSING,
  store_credit_loop: MISSING,
  dropped_calls: MISSING,
  partial_sync: ["order_reference_missing"],
  field_mapping: ["currency", "transaction_type", "order_reference_missing"],
  promo_mismatch: ["amount", "discount", "tax"],
  rounding_drift: ["amount", "tax"],
  currency_conversion: ["amount"],
  tax_dropped: ["amount", "tax"],
  shipping_dropped: ["amount", "shipping"],
  hidden_balance: ["amount"],
  wrong_period: ["period"],
  duplicate: ["duplicate_in_erp"],
  voided: ["status", "missing_in_erp"],
  edited_after_posting: ["amount"],
  async_confirmation: ["status"],
  async_gap: ["late", "missing_in_erp"],
};

const PATTERNS: Partial<Record<FaultName, string>> = {
  register_bypass: "register_bypass",
  verbal_approval: "verbal_approval",
  cross_team_handoff: "cross_team_handoff",
  store_credit_loop: "store_credit_loop",
  partial_sync: "partial_sync",
  promo_mismatch: "promo_mismatch",
  rounding_drift: "rounding_drift",
  currency_conversion: "rounding_drift",
  async_confirmation: "async_gap",
  async_gap: "async_gap",
};

function counted(life: Life, wrong: ReadonlySet<string>) {
  const counts = new Map<string, { segment: string; wrong: number; all: number }>();
  for (const refund of life.refunds) {
    for (const segment of segmentsOf(refund, life)) {
      const count = counts.get(segment) ?? { segment, wrong: 0, all: 0 };
      count.all += 1;
      count.wrong += wrong.has(refund.refundId) ? 1 : 0;
      counts.set(segment, count);
    }
  }
  return [...counts.values()];
}

/** What a watcher can tell one refund from another by, one value at a time. */
function segmentsOf(refund: LifeRefund, life: Life): string[] {
  const order = ordersOf(life).get(refund.orderId);
  const kinds = (order?.lines ?? []).flatMap(({ discounts }) => discounts.map(({ kind }) => kind));
  return [
    `channel ${order?.sourceName}`,
    `store ${order?.retailLocation?.id}`,
    `staff ${refund.staff?.id}`,
    `app ${refund.app?.id}`,
    `gateway ${refund.transactions[0]?.gateway}`,
    `location ${refund.lines[0]?.location?.id}`,
    `restock ${refund.lines[0]?.restockType}`,
    `return ${refund.returnName !== null}`,
    `note ${refund.note !== null}`,
    `discount ${kinds[0]}`,
    `currency ${order?.presentmentCurrency}`,
    `amount only ${refund.lines.length === 0}`,
    `shipping ${refund.shipping !== null}`,
    `day ${refund.processedAt.slice(0, 10)}`,
  ];
}

const indexed = new WeakMap<Life, Map<string, Life["orders"][number]>>();
function ordersOf(life: Life): Map<string, Life["orders"][number]> {
  const known = indexed.get(life) ?? new Map(life.orders.map((order) => [order.orderId, order]));
  indexed.set(life, known);
  return known;
}

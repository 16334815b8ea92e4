import { describe, expect, it } from "vitest";
import { generateLife } from "../../local/life/generate.ts";
import type { Life, LifeDocument, LifeRefund, Truth } from "../../local/life/life.ts";
import { FAULT_NAMES } from "../../local/life/options.ts";

const EVERY_FAULT = Object.fromEntries(FAULT_NAMES.map((fault) => [fault, 0.15]));
const LIVES = [101, 102, 103, 104, 105, 106].map((seed) =>
  generateLife({
    seed,
    from: "2026-10-24T00:00:00Z",
    days: 14,
    ordersPerDay: 120,
    multiCurrency: seed % 2 === 0,
    faults: seed % 3 === 0 ? "typical" : EVERY_FAULT,
  }),
);

describe("the truth about a refund", () => {
  it("calls nothing healthy whose documents differ from the money that moved", () => {
    const compared = casesOf(LIVES).filter(
      ({ truth, standing, life }) =>
        truth.mismatches.length === 0 &&
        truth.benign !== "one_document_for_two" &&
        truth.benign !== "cash_rounding" &&
        standing.length > 0 &&
        standing.every((document) => last(document)?.currency === life.shop.currency),
    );
    expect(compared.length).toBeGreaterThan(200);
    for (const { refund, standing, truth } of compared) {
      expect({ truth, booked: sum(standing.map(totalOf)) }).toEqual({
        truth,
        booked: sum(moved(refund)),
      });
    }
  });

  it("calls nothing healthy that moved money and is nowhere in the ERP, but for what it names", () => {
    const absent = casesOf(LIVES).filter(
      ({ truth, standing, refund }) =>
        truth.mismatches.length === 0 && standing.length === 0 && sum(moved(refund)) > 0,
    );
    for (const { truth } of absent) {
      expect(["test", "outside_scope", "in_flight", "payment_pending"]).toContain(truth.benign);
    }
  });

  it("calls an amount wrong only where it is, and missing only what is not there", () => {
    const wrong = casesOf(LIVES).filter(({ truth }) => truth.mismatches.length > 0);
    expect(wrong.length).toBeGreaterThan(50);
    const there = wrong.filter(({ truth }) => truth.mismatches.includes("missing_in_erp"));
    for (const { standing } of there) expect(standing).toEqual([]);
    const amounts = wrong.filter(
      ({ truth, standing }) =>
        truth.mismatches.includes("amount") &&
        truth.fault !== "hidden_balance" &&
        standing.length === 1,
    );
    for (const { refund, standing } of amounts) {
      expect(sum(standing.map(totalOf))).not.toBe(sum(moved(refund)));
    }
  });

  it("names a reference in every healthy document, and none where the order is missing", () => {
    for (const { truth, standing } of casesOf(LIVES)) {
      const lost = truth.mismatches.includes("order_reference_missing");
      for (const document of lost || truth.mismatches.length === 0 ? standing : []) {
        const version = document.versions[0];
        const named = document.createdFrom ?? version?.externalId ?? version?.otherRefNum ?? null;
        expect(named === null).toBe(lost);
      }
    }
  });

  it("has a cause or a benign name, never both, and heals or is still there to see", () => {
    for (const { truth } of casesOf(LIVES)) {
      expect(truth.cause !== null && truth.benign !== null).toBe(false);
      const silent = truth.mismatches.length === 0 && truth.healedAt === null;
      expect(truth.cause !== null && silent).toBe(false);
    }
  });

  it("knows all the benign cases of the trade", () => {
    const seen = new Set(casesOf(LIVES).map(({ truth }) => truth.benign));
    for (const benign of BENIGN) expect([...seen]).toContain(benign);
  });
});

const BENIGN = [
  "payment_pending",
  "restock_only",
  "test",
  "exchange_netted",
  "quantity_only_before_import",
  "presentment_beside_shop",
  "outside_scope",
  "negative_gap",
  "entered_by_hand",
  "remark_added",
];

type Case = { life: Life; refund: LifeRefund; truth: Truth; standing: LifeDocument[] };

function casesOf(lives: readonly Life[]): Case[] {
  return lives.flatMap((life) => {
    const refunds = new Map(life.refunds.map((refund) => [refund.refundId, refund]));
    const documents = new Map(life.documents.map((each) => [each.documentId, each]));
    return life.truths.flatMap((truth) => {
      const refund = refunds.get(truth.refundId ?? "");
      const standing = truth.documentIds
        .flatMap((id) => documents.get(id) ?? [])
        .filter((each) => each.type !== "CustRfnd" && each.deletedAt === null)
        .filter((each) => last(each)?.voided === false);
      return refund === undefined ? [] : [{ life, refund, truth, standing }];
    });
  });
}

function last(document: LifeDocument) {
  return document.versions.at(-1);
}

function totalOf(document: LifeDocument): number {
  return Number(last(document)?.total) * 100;
}

function moved(refund: LifeRefund): number[] {
  return refund.transactions
    .filter(({ statuses }) => statuses.at(-1)?.status === "SUCCESS")
    .map(({ amount }) => Number(amount) * 100);
}

/** Whole minor units. */
function sum(amounts: readonly number[]): number {
  return Math.round(amounts.reduce((one, other) => one + other, 0));
}

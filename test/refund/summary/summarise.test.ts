import { readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { format } from "oxfmt";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { Money } from "../../../lambdas/refund/money/money.ts";
import { summarise, type DayInput } from "../../../lambdas/refund/summary/summarise.ts";
import { summarySchema } from "../../../lambdas/refund/summary/summary.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import {
  documentInStep,
  mismatchedRecord,
  recordInStep,
  refundInStep,
  staleRecord,
} from "../record-in-step.ts";

const day = (records: readonly SyncRecord[], change: Partial<DayInput> = {}): DayInput => ({
  brand: { brand: "acme", currency: "USD", timeZone: "America/New_York" },
  date: "2026-11-22",
  window: { from: "2026-11-22T05:00:00.000Z", to: "2026-11-23T05:00:00.000Z" },
  generatedAt: "2026-11-23T12:00:00.000Z",
  records,
  quarantined: 0,
  openOverAWeek: 0,
  completeness: [],
  diagnoses: new Map(),
  cohorts: [],
  repairs: [],
  asyncGap: { p50: null, p90: null, p99: null, batchCadence: null },
  countedWith: new Map(),
  endedHabits: [],
  checkpoint: null,
  learned: null,
  ...change,
});

const yen = (id: string, amount: string): SyncRecord =>
  staleRecord(id, {
    currency: "JPY",
    exposure: amount,
    refund: refundInStep(id, { currency: "JPY", settled: amount }),
  });

describe("the summary of a day", () => {
  it("counts the day's refunds, not the old exceptions that are still open", () => {
    const old = staleRecord("2", {
      refund: refundInStep("2", { processedAt: "2026-11-10T10:00:00.000Z" }),
      openedAt: "2026-11-10T16:00:00.000Z",
    });
    expect(summarise(day([recordInStep("1"), old])).totals).toMatchObject({
      refunds: 1,
      refundedAmount: "50.00",
      matched: 1,
      exceptions: 1,
      opened: 0,
      exposure: "50.00",
    });
  });

  it("never adds two currencies, and shows each", () => {
    const summary = summarise(day([staleRecord("1"), yen("2", "9000")]));
    expect(summary.totals.exposure).toBe("50.00");
    expect(summary.byCurrency).toEqual({
      USD: { refundedAmount: "50.00", exposure: "50.00" },
      JPY: { refundedAmount: "9000", exposure: "9000" },
    });
    expect(summary.aging.map(({ count }) => count)).toEqual([0, 2, 0, 0, 0]);
  });

  it("lists an orphan by the ERP's own figures", () => {
    const orphan = recordInStep("1", {
      id: "document:71",
      refund: null,
      documents: [documentInStep("1", { total: "31.40" })],
      status: "orphaned",
      exposure: "31.40",
    });
    expect(summarise(day([orphan])).exceptions[0]).toMatchObject({
      refundId: null,
      erpDocumentIds: ["71"],
      amount: "31.40",
      processedAt: "2026-11-22T10:10:00.000Z",
      diagnosis: { cause: "undetermined", pattern: null, confidence: 0 },
    });
  });

  it.each([
    ["a refund that came within 15 min", 0, recordInStep("1", { gapMs: 900_000 })],
    ["a refund that came a moment later", 1, recordInStep("1", { gapMs: 900_001 })],
    ["a refund that the ERP had first", 0, recordInStep("1", { gapMs: -9_000_000 })],
    ["a refund that is still missing", 1, staleRecord("1")],
    ["a payment on its way", 0, staleRecord("1", { benign: ["payment_pending"] })],
  ])("counts %s as in two states: %d", (_, share, record) => {
    expect(summarise(day([record])).totals.twoStateShare).toBe(share);
  });

  it.each([
    ["2026-11-23T01:01:00.000Z", "0-4h"],
    ["2026-11-23T01:00:00.000Z", "4h-24h"],
    ["2026-11-22T05:00:00.000Z", "1d-3d"],
    ["2026-11-20T05:00:00.000Z", "3d-7d"],
    ["2026-11-16T05:00:00.000Z", "over 7d"],
  ])("puts an exception of %s into %s", (processedAt, bucket) => {
    const record = staleRecord("1", { refund: refundInStep("1", { processedAt }) });
    const held = summarise(day([record])).aging.filter(({ count }) => count > 0);
    expect(held.map((row) => row.bucket)).toEqual([bucket]);
  });

  it("is the same however the records arrive, adds up exactly, and keeps its contract", async () => {
    const schema = z
      .looseObject({})
      .parse(JSON.parse(await readFile("docs/summary.schema.json", "utf8")));
    const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    const cents = fc.integer({ min: 1, max: 10_000_000 }).map((units) => (units / 100).toFixed(2));
    const records = fc
      .array(fc.tuple(cents, fc.boolean()), { maxLength: 20 })
      .map((rows) =>
        rows.map(([amount, stale], index) =>
          stale
            ? staleRecord(String(index), { exposure: amount })
            : mismatchedRecord(String(index), amount),
        ),
      );
    fc.assert(
      fc.property(records, (list) => {
        const summary = summarise(day(list));
        expect(summarise(day(list.toReversed()))).toEqual(summary);
        expect(summarySchema.parse(summary)).toEqual(summary);
        expect(valid(summary), JSON.stringify(valid.errors)).toBe(true);
        const sum = Money.sum(
          summary.exceptions.map(({ exposure }) => Money.of(exposure, "USD")),
          "USD",
        );
        expect(summary.totals.exposure).toBe(sum.toString());
        const aged = summary.aging.map(({ exposure }) => Money.of(exposure, "USD"));
        expect(Money.sum(aged, "USD").toString()).toBe(sum.toString());
      }),
      { numRuns: 50 },
    );
  });
});

it("ships its JSON Schema up to date (npx vitest run test/refund/summary/summarise.test.ts -u)", async () => {
  const schema = { title: "refund-watch daily summary", ...z.toJSONSchema(summarySchema) };
  const { code } = await format("summary.schema.json", JSON.stringify(schema), { printWidth: 100 });
  await expect(code).toMatchFileSnapshot("../../../docs/summary.schema.json");
});

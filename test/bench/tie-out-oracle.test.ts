import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { BENCH_NOW, BENCH_POLICY, worldOf, writeWorld } from "../../bench/tie-out-data.ts";
import { joinAndClassify, loadedTables, plainRows } from "../../bench/tie-out-duckdb.ts";
import { tieOutPages } from "../../bench/tie-out-pages.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";
import { tieOutAll } from "../../lambdas/refund/tie-out/tie-out-all.ts";

const REFUNDS = 4_000;

describe("the tie-out beside a database", () => {
  let dir = "";
  const world = worldOf(REFUNDS);
  const records = tieOutAll(world, BENCH_POLICY, BENCH_NOW);
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "tie-out-oracle-"));
    await writeWorld(dir, REFUNDS);
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it("agrees with DuckDB's join, row by row, on every class that a join can see", async () => {
    const connection = await loadedTables(dir);
    await joinAndClassify(connection);
    const rows = await plainRows(connection);
    const byRefund = new Map(records.map((record) => [record.refund?.refundId ?? "", record]));
    expect(rows.length).toBeGreaterThan(REFUNDS * 0.9);
    expect(new Set(rows.map((row) => row.class))).toEqual(
      new Set(["matched", "missing_in_erp", "amount", "late"]),
    );
    const told = rows.map(({ refundId }) => rowOf(byRefund.get(refundId ?? "")));
    const loose = new Set(
      records
        .filter(({ match }) => match?.rule === "circumstantial")
        .map((r) => r.refund?.refundId),
    );
    const seen = rows.map(({ documentId, class: name, difference, refundId }) =>
      loose.has(refundId ?? "") ? "by circumstance" : [documentId, name, difference].join(" "),
    );
    expect(told).toEqual(seen);
  });

  it("says from pages what it says of observations in memory", () => {
    expect(tieOutPages(dir)).toEqual(records);
  });

  it("is measured on the same bytes each time", async () => {
    const again = mkdtempSync(join(tmpdir(), "tie-out-again-"));
    await writeWorld(again, REFUNDS);
    const [one, other] = [dir, again].map((at) =>
      readFileSync(join(at, "documents-0.ndjson"), "utf8"),
    );
    rmSync(again, { recursive: true, force: true });
    expect(one).toBe(other);
  });
});

/** What a join would say of the record. */
function rowOf(record: SyncRecord | undefined): string {
  if (record === undefined) return "no record";
  if (record.match?.rule === "circumstantial") return "by circumstance";
  const [document] = record.documents;
  if (document === undefined) return " missing_in_erp ";
  const amount = record.mismatches.find(({ kind }) => kind === "amount");
  const late = record.mismatches.some(({ kind }) => kind === "late");
  const name = amount === undefined ? (late ? "late" : "matched") : "amount";
  return [document.documentId, name, amount?.difference ?? "0.00"].join(" ");
}

import { TZDate } from "@date-fns/tz";
import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";
import * as z from "zod";

import { Truth } from "./truth.ts";
import { decimalText } from "./world.ts";
import type { World } from "./world.ts";

/** The result of the SQL for a refund; amounts are decimals of the world's currency. */
export type Expected = {
  readonly refundId: string;
  readonly status: string;
  readonly documentId: string | null;
  readonly difference: string;
  readonly exposure: string;
};

/**
 * The verdicts by rules 1, 2 and 4, computed in SQL from the histories of the sources, without any
 * code of the product. It leaves out orders for which a database would have to search (parts,
 * several refunds, or documents without a clear owner): the tests of the matching rules cover
 * those.
 */
export async function expectedVerdicts(
  world: World,
  { at, staleAfterHours }: { readonly at: number; readonly staleAfterHours: number },
): Promise<readonly Expected[]> {
  const connection = await database();
  const truth = new Truth(world);
  const refunds = [...truth.refundsAt(at).values()].map((seen) => [
    seen.refund.refundId,
    seen.orderName,
    Number(truth.settledOf(seen)),
    monthIn(world.zone, Date.parse(seen.refund.processedAt)),
    Math.max(
      ...seen.payments
        .filter(({ status }) => status === "SUCCESS")
        .map(({ processedAt }) => Date.parse(processedAt)),
      0,
    ),
  ]);
  const documents = [...truth.documentsAt(at).values()].map(({ document, version }) => [
    document.documentId,
    version.externalId,
    version.otherRefNum,
    Math.round(Number(version.total) * 10 ** world.digits),
    Date.parse(document.versions[0]?.at ?? version.at),
    version.voided,
    !version.posting,
    version.tranDate.slice(0, 7),
  ]);
  await fill(connection, "refunds", refunds);
  await fill(connection, "documents", documents);
  const result = await connection.runAndReadAll(
    VERDICTS.replaceAll("$now", String(at)).replaceAll(
      "$stale",
      String(staleAfterHours * 3_600_000),
    ),
  );
  return result.getRowObjectsJson().map((row) => {
    const { difference, exposure, ...rest } = rowSchema.parse(row);
    return {
      ...rest,
      difference: decimalText(difference, world.digits),
      exposure: decimalText(exposure, world.digits),
    };
  });
}

const rowSchema = z.object({
  refundId: z.string(),
  status: z.string(),
  documentId: z.string().nullable(),
  difference: z.coerce.number(),
  exposure: z.coerce.number(),
});

/** "2026-11" */
function monthIn(zone: string, ms: number): string {
  const day = new TZDate(ms, zone);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}`;
}

let opened: Promise<DuckDBConnection> | null = null;

async function database(): Promise<DuckDBConnection> {
  opened ??= (async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(
      "CREATE TABLE refunds (refundId VARCHAR, ord VARCHAR, settled BIGINT, month VARCHAR, settledAt BIGINT)",
    );
    await connection.run(
      "CREATE TABLE documents (documentId VARCHAR, ref VARCHAR, ord VARCHAR, total BIGINT, createdAt BIGINT, voided BOOLEAN, unposted BOOLEAN, month VARCHAR)",
    );
    return connection;
  })();
  return opened;
}

async function fill(
  connection: DuckDBConnection,
  table: string,
  rows: readonly (readonly (string | number | boolean | null)[])[],
): Promise<void> {
  await connection.run(`DELETE FROM ${table}`);
  if (rows.length === 0) return;
  const values = rows.map((row) => `(${row.map(literal).join(", ")})`);
  await connection.run(`INSERT INTO ${table} VALUES ${values.join(", ")}`);
}

function literal(value: string | number | boolean | null): string {
  if (value === null) return "NULL";
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
}

/**
 * A plain refund is the only refund of its order, and it has at most one document with its id or
 * its order, apart from void ones. `$now` is the horizon: later events do not count.
 */
const VERDICTS = `
  WITH named AS (
    SELECT d.*, regexp_extract(d.ref, '(\\d{7})$', 1) AS refundId
    FROM documents d
  ), alone AS (
    SELECT ord FROM refunds GROUP BY ord HAVING count(*) = 1
  ), pairs AS (
    SELECT r.refundId AS refund, d.*
    FROM refunds r JOIN named d
      ON d.refundId = r.refundId OR (coalesce(d.refundId, '') = '' AND d.ord = r.ord)
  ), owned AS (
    SELECT refund, count(*) AS documents, count(*) FILTER (NOT voided) AS live
    FROM pairs GROUP BY refund
  ), loose AS (
    SELECT total FROM named WHERE coalesce(refundId, '') = '' AND ord IS NULL
  )
  SELECT r.refundId AS refundId, d.documentId AS documentId,
    CASE
      WHEN r.settled = 0 AND d.documentId IS NULL THEN '-'
      WHEN d.documentId IS NULL AND $now - r.settledAt < $stale THEN 'pending'
      WHEN d.documentId IS NULL THEN 'stale'
      WHEN d.total <> r.settled OR d.month <> r.month OR d.unposted THEN 'mismatched'
      WHEN d.createdAt - r.settledAt > $stale THEN 'resolved'
      ELSE 'matched' END AS status,
    coalesce(d.total - r.settled, 0) AS difference,
    CASE
      WHEN d.documentId IS NULL AND $now - r.settledAt >= $stale THEN r.settled
      WHEN d.unposted THEN r.settled
      WHEN d.documentId IS NOT NULL AND d.total <> r.settled THEN abs(d.total - r.settled)
      ELSE 0 END AS exposure
  FROM refunds r
  JOIN alone USING (ord)
  LEFT JOIN owned o ON o.refund = r.refundId
  LEFT JOIN pairs d ON d.refund = r.refundId AND NOT d.voided AND o.live = 1
  WHERE coalesce(o.live, 0) <= 1 AND coalesce(o.documents, 0) = coalesce(o.live, 0)
    AND r.settled > 0
    AND NOT EXISTS (SELECT 1 FROM loose l WHERE l.total = r.settled)
    AND NOT EXISTS (SELECT 1 FROM named n WHERE n.ord = r.ord AND n.refundId <> '' AND n.refundId <> r.refundId)
  ORDER BY r.refundId`;

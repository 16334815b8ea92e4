import { join } from "node:path";

import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";

/** DuckDB with the generated world in two tables, in the form that a plain join needs. */
export async function loadedTables(dir: string): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`
    CREATE TABLE refunds AS
    SELECT refundId, ltrim(orderNumber, '#') AS ord, currency, settled::DECIMAL(18,2) AS settled,
           processedAt::TIMESTAMP AS processedAt
    FROM read_ndjson('${join(dir, "refunds-*.ndjson")}', columns = {
      refundId: 'VARCHAR', orderNumber: 'VARCHAR', currency: 'VARCHAR', settled: 'VARCHAR', processedAt: 'VARCHAR' })`);
  await connection.run(`
    CREATE TABLE documents AS
    SELECT documentId, ltrim(list_filter("references", x -> x.field = 'order')[1].text, '#') AS ord,
           currency, total::DECIMAL(18,2) AS total, createdAt::TIMESTAMP AS createdAt
    FROM read_ndjson('${join(dir, "documents-*.ndjson")}', columns = {
      documentId: 'VARCHAR', "references": 'STRUCT(field VARCHAR, text VARCHAR)[]', currency: 'VARCHAR',
      total: 'VARCHAR', createdAt: 'VARCHAR' })`);
  return connection;
}

/** The plain join and its classes: a query in a data warehouse does the same and sees no more. */
export async function joinAndClassify(connection: DuckDBConnection): Promise<void> {
  await connection.run(`
    CREATE OR REPLACE TABLE tied AS
    SELECT r.refundId, r.ord AS refundOrder, d.documentId, d.ord AS documentOrder,
           d.total - r.settled AS difference, epoch_ms(d.createdAt) - epoch_ms(r.processedAt) AS gapMs,
           CASE WHEN r.refundId IS NULL THEN 'missing_in_storefront'
                WHEN d.documentId IS NULL THEN 'missing_in_erp'
                WHEN d.currency <> r.currency THEN 'currency'
                WHEN d.total <> r.settled THEN 'amount'
                WHEN epoch_ms(d.createdAt) - epoch_ms(r.processedAt) > 21600000 THEN 'late'
                ELSE 'matched' END AS class
    FROM refunds r FULL OUTER JOIN documents d ON d.ord = r.ord`);
}

export type JoinedRow = {
  readonly refundId: string | null;
  readonly documentId: string | null;
  readonly class: string;
  readonly difference: string | null;
};

/** Rows of the orders that a plain join handles completely: at most one refund and one document. */
export async function plainRows(connection: DuckDBConnection): Promise<readonly JoinedRow[]> {
  const result = await connection.runAndReadAll(`
    SELECT refundId, documentId, class, difference::VARCHAR AS difference FROM tied
    WHERE coalesce(documentOrder, refundOrder) IS NOT NULL
      AND coalesce(refundOrder, documentOrder) NOT IN (SELECT ord FROM documents WHERE ord IS NOT NULL GROUP BY ord HAVING count(*) > 1)
      AND coalesce(refundOrder, documentOrder) NOT IN (SELECT ord FROM refunds GROUP BY ord HAVING count(*) > 1)`);
  return result.getRowObjectsJson().map((row) => ({
    refundId: textOf(row["refundId"]),
    documentId: textOf(row["documentId"]),
    class: textOf(row["class"]) ?? "",
    difference: textOf(row["difference"]),
  }));
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

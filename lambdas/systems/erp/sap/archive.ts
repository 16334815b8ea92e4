import { archivedFields } from "../archived-fields.ts";
import { BILLING, REQUESTS } from "./query.ts";

/**
 * The part of a row that may be stored: the fields that were asked for, and of a text that people
 * type only the tokens that look like a reference.
 *
 * @param own the brand's own fields, which may contain anything
 */
export function archived(rows: readonly unknown[], own: readonly string[]): string {
  return JSON.stringify({ d: { results: rows.map((row) => archivedRow(row, own)) } });
}

export function archivedRow(row: unknown, own: readonly string[]): unknown {
  return archivedFields(row, { kept: ASKED, typed: TYPED, own });
}

const ASKED: ReadonlySet<string> = new Set([
  "to_Item",
  "results",
  ...[BILLING, REQUESTS].flatMap(({ required, optional }) =>
    [...required, ...optional].map((field) => field.split("/").at(-1) ?? field),
  ),
]);
const TYPED: ReadonlySet<string> = new Set([
  "PurchaseOrderByCustomer",
  "DocumentReferenceID",
  "AssignmentReference",
  "AccountingDocExternalReference",
  "ExternalReferenceDocument",
  "PaymentReference",
]);

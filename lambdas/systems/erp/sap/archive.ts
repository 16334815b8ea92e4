import { hasMailAddress, referenceTokens } from "../../redact.ts";
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
  return kept(row, new Set(own));
}

function kept(value: unknown, own: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => kept(one, own));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => ASKED.has(name) || own.has(name));
  return Object.fromEntries(
    entries.map(([name, item]) => [
      name,
      TYPED.has(name) || own.has(name) ? typed(item) : kept(item, own),
    ]),
  );
}

function typed(text: unknown): unknown {
  if (typeof text !== "string") return null;
  const tokens = referenceTokens(text.includes("://") ? text : text.replaceAll("/", " "));
  return hasMailAddress(tokens) ? "" : tokens;
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

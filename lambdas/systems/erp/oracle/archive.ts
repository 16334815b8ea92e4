import { hasMailAddress, referenceTokens } from "../../redact.ts";

/**
 * The part of a row that may be stored: the fields that the product reads. Of a text that people
 * type, and of the brand's own fields, only the tokens stay that look like a reference. Names of
 * users and customers are left out.
 */
export function archived(rows: readonly unknown[], own: readonly string[]): string {
  return JSON.stringify({ items: rows.map((row) => archivedRow(row, own)) });
}

export function archivedRow(row: unknown, own: readonly string[]): unknown {
  return kept(row, new Set(own));
}

function kept(value: unknown, own: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => kept(one, own));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => KEPT.has(name) || own.has(name));
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

const KEPT: ReadonlySet<string> = new Set(
  (
    "items hasMore CustomerTransactionId TransactionNumber BusinessUnit TransactionSource " +
    "TransactionType TransactionDate AccountingDate CreditMemoCurrency EnteredAmount " +
    "TransactionBalanceDue FreightCreditAmount CreditMemoStatus CreditMemoComments DocumentNumber " +
    "CrossReference PurchaseOrder CreationDate LastUpdateDate receivablesCreditMemoLines " +
    "receivablesCreditMemoDFF receivablesCreditMemoTransactionDFF CustomerTransactionLineId " +
    "ItemNumber MemoLine LineAmountCredit LineQuantityCredit LineFreightCreditAmount " +
    "LineAmountIncludesTax receivablesCreditMemoLineTaxLines TaxAmount TaxInclusiveIndicator " +
    "ApplicationId ApplicationDate ApplicationAmount ApplicationStatus"
  ).split(" "),
);
const TYPED: ReadonlySet<string> = new Set([
  "CreditMemoComments",
  "CrossReference",
  "PurchaseOrder",
  "TransactionNumber",
]);

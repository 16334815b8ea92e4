import { archivedFields } from "../archived-fields.ts";

/**
 * The part of a row that may be stored: the fields that the product reads. Of a text that people
 * type, and of the brand's own fields, only the tokens stay that look like a reference. Names of
 * users and customers are left out.
 */
export function archived(rows: readonly unknown[], own: readonly string[]): string {
  return JSON.stringify({ items: rows.map((row) => archivedRow(row, own)) });
}

export function archivedRow(row: unknown, own: readonly string[]): unknown {
  return archivedFields(row, { kept: KEPT, typed: TYPED, own });
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

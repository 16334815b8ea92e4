import type { DocumentReference } from "../../../refund/observation/observation.ts";
import { configuredField, type Found, writtenReferences } from "../references.ts";
import type { Applied } from "./applications.ts";
import type { MemoRow } from "./page.ts";

/**
 * The references of a credit memo: the brand's own fields, the purchase order, the cross reference
 * and the comments. The number of the invoice that it was applied to is the ERP's own.
 */
export function memoReferences(
  row: MemoRow,
  { invoices, orders }: Pick<Applied, "invoices" | "orders">,
  referenceFields: readonly string[],
): DocumentReference[] {
  const own = ownFieldsOf(row);
  const numbers = [row.CustomerTransactionId, row.DocumentNumber, row.BillToCustomerNumber];
  const found: Found[] = [
    ...referenceFields.map((field): Found => [configuredField(field), own.get(field) ?? null]),
    ["order", row.PurchaseOrder],
    ["other_reference", row.CrossReference],
    ["memo", row.CreditMemoComments],
    ...orders.map((text): Found => ["order", text]),
  ];
  return [
    ...writtenReferences(found, new Set(numbers.flatMap((one) => one ?? []))),
    ...invoices.map((text): DocumentReference => ({ field: "source", text })),
    ...(row.TransactionNumber === null
      ? []
      : [{ field: "number" as const, text: row.TransactionNumber }]),
  ];
}

/** The brand's own fields by name: those of the header, and those of the flexfields. */
export function ownFieldsOf(row: MemoRow): ReadonlyMap<string, string> {
  const flex = [
    ...(row.receivablesCreditMemoDFF?.items ?? []),
    ...(row.receivablesCreditMemoTransactionDFF?.items ?? []),
  ];
  return new Map(
    [row, ...flex].flatMap((fields) =>
      Object.entries(fields).flatMap(([name, value]): [string, string][] =>
        typeof value === "string" && value.trim() !== "" ? [[name, value.trim()]] : [],
      ),
    ),
  );
}

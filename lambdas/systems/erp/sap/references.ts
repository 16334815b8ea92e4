import type { DocumentReference } from "../../../refund/observation/observation.ts";
import { configuredField, type Found, writtenReferences } from "../references.ts";
import type { BillingRow, OriginRow, RequestRow } from "./page.ts";

/**
 * The references of a billing document, with those of the documents from which it was made: the
 * order's number stands in one of several fields, in the document itself or up to three documents
 * before it.
 *
 * SAP's own numbers (its sales order, its delivery) stand in some of the same fields and may look
 * like an order of the shop. They count only as the number of the source document.
 */
export function billingReferences(
  row: BillingRow,
  { origins, ownNumbers }: Behind,
  referenceFields: readonly string[],
): DocumentReference[] {
  const own = new Set([...ownNumbersOf(row), ...ownNumbers]);
  const found: Found[] = [
    ...configuredIn(row, referenceFields),
    ...row.to_Item.map((item): Found => ["order", item.ExternalReferenceDocument]),
    ["order", row.PurchaseOrderByCustomer],
    ...origins.map((origin): Found => ["order", origin.PurchaseOrderByCustomer]),
    ...[row.DocumentReferenceID, row.AssignmentReference, ...origins.flatMap(looseTexts)].map(
      (text): Found => ["other_reference", text],
    ),
  ];
  const named = writtenReferences(found, own);
  const sources = row.to_Item.flatMap(({ SalesDocument: id, SalesSDDocumentCategory: category }) =>
    id === null || (category !== null && category !== SALES_ORDER) ? [] : [id],
  );
  return [
    ...named,
    ...[...new Set(sources)].map((text): DocumentReference => ({ field: "source", text })),
    { field: "number", text: row.BillingDocument },
  ];
}

export function requestReferences(
  row: RequestRow,
  { origins, ownNumbers }: Behind,
  referenceFields: readonly string[],
): DocumentReference[] {
  const own = new Set([row.CreditMemoRequest, ...ownNumbers]);
  const found: Found[] = [
    ...configuredIn(row, referenceFields),
    ["order", row.PurchaseOrderByCustomer],
    ...origins.map((origin): Found => ["order", origin.PurchaseOrderByCustomer]),
    ...[
      row.AccountingDocExternalReference,
      row.AssignmentReference,
      ...origins.flatMap(looseTexts),
    ].map((text): Found => ["other_reference", text]),
  ];
  return [...writtenReferences(found, own), { field: "number", text: row.CreditMemoRequest }];
}

/** The documents from which one was made, and SAP's own numbers of them. */
type Behind = { readonly origins: readonly OriginRow[]; readonly ownNumbers: readonly string[] };

function configuredIn(row: Readonly<Record<string, unknown>>, fields: readonly string[]): Found[] {
  return fields.flatMap((field): Found[] => {
    const value = row[field];
    return typeof value === "string" ? [[configuredField(field), value]] : [];
  });
}

function looseTexts(origin: OriginRow): (string | null)[] {
  return [
    origin.AccountingDocExternalReference,
    origin.DocumentReferenceID,
    origin.AssignmentReference,
  ];
}

function ownNumbersOf(row: BillingRow): ReadonlySet<string> {
  const numbers = [
    row.BillingDocument,
    row.CancelledBillingDocument,
    row.AccountingDocument,
    ...row.to_Item.flatMap((item) => [
      item.ReferenceSDDocument,
      item.SalesDocument,
      item.OriginSDDocument,
    ]),
  ];
  return new Set(numbers.flatMap((one) => (one === null ? [] : [one, one.replace(/^0+/, "")])));
}

const SALES_ORDER = "C";

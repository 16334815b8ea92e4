import type { DocumentReference } from "../../../refund/observation/observation.ts";
import { hasMailAddress, referenceTokens } from "../../redact.ts";
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
  const named = written(found, own);
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
  return [...written(found, own), { field: "number", text: row.CreditMemoRequest }];
}

/** The documents from which one was made, and SAP's own numbers of them. */
type Behind = { readonly origins: readonly OriginRow[]; readonly ownNumbers: readonly string[] };

type Found = readonly [DocumentReference["field"], string | null];

function configuredIn(row: Readonly<Record<string, unknown>>, fields: readonly string[]): Found[] {
  return fields.flatMap((field): Found[] => {
    const value = row[field];
    return typeof value === "string" ? [["configured", value]] : [];
  });
}

function looseTexts(origin: OriginRow): (string | null)[] {
  return [
    origin.AccountingDocExternalReference,
    origin.DocumentReferenceID,
    origin.AssignmentReference,
  ];
}

/** Only tokens that look like a reference are kept; nothing that SAP numbered itself, and no date. */
function written(found: readonly Found[], own: ReadonlySet<string>): DocumentReference[] {
  const seen = new Set<string>();
  return found.flatMap(([field, told]): DocumentReference[] => {
    const whole = (told ?? "").trim();
    // "SHOP-1001/R-22": two references in one field.
    const parted = whole.includes("://") ? whole : whole.replaceAll("/", " ");
    const text = referenceTokens(parted);
    const plain = text.replace(/^0+(?=\d)/, "");
    if (text === "" || own.has(text) || own.has(plain) || hasMailAddress(text)) return [];
    if (field === "other_reference" && isDate(text)) return [];
    if (seen.has(`${field} ${text}`)) return [];
    seen.add(`${field} ${text}`);
    return [{ field, text }];
  });
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

/** "20261122": an assignment is often the day of the booking. */
function isDate(text: string): boolean {
  const [, year, month, day] = /^(20\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(8, 10) === day;
}

const SALES_ORDER = "C";

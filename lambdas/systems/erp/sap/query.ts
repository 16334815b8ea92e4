import type { DocumentScope } from "../../../refund/policy.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import type { Window } from "../../source.ts";

/**
 * The queries in OData V2, as SAP's published service metadata allows them.
 *
 * Changes are found by `LastChangeDateTime`. The field `LastChangeDate` is null in a document that
 * was made and never changed, so a filter by it would never return such a document.
 */
export type EntitySet = {
  readonly service: string;
  readonly set: string;
  readonly key: string;
  /** Without these nothing can be read: an error names them. */
  readonly required: readonly string[];
  /** A system may lack them: the query is repeated without them. */
  readonly optional: readonly string[];
  readonly expand?: string;
};

export const BILLING: EntitySet = {
  service: "API_BILLING_DOCUMENT_SRV",
  set: "A_BillingDocument",
  key: "BillingDocument",
  required: [
    "BillingDocument",
    "SDDocumentCategory",
    "LastChangeDateTime",
    "BillingDocumentDate",
    "TotalNetAmount",
    "TransactionCurrency",
    "TaxAmount",
    "to_Item/BillingDocumentItem",
    "to_Item/NetAmount",
  ],
  optional: [
    "TotalGrossAmount",
    "CreationDate",
    "CreationTime",
    "LastChangeDate",
    "CompanyCode",
    "SalesOrganization",
    "DistributionChannel",
    "Division",
    "BillingDocumentIsCancelled",
    "CancelledBillingDocument",
    "AccountingTransferStatus",
    "AccountingPostingStatus",
    "AccountingDocument",
    "InvoiceClearingStatus",
    "FiscalYear",
    "PurchaseOrderByCustomer",
    "DocumentReferenceID",
    "AssignmentReference",
    "PaymentReference",
    "to_Item/Material",
    "to_Item/BillingQuantity",
    "to_Item/TaxAmount",
    "to_Item/CreatedByUser",
    "to_Item/ReferenceSDDocument",
    "to_Item/ReferenceSDDocumentCategory",
    "to_Item/SalesDocument",
    "to_Item/SalesSDDocumentCategory",
    "to_Item/OriginSDDocument",
    "to_Item/ExternalReferenceDocument",
  ],
  expand: "to_Item",
};

export const REQUESTS: EntitySet = {
  service: "API_CREDIT_MEMO_REQUEST_SRV",
  set: "A_CreditMemoRequest",
  key: "CreditMemoRequest",
  required: ["CreditMemoRequest", "LastChangeDateTime", "TotalNetAmount", "TransactionCurrency"],
  optional: [
    "CreationDate",
    "LastChangeDate",
    "CreditMemoRequestDate",
    "CreatedByUser",
    "SalesOrganization",
    "DistributionChannel",
    "OrganizationDivision",
    "PurchaseOrderByCustomer",
    "AccountingDocExternalReference",
    "AssignmentReference",
    "ReferenceSDDocument",
    "ReferenceSDDocumentCategory",
    "HeaderBillingBlockReason",
    "SalesDocApprovalStatus",
    "OverallSDDocumentRejectionSts",
    "OverallOrdReltdBillgStatus",
  ],
};

export const RETURNS: EntitySet = {
  service: "API_CUSTOMER_RETURN_SRV",
  set: "A_CustomerReturn",
  key: "CustomerReturn",
  required: ["CustomerReturn"],
  optional: [
    "CreatedByUser",
    "PurchaseOrderByCustomer",
    "AccountingDocExternalReference",
    "AssignmentReference",
    "ReferenceSDDocument",
    "ReferenceSDDocumentCategory",
  ],
};

/**
 * Credit memos (O) and cancelled invoices (N) are credits; the cancellation of a credit memo (S)
 * tells that one no longer counts, even where the memo's own change time does not move.
 *
 * Source: SAP domain VBTYP.
 */
export const CREDIT_MEMO = "O";
export const INVOICE_CANCELLATION = "N";
export const CREDIT_MEMO_CANCELLATION = "S";
export const INVOICE = "M";
export const CREDIT_MEMO_REQUEST = "K";
export const CUSTOMER_RETURN = "H";

/** Billing documents changed in the window, from this change time on. */
export function changedBilling({ until }: Window, from: Instant, scope: DocumentScope): string {
  return [
    anyOf("SDDocumentCategory", [CREDIT_MEMO, INVOICE_CANCELLATION, CREDIT_MEMO_CANCELLATION]),
    changed(from, until),
    ...(scope.companies.length > 0 ? [anyOf("CompanyCode", scope.companies)] : []),
  ].join(" and ");
}

export function changedRequests({ until }: Window, from: Instant): string {
  return changed(from, until);
}

export function anyOf(field: string, values: readonly string[]): string {
  const tests = values.map((value) => `${field} eq ${quoted(value)}`);
  return tests.length === 1 ? (tests[0] ?? "") : `(${tests.join(" or ")})`;
}

/** An apostrophe inside of a text is doubled. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function changed(from: Instant, until: Instant): string {
  const since = `LastChangeDateTime ge datetimeoffset'${from}'`;
  return until >= NO_LIMIT ? since : `${since} and LastChangeDateTime le datetimeoffset'${until}'`;
}

/** A window without an end. */
const NO_LIMIT = "9000";

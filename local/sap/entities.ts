import { REFUND_FIELD } from "./rows.ts";

/** The fields of the simulated entity sets: a slice of what SAP publishes, and one own field. */
export type Entity = {
  readonly key: string;
  readonly fields: ReadonlySet<string>;
  readonly itemFields: ReadonlySet<string>;
};

function fields(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

const BILLING_FIELDS = fields(`
  BillingDocument SDDocumentCategory BillingDocumentType CreationDate CreationTime LastChangeDate
  LastChangeDateTime BillingDocumentDate CompanyCode SalesOrganization DistributionChannel Division
  BillingDocumentIsCancelled CancelledBillingDocument TotalNetAmount TaxAmount TotalGrossAmount
  TransactionCurrency AccountingTransferStatus AccountingPostingStatus AccountingDocument
  InvoiceClearingStatus FiscalYear PurchaseOrderByCustomer DocumentReferenceID AssignmentReference
  PaymentReference`);

const BILLING_ITEM_FIELDS = fields(`
  BillingDocument BillingDocumentItem Material BillingQuantity NetAmount TaxAmount
  TransactionCurrency CreatedByUser ReferenceSDDocument ReferenceSDDocumentCategory SalesDocument
  SalesSDDocumentCategory OriginSDDocument ExternalReferenceDocument`);

const REQUEST_FIELDS = fields(`
  CreditMemoRequest CreditMemoRequestType SalesOrganization DistributionChannel OrganizationDivision
  CreationDate CreatedByUser LastChangeDate LastChangeDateTime PurchaseOrderByCustomer
  CreditMemoRequestDate TotalNetAmount TransactionCurrency HeaderBillingBlockReason
  ReferenceSDDocument ReferenceSDDocumentCategory SalesDocApprovalStatus
  OverallSDDocumentRejectionSts OverallOrdReltdBillgStatus AccountingDocExternalReference
  AssignmentReference`);

const RETURN_FIELDS = fields(`
  CustomerReturn CreatedByUser PurchaseOrderByCustomer AccountingDocExternalReference
  AssignmentReference ReferenceSDDocument ReferenceSDDocumentCategory`);

const NONE: ReadonlySet<string> = new Set();

/** By "service/set". */
export const ENTITIES: ReadonlyMap<string, Entity> = new Map([
  [
    "API_BILLING_DOCUMENT_SRV/A_BillingDocument",
    {
      key: "BillingDocument",
      fields: new Set([...BILLING_FIELDS, REFUND_FIELD]),
      itemFields: BILLING_ITEM_FIELDS,
    },
  ],
  [
    "API_BILLING_DOCUMENT_SRV/A_BillingDocumentItem",
    { key: "BillingDocument", fields: BILLING_ITEM_FIELDS, itemFields: NONE },
  ],
  [
    "API_CREDIT_MEMO_REQUEST_SRV/A_CreditMemoRequest",
    { key: "CreditMemoRequest", fields: REQUEST_FIELDS, itemFields: NONE },
  ],
  [
    "API_CUSTOMER_RETURN_SRV/A_CustomerReturn",
    { key: "CustomerReturn", fields: RETURN_FIELDS, itemFields: NONE },
  ],
]);

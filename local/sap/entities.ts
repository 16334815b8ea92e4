import { REFUND_FIELD } from "./rows.ts";

/**
 * The entity sets that are simulated: a slice of the metadata that SAP publishes for each service,
 * and one field that this brand added. A test compares it with what SAP publishes.
 */
export type Entity = {
  readonly keys: readonly string[];
  /** The type of each field as the metadata writes it, without "Edm.": "String(10)". */
  readonly fields: Fields;
  /** The fields of its items, where they can be expanded as to_Item. */
  readonly itemFields: Fields;
};
export type Fields = ReadonlyMap<string, string>;

const BILLING = fields({
  Boolean: `BillingDocumentIsCancelled`,
  DateTime: `CreationDate LastChangeDate BillingDocumentDate`,
  DateTimeOffset: `LastChangeDateTime`,
  "Decimal(14,3)": `TaxAmount`,
  "Decimal(16,3)": `TotalNetAmount`,
  "Decimal(17,3)": `TotalGrossAmount`,
  "String(1)": `AccountingTransferStatus AccountingPostingStatus InvoiceClearingStatus`,
  "String(10)": `BillingDocument CancelledBillingDocument AccountingDocument`,
  "String(16)": `DocumentReferenceID`,
  "String(18)": `AssignmentReference`,
  "String(2)": `DistributionChannel Division`,
  "String(30)": `PaymentReference`,
  "String(35)": `PurchaseOrderByCustomer`,
  "String(4)": `SDDocumentCategory BillingDocumentType CompanyCode SalesOrganization FiscalYear`,
  "String(5)": `TransactionCurrency`,
  Time: `CreationTime`,
});

const BILLING_ITEM = fields({
  "Decimal(13,3)": `BillingQuantity`,
  "Decimal(14,3)": `TaxAmount`,
  "Decimal(16,3)": `NetAmount`,
  "String(10)": `BillingDocument ReferenceSDDocument SalesDocument OriginSDDocument
    ExternalReferenceDocument`,
  "String(12)": `CreatedByUser`,
  "String(4)": `ReferenceSDDocumentCategory SalesSDDocumentCategory`,
  "String(40)": `Material`,
  "String(5)": `TransactionCurrency`,
  "String(6)": `BillingDocumentItem`,
});

const REQUEST = fields({
  DateTime: `CreationDate LastChangeDate CreditMemoRequestDate`,
  DateTimeOffset: `LastChangeDateTime`,
  "Decimal(16,3)": `TotalNetAmount`,
  "String(1)": `SalesDocApprovalStatus OverallSDDocumentRejectionSts OverallOrdReltdBillgStatus`,
  "String(10)": `CreditMemoRequest ReferenceSDDocument`,
  "String(12)": `CreatedByUser`,
  "String(16)": `AccountingDocExternalReference`,
  "String(18)": `AssignmentReference`,
  "String(2)": `DistributionChannel OrganizationDivision HeaderBillingBlockReason`,
  "String(35)": `PurchaseOrderByCustomer`,
  "String(4)": `CreditMemoRequestType SalesOrganization ReferenceSDDocumentCategory`,
  "String(5)": `TransactionCurrency`,
});

const RETURN = fields({
  "String(10)": `CustomerReturn ReferenceSDDocument`,
  "String(12)": `CreatedByUser`,
  "String(16)": `AccountingDocExternalReference`,
  "String(18)": `AssignmentReference`,
  "String(35)": `PurchaseOrderByCustomer`,
  "String(4)": `ReferenceSDDocumentCategory`,
});

const NONE: Fields = new Map();

/** By "service/set". */
export const ENTITIES: ReadonlyMap<string, Entity> = new Map([
  [
    "API_BILLING_DOCUMENT_SRV/A_BillingDocument",
    {
      keys: ["BillingDocument"],
      fields: new Map([...BILLING, [REFUND_FIELD, "String(60)"]]),
      itemFields: BILLING_ITEM,
    },
  ],
  [
    "API_BILLING_DOCUMENT_SRV/A_BillingDocumentItem",
    { keys: ["BillingDocument", "BillingDocumentItem"], fields: BILLING_ITEM, itemFields: NONE },
  ],
  [
    "API_CREDIT_MEMO_REQUEST_SRV/A_CreditMemoRequest",
    { keys: ["CreditMemoRequest"], fields: REQUEST, itemFields: NONE },
  ],
  [
    "API_CUSTOMER_RETURN_SRV/A_CustomerReturn",
    { keys: ["CustomerReturn"], fields: RETURN, itemFields: NONE },
  ],
]);

function fields(byType: Readonly<Record<string, string>>): Fields {
  return new Map(
    Object.entries(byType).flatMap(([type, names]) =>
      names.split(/\s+/).map((name): [string, string] => [name, type]),
    ),
  );
}

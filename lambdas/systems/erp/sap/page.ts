import * as z from "zod";

/**
 * SAP's rows as OData V2 sends them, checked field by field: decimals as texts, dates as
 * `/Date(ms)/`, blank texts for what is not set.
 *
 * Source: the published metadata of the services (EDMX) and the rules of OData V2.
 */
export type BillingRow = z.output<typeof billingSchema>;

export type RequestRow = z.output<typeof requestSchema>;
export type OriginRow = z.output<typeof originSchema>;

const id = z
  .string({ error: "wanted a document number" })
  .regex(/^[A-Za-z0-9]{1,10}$/, "wanted a document number");

/** Null where SAP sends null or a blank. */
const text = z
  .string()
  .nullish()
  .transform((value) => {
    const trimmed = value?.trim() ?? "";
    return trimmed === "" ? null : trimmed;
  });

/** A blank is a value of its own in a status; null: SAP does not tell it. */
const status = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === null ? null : value.trim()));

const decimal = z
  .union([z.string(), z.number().transform(String)], { error: "wanted a decimal in quotes" })
  .refine((value) => /^-?\d{1,24}(\.\d{1,9})?$/.test(value), "wanted a decimal such as 1000.00");

/** The number counts milliseconds of UTC; the suffix, an offset in minutes, changes nothing. */
const DATE = /^\/Date\((-?\d{1,15})([+-]\d{1,4})?\)\/$/;
const instant = z
  .string({ error: "wanted an instant such as /Date(1474433263752+0000)/" })
  .regex(DATE, "wanted an instant such as /Date(1474433263752+0000)/")
  .transform((value) => msIn(value))
  .refine((ms) => Math.abs(ms) < MOST_MS, "is no instant of the calendar")
  .transform((ms) => new Date(ms).toISOString());

/** A date without a zone is sent as midnight UTC. */
const day = z
  .string({ error: "wanted a date such as /Date(1474416000000)/" })
  .regex(DATE, "wanted a date such as /Date(1474416000000)/")
  .transform((value) => msIn(value))
  .refine((ms) => Math.abs(ms) < MOST_MS, "is no date of the calendar")
  .transform((ms) => new Date(ms).toISOString().slice(0, 10));
const optionalDay = z
  .union([day, z.literal("")])
  .nullish()
  .transform((value) => (value === "" || value === undefined ? null : value));

const itemSchema = z.object({
  BillingDocumentItem: z.string(),
  Material: text,
  BillingQuantity: z.union([decimal, z.literal("")]).nullish(),
  NetAmount: decimal,
  TaxAmount: z.union([decimal, z.literal("")]).nullish(),
  CreatedByUser: text,
  ReferenceSDDocument: text,
  ReferenceSDDocumentCategory: text,
  SalesDocument: text,
  SalesSDDocumentCategory: text,
  OriginSDDocument: text,
  ExternalReferenceDocument: text,
});

export const billingSchema = z.looseObject({
  BillingDocument: id,
  SDDocumentCategory: z.string(),
  LastChangeDateTime: instant,
  LastChangeDate: optionalDay,
  CreationDate: optionalDay,
  CreationTime: text,
  BillingDocumentDate: day,
  TotalNetAmount: decimal,
  TaxAmount: decimal,
  TotalGrossAmount: z.union([decimal, z.literal("")]).nullish(),
  TransactionCurrency: z.string({ error: "wanted a currency" }),
  CompanyCode: text,
  SalesOrganization: text,
  DistributionChannel: text,
  Division: text,
  BillingDocumentIsCancelled: z.boolean().nullish(),
  CancelledBillingDocument: text,
  AccountingTransferStatus: status,
  AccountingPostingStatus: status,
  AccountingDocument: text,
  InvoiceClearingStatus: status,
  FiscalYear: text,
  PurchaseOrderByCustomer: text,
  DocumentReferenceID: text,
  AssignmentReference: text,
  PaymentReference: text,
  to_Item: z
    .union([z.object({ results: z.array(itemSchema) }), z.array(itemSchema)])
    .nullish()
    .transform((items) => (Array.isArray(items) ? items : (items?.results ?? []))),
});

export const requestSchema = z.looseObject({
  CreditMemoRequest: id,
  LastChangeDateTime: instant,
  LastChangeDate: optionalDay,
  CreationDate: optionalDay,
  CreditMemoRequestDate: optionalDay,
  TotalNetAmount: decimal,
  TransactionCurrency: z.string({ error: "wanted a currency" }),
  CreatedByUser: text,
  SalesOrganization: text,
  DistributionChannel: text,
  OrganizationDivision: text,
  PurchaseOrderByCustomer: text,
  AccountingDocExternalReference: text,
  AssignmentReference: text,
  ReferenceSDDocument: text,
  ReferenceSDDocumentCategory: text,
  HeaderBillingBlockReason: text,
  SalesDocApprovalStatus: text,
  OverallSDDocumentRejectionSts: text,
  OverallOrdReltdBillgStatus: status,
});

/** A document from which another one was made, as far as its references are read. */
export const originSchema = z.looseObject({
  CreatedByUser: text,
  PurchaseOrderByCustomer: text,
  AccountingDocExternalReference: text,
  DocumentReferenceID: text,
  AssignmentReference: text,
  ReferenceSDDocument: text,
  ReferenceSDDocumentCategory: text,
});

function msIn(value: string): number {
  return Number(DATE.exec(value)?.[1] ?? Number.NaN);
}

/** The last instant that a Date can hold. */
const MOST_MS = 8_640_000_000_000_000;

import * as z from "zod";
import { plainDecimal } from "../../../refund/money/plain-decimal.ts";

/**
 * The rows of Fusion's Receivables, checked field by field. Amounts and ids come as numbers (texts
 * here, see `client.ts`) or as texts, and times with an offset. A child is an array, an object with
 * `items`, or left out.
 *
 * Oracle publishes no schema. Source: the field lists of its documentation of receivablesCreditMemos
 * and receivablesCustomerAccountActivities.
 */
export type MemoRow = z.output<typeof memoSchema>;
export type LineRow = z.output<typeof lineSchema>;
export type ApplicationRow = z.output<typeof applicationSchema>;

const id = z
  .string({ error: "wanted an id" })
  .regex(/^[1-9]\d{0,18}$/, "wanted an id, a whole number");

const text = z
  .union([z.string(), z.boolean().transform(String)])
  .nullish()
  .transform((value) => {
    const trimmed = value?.trim() ?? "";
    return trimmed === "" ? null : trimmed;
  });

const DECIMAL = /^-?\d{1,18}(\.\d{1,12})?([eE][+-]?\d{1,2})?$/;
const decimal = z
  .string({ error: "wanted a decimal such as -71.99" })
  .regex(DECIMAL, "wanted a decimal such as -71.99")
  .transform((value) => plainDecimal(value));
const optionalDecimal = z
  .union([decimal, z.literal("")])
  .nullish()
  .transform((value) => (value === "" || value === undefined ? null : value));

const instant = z
  .string({ error: "wanted a time such as 2026-11-22T10:00:00.000+00:00" })
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/,
    "wanted a time with its offset, such as 2026-11-22T10:00:00.000+00:00",
  )
  .transform((value) => Date.parse(value))
  .refine((ms) => !Number.isNaN(ms), "is no time of the calendar")
  .transform((ms) => new Date(ms).toISOString());

/** A plain date; a time with it is cut off. */
const day = z
  .string({ error: "wanted a date such as 2026-11-22" })
  .regex(/^\d{4}-\d\d-\d\d(T.*)?$/, "wanted a date such as 2026-11-22")
  .transform((value) => value.slice(0, 10))
  .refine((value) => !Number.isNaN(Date.parse(value)), "is no date of the calendar");
const optionalDay = day.nullish().transform((value) => value ?? null);

/** Null where the answer leaves the child out. */
function child<Row extends z.ZodType>(row: Row) {
  return z
    .union([
      z.array(row).transform((items) => ({ items, hasMore: false })),
      z.object({ items: z.array(row), hasMore: z.boolean().default(false) }),
    ])
    .nullish()
    .transform((value) => value ?? null);
}

const taxLineSchema = z.object({
  TaxAmount: optionalDecimal,
  TaxInclusiveIndicator: text,
});

export const lineSchema = z.object({
  CustomerTransactionLineId: id.nullish(),
  ItemNumber: text,
  MemoLine: text,
  LineAmountCredit: optionalDecimal,
  LineQuantityCredit: optionalDecimal,
  LineFreightCreditAmount: optionalDecimal,
  LineAmountIncludesTax: text,
  receivablesCreditMemoLineTaxLines: child(taxLineSchema),
});

const flexSchema = z.record(z.string(), z.unknown());

export const memoSchema = z.looseObject({
  CustomerTransactionId: id,
  TransactionNumber: text,
  BusinessUnit: text,
  TransactionSource: text,
  TransactionType: text,
  TransactionDate: day,
  AccountingDate: optionalDay,
  CreditMemoCurrency: z.string({ error: "wanted a currency" }),
  EnteredAmount: decimal,
  TransactionBalanceDue: optionalDecimal,
  FreightCreditAmount: optionalDecimal,
  CreditMemoStatus: text,
  CreditMemoComments: text,
  BillToCustomerNumber: text,
  DocumentNumber: text,
  CrossReference: text,
  PurchaseOrder: text,
  CreatedBy: text,
  CreationDate: instant,
  LastUpdatedBy: text,
  LastUpdateDate: instant,
  receivablesCreditMemoLines: child(lineSchema),
  receivablesCreditMemoDFF: child(flexSchema),
  receivablesCreditMemoTransactionDFF: child(flexSchema),
});

/** The time of a row, by the field that the list is read by. */
export const timeSchema = instant;

export const applicationSchema = z.object({
  ApplicationId: id.nullish(),
  ApplicationDate: optionalDay,
  ApplicationAmount: optionalDecimal,
  ApplicationStatus: text,
  ReferenceTransactionId: text,
  ReferenceTransactionNumber: text,
  ApplicationReferenceId: text,
  ApplicationReferenceNumber: text,
  RefundPaymentMethodCode: text,
  CreditMemoId: text,
});

export const accountSchema = z.object({ AccountId: id, AccountNumber: text });

export const invoiceSchema = z.object({ PurchaseOrder: text, CrossReference: text });

import { UnreadableRow } from "../row-values.ts";
import { quotable } from "../../../refund/money/quotable.ts";
import * as z from "zod";
import { canonicalAmount, isCurrency } from "../../../refund/money/money.ts";
import { paymentIds } from "../../redact.ts";
import type { Row } from "./page.ts";
import { ID, LOCAL_TIME } from "./query.ts";

/**
 * Reads a row of NetSuite's answer field by field. A field that the account does not have is null,
 * which means unknown.
 */
export function readRow<Out>(schema: z.ZodType<Out>, row: unknown): Out {
  const read = schema.safeParse(row);
  if (read.success) return read.data;
  throw new UnreadableRow(
    read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
  );
}

/** An amount in the canonical form of its currency; an error names the field of the amount. */
export function readAmount(field: string, amount: string, currency: string): string {
  try {
    return canonicalAmount(amount.replace(/^([+-]?)\./, "$10."), currency);
  } catch (error) {
    throw new UnreadableRow(
      `${field}: ${error instanceof Error ? error.message : "not an amount"}`,
    );
  }
}

const id = pattern(ID, "an internal id");
const type = z.enum(["CustCred", "CashRfnd", "CustRfnd"], {
  error: ({ input }) => wanted("CustCred, CashRfnd or CustRfnd", input),
});
const instant = pattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "a time such as 2026-11-22T10:00:00Z")
  .refine((text) => !Number.isNaN(Date.parse(text)), "is not a time that exists")
  .transform((text) => new Date(text).toISOString());
const maybe = z
  .string()
  .nullish()
  .transform((text) => text ?? null);
/** A flag: true for 'T', null where the account does not have the field. */
const flag = maybe.transform((text) => (text === null ? null : text === "T"));

export type Header = z.output<typeof headerRow> & {
  /** The values of the brand file's reference fields, of the document and of its source. */
  readonly configured: readonly Configured[];
  readonly srcConfigured: readonly Configured[];
  /** The ids in the brand file's payment fields. */
  readonly payments: readonly string[];
};

export function readHeader(row: Row, { referenceFields, paymentFields }: OwnFields): Header {
  const texts = (fields: readonly string[], prefix = ""): Configured[] =>
    fields.flatMap((name) => {
      const text = row[`${prefix}${name}`.toLowerCase()];
      return text === undefined ? [] : [{ name, text }];
    });
  return {
    ...readRow(headerRow, row),
    configured: texts(referenceFields),
    srcConfigured: texts(referenceFields, "src_"),
    payments: texts(paymentFields).flatMap(({ text }) => paymentIds(text)),
  };
}

/** A field of the account's own, with its value. */
type Configured = { readonly name: string; readonly text: string };

/** The names of the account's own fields that the brand file lists. */
export type OwnFields = {
  readonly referenceFields: readonly string[];
  readonly paymentFields: readonly string[];
};

const headerRow = z.object({
  id,
  type,
  tranid: maybe,
  externalid: maybe,
  otherrefnum: maybe,
  memo: maybe,
  trandate: pattern(/^\d{4}-\d\d-\d\d$/, "a date such as 2026-11-22").refine(
    isDay,
    "is no day of the calendar",
  ),
  created_utc: instant,
  modified_utc: instant,
  cursor_ts: pattern(LOCAL_TIME, "a time such as 2026-11-22 02:00:00"),
  status: maybe,
  status_text: maybe,
  voided: flag,
  posting: flag,
  postingperiod: maybe,
  period_name: maybe,
  currency_code: pattern(/^[A-Z]{3}$/, "an ISO 4217 code").refine(isCurrency, {
    error: ({ input }) => wanted("a currency of ISO 4217", input),
  }),
  foreigntotal: z.string({ error: ({ input }) => wanted("an amount", input) }),
  source: maybe,
  createdby: maybe,
  createdby_name: maybe,
  lastmodifiedby: maybe,
  modifiedby_name: maybe,
  createdfrom: maybe,
  subsidiary: maybe,
  class: maybe,
  class_name: maybe,
  department: maybe,
  department_name: maybe,
  location: maybe,
  location_name: maybe,
  src_type: maybe,
  src_tranid: maybe,
  src_otherrefnum: maybe,
  src_externalid: maybe,
});

export type Line = z.output<typeof lineRow>;
export const lineRow = z.object({
  transaction: id,
  id,
  itemtype: maybe,
  item_name: maybe,
  taxline: flag,
  transactiondiscount: flag,
  quantity: maybe,
  foreignamount: maybe,
});

export type Link = z.output<typeof linkRow>;
export const linkRow = z.object({
  previousdoc: id,
  previousline: maybe,
  previoustype: z.string(),
  nextdoc: id,
  nextline: maybe,
  nexttype: z.string(),
  foreignamount: maybe,
});

/** An order, invoice, deposit or return that a document was made from. */
export type Origin = z.output<typeof originRow> & { readonly configured: readonly Configured[] };

export function readOrigin(row: Row, referenceFields: readonly string[]): Origin | null {
  const read = originRow.safeParse(row);
  if (!read.success) return null;
  const configured = referenceFields.flatMap((name) => {
    const text = row[name.toLowerCase()];
    return text === undefined ? [] : [{ name, text }];
  });
  return { ...read.data, configured };
}

const originRow = z.object({
  id,
  tranid: maybe,
  otherrefnum: maybe,
  externalid: maybe,
  createdfrom: maybe,
});

export const pairRow = z.object({ payout: id, credit: id });

export const periodRow = z.object({ id, startdate: maybe, enddate: maybe });

export const deletedRow = z.object({
  recordid: id,
  type: maybe,
  deleted_utc: instant,
  deletedby: maybe,
  cursor_ts: pattern(LOCAL_TIME, "a time such as 2026-11-22 02:00:00"),
});

function pattern(shape: RegExp, what: string) {
  return z
    .string({ error: ({ input }) => wanted(what, input) })
    .regex(shape, { error: ({ input }) => wanted(what, input) });
}

function wanted(what: string, came: unknown): string {
  const got = typeof came === "string" ? quotable(came) : "nothing";
  return `wanted ${what}, got ${got}`;
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

import * as z from "zod";

import type { ErpDocument, StorefrontRefund } from "./observation.ts";

/**
 * The door for observations that come back from storage: what was written by an older version of
 * this code, or by a hand, is checked like anything else from outside.
 */
const amount = z.string().regex(/^-?\d+(\.\d+)?$/);
const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const text = z.string();
const maybe = text.nullable();

const components = z.object({
  items: amount,
  tax: amount,
  shipping: amount,
  shippingTax: amount,
  duties: amount,
  adjustment: amount,
  discount: amount,
});

const refundLine = z.object({
  lineId: text,
  sku: maybe,
  quantity: z.number(),
  amount,
  tax: amount,
  unitPrice: amount.nullable(),
  discount: amount,
  discountKinds: z.array(z.enum(["code", "automatic", "manual", "script"])),
  giftCard: z.boolean(),
  restock: z.enum(["return", "cancel", "no_restock", "unknown"]),
  location: maybe,
});

const refundTransaction = z.object({
  id: text,
  status: z.enum(["success", "pending", "failure", "unknown"]),
  gateway: maybe,
  method: maybe,
  manual: z.boolean(),
  amount,
  presentmentAmount: amount.nullable(),
  rounding: amount,
  references: z.array(text),
  processedAt: instant.nullable(),
  location: maybe,
  user: maybe,
});

export const storefrontRefundSchema = z.object({
  role: z.literal("storefront"),
  refundId: text,
  orderId: text,
  orderNumber: text,
  orderCreatedAt: instant,
  createdAt: instant,
  processedAt: instant,
  updatedAt: instant,
  settledAt: instant.nullable(),
  currency: text,
  settled: amount,
  pending: amount,
  presentment: z
    .object({ currency: text, settled: amount, pending: amount, components })
    .nullable(),
  components,
  taxesIncluded: z.boolean(),
  lines: z.array(refundLine),
  transactions: z.array(refundTransaction),
  channel: maybe,
  app: maybe,
  staff: maybe,
  staffKnown: z.boolean(),
  retailLocation: maybe,
  returnId: maybe,
  returnStatus: maybe,
  hasNote: z.boolean(),
  noteHasReference: z.boolean(),
  discountCodes: z.number(),
  orderEdited: z.boolean(),
  customerKey: maybe,
  benign: z.array(
    z.enum([
      "payment_pending",
      "payment_failed",
      "restock_only",
      "test",
      "exchange_netted",
      "quantity_only_before_import",
      "presentment_beside_shop",
      "cash_rounding",
      "outside_scope",
      "negative_gap",
      "before_watch",
    ]),
  ),
  marks: z.array(z.enum(["identity_broken", "future_dated", "currency_missing"])),
}) satisfies z.ZodType<StorefrontRefund>;

const actor = z.object({ id: maybe, kind: z.enum(["human", "integration", "unknown"]) });

export const referenceSchema = z.object({
  field: z.enum([
    "external_id",
    "order",
    "configured",
    "other_reference",
    "memo",
    "source",
    "number",
  ]),
  text,
});

export const erpDocumentSchema = z.object({
  role: z.literal("erp"),
  documentId: text,
  documentNumber: maybe,
  kind: z.enum(["credit_memo", "customer_refund", "cash_refund", "billing_document", "other"]),
  references: z.array(referenceSchema),
  paymentReferences: z.array(text),
  createdAt: instant,
  modifiedAt: instant,
  bookedOn: day,
  period: maybe,
  periodDates: z.object({ from: day, to: day }).nullable(),
  currency: text,
  total: amount,
  tax: amount.nullable(),
  shipping: amount.nullable(),
  discount: amount.nullable(),
  lines: z
    .array(
      z.object({
        sku: maybe,
        kind: z.enum(["item", "tax", "shipping", "discount", "other"]),
        quantity: z.number().nullable(),
        amount,
      }),
    )
    .nullable(),
  state: z.enum([
    "open",
    "applied",
    "voided",
    "unapproved",
    "rejected",
    "deleted",
    "payout",
    "unknown",
  ]),
  final: z.boolean(),
  settlement: z.object({ documentId: text, amount, olderIds: z.array(text).optional() }).nullable(),
  reverses: maybe,
  createdBy: actor,
  modifiedBy: actor,
  customerKey: maybe,
}) satisfies z.ZodType<ErpDocument>;

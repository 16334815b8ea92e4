import * as z from "zod";

import {
  ACTOR_KINDS,
  BENIGN_CASES,
  CHARGE_KINDS,
  DISCOUNT_KINDS,
  DOCUMENT_KINDS,
  DOCUMENT_STATES,
  LINE_KINDS,
  PAYMENT_STATUSES,
  REFERENCE_FIELDS,
  REFUND_MARKS,
  RESTOCKS,
} from "./observation.ts";
import type { ErpDocument, StorefrontRefund } from "./observation.ts";

/**
 * Checks the observations that are read back from storage. An older version of this code or a
 * person may have written them, so they are checked like any other input.
 */
const amount = z.string().regex(/^-?\d+(\.\d+)?$/);
const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const text = z.string();
const nullableText = text.nullable();

const components = z.object({
  items: amount.nullable(),
  tax: amount,
  shipping: amount.nullable(),
  shippingTax: amount.nullable(),
  duties: amount,
  charges: z.array(z.object({ kind: z.enum(CHARGE_KINDS), amount })).optional(),
  adjustment: amount,
  discount: amount.nullable(),
});

const refundLine = z.object({
  lineId: text,
  sku: nullableText,
  quantity: z.number(),
  amount: amount.nullable(),
  tax: amount.nullable(),
  unitPrice: amount.nullable(),
  discount: amount.nullable(),
  discountKinds: z.array(z.enum(DISCOUNT_KINDS)),
  giftCard: z.boolean(),
  restock: z.enum(RESTOCKS),
  location: nullableText,
});

const refundTransaction = z.object({
  id: text,
  status: z.enum(PAYMENT_STATUSES),
  gateway: nullableText,
  method: nullableText,
  manual: z.boolean(),
  amount,
  presentmentAmount: amount.nullable(),
  rounding: amount,
  references: z.array(text),
  processedAt: instant.nullable(),
  location: nullableText,
  user: nullableText,
});

export const storefrontRefundSchema = z.object({
  role: z.literal("storefront"),
  refundId: text,
  refundNumber: text.optional(),
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
    .object({
      currency: text,
      settled: amount,
      pending: amount,
      components,
      computedWithin: amount.optional(),
    })
    .nullable(),
  components,
  partsComputed: z.boolean().optional(),
  taxRemainder: amount.optional(),
  taxesIncluded: z.boolean(),
  lines: z.array(refundLine),
  transactions: z.array(refundTransaction),
  channel: nullableText,
  app: nullableText,
  staff: nullableText,
  staffKnown: z.boolean(),
  retailLocation: nullableText,
  returnId: nullableText,
  returnStatus: nullableText,
  hasNote: z.boolean(),
  noteHasReference: z.boolean(),
  discountCodes: z.number(),
  orderEdited: z.boolean().nullable(),
  customerKey: nullableText,
  shopCredit: z.object({ holder: text, orderPaidWithIt: z.boolean() }).optional(),
  benign: z.array(z.enum(BENIGN_CASES)),
  marks: z.array(z.enum(REFUND_MARKS)),
}) satisfies z.ZodType<StorefrontRefund>;

const actor = z.object({ id: nullableText, kind: z.enum(ACTOR_KINDS) });

export const referenceSchema = z.object({
  field: z.enum(REFERENCE_FIELDS),
  text,
});

export const erpDocumentSchema = z.object({
  role: z.literal("erp"),
  documentId: text,
  documentNumber: nullableText,
  kind: z.enum(DOCUMENT_KINDS),
  references: z.array(referenceSchema),
  paymentReferences: z.array(text),
  createdAt: instant,
  createdAtIsLatest: z.boolean().optional(),
  modifiedAt: instant,
  bookedOn: day,
  period: nullableText,
  periodDates: z.object({ from: day, to: day }).nullable(),
  currency: text,
  total: amount,
  tax: amount.nullable(),
  shipping: amount.nullable(),
  discount: amount.nullable(),
  lines: z
    .array(
      z.object({
        sku: nullableText,
        kind: z.enum(LINE_KINDS),
        quantity: z.number().nullable(),
        amount,
      }),
    )
    .nullable(),
  state: z.enum(DOCUMENT_STATES),
  stateReason: text.optional(),
  final: z.boolean(),
  settlement: z
    .object({
      documentId: text,
      amount,
      olderIds: z.array(text).optional(),
      at: instant.optional(),
    })
    .nullable(),
  reverses: nullableText,
  madeFrom: z.array(text).optional(),
  createdBy: actor,
  modifiedBy: actor,
  customerKey: nullableText,
  // Documents that were stored before version 0.3.0 have no company.
  company: nullableText.default(null),
  segments: z.array(text).optional(),
}) satisfies z.ZodType<ErpDocument>;

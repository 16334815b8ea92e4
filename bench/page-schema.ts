import * as z from "zod";

/**
 * The door for pages by the million: the fields that a clean match reads, and their kinds. Amounts and
 * instants are checked by the strict parsers that read them into numbers; a row that they refuse is
 * left to the rules, whose door is the full schema.
 */
const text = z.string();
const maybe = text.nullable();

export const refundPageSchema = z.object({
  refundId: text,
  orderId: text,
  orderNumber: text,
  createdAt: text,
  processedAt: text,
  settledAt: maybe,
  currency: text,
  settled: text,
  pending: text,
  components: z.object({ tax: text, shipping: text, shippingTax: text }),
  lines: z.array(z.object({ sku: maybe })),
  transactions: z.array(z.object({ processedAt: maybe })),
  benign: z.array(text),
});

export const documentPageSchema = z.object({
  documentId: text,
  kind: text,
  references: z.array(
    z.object({
      field: z.enum(["external_id", "order", "other_reference", "memo", "number"]),
      text,
    }),
  ),
  paymentReferences: z.array(text),
  createdAt: text,
  bookedOn: text,
  periodDates: z.object({ from: text, to: text }).nullable(),
  currency: text,
  total: text,
  tax: maybe,
  shipping: maybe,
  lines: z.array(z.object({ sku: maybe, kind: text })).nullable(),
  state: text,
  settlement: z.object({ documentId: text }).nullable(),
  reverses: maybe,
});

export type RefundPage = z.infer<typeof refundPageSchema>;
export type DocumentPage = z.infer<typeof documentPageSchema>;

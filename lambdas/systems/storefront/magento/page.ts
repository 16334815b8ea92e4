import * as z from "zod";
import { plainDecimal } from "../../../refund/money/plain-decimal.ts";

/**
 * Magento's objects, checked field by field. The published schema calls fields required that real
 * answers leave out or send as null, and amounts come as numbers (texts here, see `client.ts`), as
 * texts or as null.
 *
 * Source: the published schema of the Admin REST API, `sales-data-creditmemo-interface` and others.
 */
export type Memo = z.output<typeof memoSchema>;
export type MemoItem = Memo["items"][number];
export type MagentoOrder = z.output<typeof orderSchema>;
export type Transaction = z.output<typeof transactionSchema>;
export type Return = z.output<typeof returnSchema>;

const id = z
  .string({ error: "wanted an id" })
  .regex(/^[1-9]\d{0,17}$/, "wanted an id, a whole number");
const optionalId = z
  .string()
  .nullish()
  .transform((value) =>
    value !== null && value !== undefined && /^[1-9]\d{0,17}$/.test(value) ? value : null,
  );

/** Null where it is null or blank. */
const text = z
  .union([z.string(), z.boolean().transform(String)])
  .nullish()
  .transform((value) => {
    const trimmed = value?.trim() ?? "";
    return trimmed === "" ? null : trimmed;
  });

/**
 * A decimal, or null. The column has four digits; what comes beyond them was added when a computer
 * wrote the number.
 */
const amount = z
  .union([z.string(), z.null()], { error: "wanted a decimal such as 12.5000" })
  .optional()
  .refine(
    (value) => value === undefined || value === null || value === "" || DECIMAL.test(value),
    "wanted a decimal such as 12.5000",
  )
  .transform((value) => {
    if (value === undefined || value === null || value === "") return null;
    return plainDecimal(value, COLUMN_DIGITS);
  });
const neededAmount = amount.refine((value) => value !== null, "wanted a decimal, got nothing");
const DECIMAL = /^-?\d{1,15}(\.\d{1,30})?([eE][+-]?\d{1,2})?$/;
const COLUMN_DIGITS = 4;

/** UTC without a zone; the cloud service may write the zone. */
const instant = z
  .string({ error: "wanted a time such as 2026-11-22 10:00:00" })
  .regex(
    /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/,
    "wanted a time such as 2026-11-22 10:00:00",
  )
  .transform((value) => {
    const iso = value.replace(" ", "T");
    return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
  })
  .refine((ms) => !Number.isNaN(ms), "is no time of the calendar")
  .transform((ms) => new Date(ms).toISOString());

/** PHP writes an object without fields as an empty list. */
function extension<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(
    (value) => (Array.isArray(value) || value === null || value === undefined ? {} : value),
    z.object(shape),
  );
}

/** Null, or left out: no rows. */
function rows<Row extends z.ZodType>(row: Row) {
  return z
    .array(row)
    .nullish()
    .transform((value) => value ?? []);
}

export const changedAtSchema = instant;

const itemSchema = z.object({
  order_item_id: optionalId,
  sku: text,
  qty: amount,
  price: amount,
  base_price: amount,
  row_total: amount,
  base_row_total: amount,
  tax_amount: amount,
  base_tax_amount: amount,
  discount_amount: amount,
  base_discount_amount: amount,
  discount_tax_compensation_amount: amount,
  base_discount_tax_compensation_amount: amount,
  weee_tax_applied_row_amount: amount,
  base_weee_tax_applied_row_amnt: amount,
});

const commentSchema = z.object({ comment: text });

export const memoSchema = z.object({
  entity_id: id,
  order_id: id,
  increment_id: text,
  store_id: text,
  state: text,
  created_at: instant,
  updated_at: instant,
  order_currency_code: z.string({ error: "wanted a currency" }),
  base_currency_code: text,
  grand_total: neededAmount,
  base_grand_total: amount,
  subtotal: amount,
  base_subtotal: amount,
  tax_amount: amount,
  base_tax_amount: amount,
  shipping_amount: amount,
  base_shipping_amount: amount,
  shipping_tax_amount: amount,
  base_shipping_tax_amount: amount,
  discount_amount: amount,
  base_discount_amount: amount,
  discount_tax_compensation_amount: amount,
  base_discount_tax_compensation_amount: amount,
  shipping_discount_tax_compensation_amount: amount,
  base_shipping_discount_tax_compensation_amnt: amount,
  adjustment: amount,
  base_adjustment: amount,
  adjustment_positive: amount,
  base_adjustment_positive: amount,
  adjustment_negative: amount,
  base_adjustment_negative: amount,
  transaction_id: text,
  items: rows(itemSchema),
  /** Undefined where the answer leaves it out: then only the memo by its id tells it. */
  comments: z.array(commentSchema).nullish(),
  extension_attributes: extension({
    customer_balance_amount: amount,
    base_customer_balance_amount: amount,
    gift_cards_amount: amount,
    base_gift_cards_amount: amount,
    gw_price: amount,
    gw_base_price: amount,
    gw_items_price: amount,
    gw_items_base_price: amount,
    gw_card_price: amount,
    gw_card_base_price: amount,
  }),
});

/** The fields of a memo that a list must have. */
export const listedMemoSchema = memoSchema.pick({
  entity_id: true,
  order_id: true,
  created_at: true,
  updated_at: true,
  grand_total: true,
});

const orderItemSchema = z.object({
  item_id: id,
  parent_item_id: optionalId,
  product_type: text,
  qty_ordered: amount,
  qty_invoiced: amount,
  qty_refunded: amount,
  tax_amount: amount,
  base_tax_amount: amount,
});

export const orderSchema = z.object({
  entity_id: id,
  increment_id: z
    .string({ error: "wanted the order's number" })
    .regex(/^\S(.{0,58}\S)?$/, "wanted the order's number"),
  created_at: instant,
  store_id: text,
  store_name: text,
  coupon_code: text,
  edit_increment: text,
  relation_parent_id: text,
  total_refunded: amount,
  payment: z
    .object({ method: text })
    .nullish()
    .transform((value) => value?.method ?? null),
  items: rows(orderItemSchema),
  extension_attributes: extension({
    coupon_codes: z.unknown().optional(),
    customer_balance_total_refunded: amount,
  }),
});

export const transactionSchema = z.object({
  transaction_id: id,
  order_id: id,
  txn_id: text,
  txn_type: text,
  created_at: instant,
});

export const returnSchema = z.object({
  entity_id: id,
  increment_id: text,
  order_id: id,
  date_requested: text,
  status: text,
  items: rows(z.object({ order_item_id: optionalId })),
});

export const storeSchema = z.object({ id: z.string(), code: text, name: text });

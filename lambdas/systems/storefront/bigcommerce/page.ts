import * as z from "zod";
import { plainDecimal } from "../../../refund/money/plain-decimal.ts";
import { isCurrency } from "../../../refund/money/money.ts";

/**
 * BigCommerce's records as its APIs send them, checked field by field, with every number as text.
 *
 * The published examples themselves have nulls, empty texts and missing fields where the schema
 * wants values, so everything that the product can do without is optional.
 *
 * Source: BigCommerce Orders V3 (refunds, transactions) and Orders V2 (orders, products), as
 * published.
 */
export type BigRefund = z.output<typeof refundSchema>;
export type BigOrder = z.output<typeof orderSchema>;
export type BigProduct = z.output<typeof productSchema>;
export type BigTransaction = z.output<typeof transactionSchema>;

/** A JSON number or a text of one, as a plain decimal: "1e2" becomes "100". */
const decimal = z
  .string({ error: "wanted an amount such as 12.5" })
  .regex(/^-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?$/, "wanted an amount such as 12.5")
  .transform((text) => plainDecimal(text));

/** An amount that was paid or refunded; the way it goes is told by its kind. */
const amount = decimal.refine((text) => !text.startsWith("-"), "wanted zero or more");

const id = z
  .string({ error: "wanted a whole number" })
  .regex(/^\d{1,18}$/, "wanted a whole number");
/** V2 has empty texts where a value is missing. */
const optionalText = z
  .string()
  .nullish()
  .transform((text) => (text === undefined || text === null || text === "" ? null : text));
const optionalDecimal = z
  .union([decimal, z.literal("")])
  .nullish()
  .transform((text) => (text === "" || text === undefined ? null : text));
const optionalFlag = z.boolean().nullish();

/** RFC 3339 in V3, RFC 2822 in V2 ("Tue, 05 Mar 2019 21:40:11 +0000"), always with an offset. */
const instant = z
  .string({ error: "wanted an instant with its offset" })
  .regex(
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)|[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d ([+-]\d{4}|GMT|UT|UTC))$/,
    "wanted an instant with its offset",
  )
  .refine((text) => isOfTheCalendar(text), "is no instant of the calendar")
  .transform((text) => new Date(text).toISOString());

const optionalInstant = z
  .union([instant, z.literal("")])
  .nullish()
  .transform((at) => (at === "" || at === undefined ? null : at));

const currency = z
  .string({ error: "wanted an ISO 4217 code" })
  .refine(isCurrency, "is not a currency of ISO 4217");

const itemSchema = z.object({
  item_type: z.string(),
  item_id: id.nullish(),
  quantity: id.nullish(),
  requested_amount: optionalDecimal,
  reason: z.string().nullish(),
  /** Deductions, such as a fee for the return; they are in the total already. */
  adjustments: z
    .array(z.object({ amount: optionalDecimal }))
    .nullish()
    .transform((all) => all ?? []),
});

const paymentSchema = z.object({
  id: id.nullish(),
  provider_id: optionalText,
  amount,
  offline: optionalFlag,
  is_declined: optionalFlag,
  transaction_id: z.string().nullish(),
});

/** What the list of refunds shows of each one; enough to know it again. */
export const listedRefundSchema = z.object({
  id,
  order_id: id,
  created: optionalInstant,
  total_amount: amount,
  payments: z.array(paymentSchema.pick({ amount: true, is_declined: true })).nullish(),
});

export const refundSchema = z.object({
  ...listedRefundSchema.shape,
  user_id: id.nullish(),
  reason: z.string().nullish(),
  total_tax: optionalDecimal,
  uses_merchant_override_values: optionalFlag,
  items: z
    .array(itemSchema)
    .nullish()
    .transform((all) => all ?? []),
  payments: z
    .array(paymentSchema)
    .nullish()
    .transform((all) => all ?? []),
});

/** A page of V3. The published `meta` of this list is empty, so nothing in it is relied on. */
export const pageSchema = z.object({
  data: z.array(z.unknown()),
  meta: z
    .object({ pagination: z.object({ total: z.string().regex(/^\d{1,9}$/) }).optional() })
    .nullish()
    .catch(null),
});

const feeSchema = z
  .object({
    id: id.nullish(),
    cost_inc_tax: optionalDecimal,
    cost_ex_tax: optionalDecimal,
    /** The published examples spell it both ways. */
    cost_exc_tax: optionalDecimal,
    cost_tax: optionalDecimal,
  })
  .transform(({ cost_exc_tax: exc, cost_ex_tax: ex, ...fee }) => ({
    ...fee,
    cost_ex_tax: ex ?? exc,
  }));

export const feesSchema = z.array(feeSchema);

export const orderSchema = z
  .object({
    id,
    status_id: id.nullish(),
    date_created: instant,
    date_modified: optionalInstant,
    default_currency_code: currency,
    /** Empty in a shop with one currency. */
    store_default_currency_code: optionalText,
    store_default_to_transactional_exchange_rate: optionalDecimal,
    is_tax_inclusive_pricing: optionalFlag,
    total_inc_tax: optionalDecimal,
    shipping_cost_ex_tax: optionalDecimal,
    shipping_cost_inc_tax: optionalDecimal,
    shipping_cost_tax: optionalDecimal,
    handling_cost_ex_tax: optionalDecimal,
    handling_cost_inc_tax: optionalDecimal,
    handling_cost_tax: optionalDecimal,
    coupon_discount: optionalDecimal,
    payment_method: optionalText,
    /** Zero for a guest. */
    customer_id: id.nullish().catch(null),
    store_credit_amount: optionalDecimal.catch(null),
    gift_certificate_amount: optionalDecimal.catch(null),
    order_source: optionalText,
    external_source: optionalText,
    channel_id: id.nullish(),
    /** In lists only on some plans, so `/orders/{id}/fees` is asked where it is missing. */
    fees: feesSchema.nullish().catch(null),
  })
  .transform((order) => ({ ...order, date_modified: order.date_modified ?? order.date_created }));

const discountSchema = z.object({
  id: optionalText,
  amount: optionalDecimal,
  code: optionalText,
});

export const productSchema = z.object({
  id,
  sku: optionalText,
  type: optionalText,
  quantity: id,
  price_ex_tax: optionalDecimal,
  price_inc_tax: optionalDecimal,
  total_ex_tax: optionalDecimal,
  total_inc_tax: optionalDecimal,
  total_tax: optionalDecimal,
  wrapping_cost_ex_tax: optionalDecimal,
  wrapping_cost_inc_tax: optionalDecimal,
  wrapping_cost_tax: optionalDecimal,
  return_id: id.nullish(),
  applied_discounts: z
    .array(discountSchema)
    .nullish()
    .transform((all) => all ?? []),
});

export const transactionSchema = z.object({
  id: id.nullish(),
  event: z.string(),
  method: optionalText,
  amount: decimal,
  currency: optionalText,
  gateway: optionalText,
  gateway_transaction_id: optionalText,
  test: optionalFlag,
  status: optionalText,
  date_created: optionalInstant,
});

export const couponSchema = z.object({ id: id.nullish(), code: optionalText });

/** "Sun, 31 Feb 2019" is a date to `Date.parse`, which moves it to March. */
function isOfTheCalendar(text: string): boolean {
  const at = Date.parse(text);
  if (Number.isNaN(at)) return false;
  const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)/.exec(text);
  if (iso === null) {
    const day = Number(/, (\d{1,2}) /.exec(text)?.[1] ?? "0");
    const offset = /([+-])(\d\d)(\d\d)$/.exec(text);
    const sign = offset?.[1] === "-" ? -1 : 1;
    const minutes = sign * (Number(offset?.[2] ?? 0) * 60 + Number(offset?.[3] ?? 0));
    return new Date(at + minutes * 60_000).getUTCDate() === day;
  }
  const [, year, month, day, hour] = iso.map(Number);
  const plain = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0));
  return plain.getUTCMonth() === (month ?? 0) - 1 && plain.getUTCDate() === day;
}

import { Money } from "../../lambdas/refund/money/money.ts";
import { roundParts } from "../../lambdas/refund/money/round-parts.ts";
import type { LifeOrder, LifeRefund } from "../life/life.ts";
import { storeOf } from "./stores.ts";

/**
 * The objects of Magento's REST API for a generated life, as they are at an instant (milliseconds
 * since 1970): times in UTC without a zone, amounts with four decimals, some as numbers and some as
 * texts, each in the order's and in the base currency.
 *
 * @returns null for a refund that has no memo: no money was to go back
 */
export function memoObject(
  refund: LifeRefund,
  order: LifeOrder,
  number: number,
  now: number,
): object | null {
  if (refund.transactions.length === 0) return null;
  const paid = figuresOf(refund, order, "order");
  const base = figuresOf(refund, order, "base");
  const [first] = refund.transactions;
  const state = stateAt(refund, now);
  const isOnline = first !== undefined && !first.manual && state === REFUNDED;
  const both = (name: Exclude<keyof Figures, "rows">, field: string): object => ({
    [field]: mixed(paid[name], field),
    [`base_${field}`]: mixed(base[name], field),
  });
  const zero = { adjustment: 0, base_adjustment: 0 };
  return {
    ...zero,
    entity_id: Number(refund.refundId),
    order_id: Number(order.orderId),
    increment_id: String(number).padStart(9, "0"),
    invoice_id: null,
    store_id: storeOf(order.sourceName).id,
    state,
    creditmemo_status: null,
    created_at: utc(refund.createdAt),
    updated_at: utc(changedAt(refund, now)),
    order_currency_code: order.presentmentCurrency,
    base_currency_code: order.currency,
    store_currency_code: order.currency,
    base_to_order_rate: Number(order.presentmentRate),
    ...both("grand", "grand_total"),
    ...both("subtotal", "subtotal"),
    ...both("tax", "tax_amount"),
    ...both("shipping", "shipping_amount"),
    ...both("shippingTax", "shipping_tax_amount"),
    ...both("discount", "discount_amount"),
    ...both("compensation", "discount_tax_compensation_amount"),
    ...both("plus", "adjustment_positive"),
    ...both("minus", "adjustment_negative"),
    shipping_discount_tax_compensation_amount: null,
    base_shipping_discount_tax_compensation_amnt: null,
    discount_description: order.discountCodes[0] ?? null,
    transaction_id: isOnline && !isInShop(first.gateway) ? first.paymentId : null,
    email_sent: 1,
    billing_address_id: 1,
    items: paid.rows.map((row, at) => itemObject(refund, row, base.rows[at] ?? row, at)),
    comments:
      refund.note === null
        ? []
        : [
            {
              comment: refund.note,
              created_at: utc(refund.createdAt),
              entity_id: 1,
              is_customer_notified: 0,
              is_visible_on_front: 0,
              parent_id: Number(refund.refundId),
            },
          ],
    extension_attributes: {
      customer_balance_amount: mixed(paid.balance, "extension"),
      base_customer_balance_amount: mixed(base.balance, "extension"),
      gift_cards_amount: mixed(paid.giftCards, "extension"),
      base_gift_cards_amount: mixed(base.giftCards, "extension"),
    },
  };
}

/** @param refunds the order's refunds that have a memo at that time */
export function orderObject(order: LifeOrder, refunds: readonly LifeRefund[], now: number): object {
  const store = storeOf(order.sourceName);
  const returned = new Map<string, number>();
  const posted = refunds.filter((refund) => stateAt(refund, now) === REFUNDED);
  for (const { lines } of posted) {
    for (const { lineId, quantity } of lines) {
      returned.set(lineId, (returned.get(lineId) ?? 0) + quantity);
    }
  }
  const refunded = Money.sum(
    posted.map((refund) => figuresOf(refund, order, "order").grand),
    order.presentmentCurrency,
  );
  return {
    entity_id: Number(order.orderId),
    increment_id: String(order.number).padStart(9, "0"),
    created_at: utc(order.createdAt),
    updated_at: utc(order.createdAt),
    store_id: store.id,
    store_name: `Main Website\nMain Store\n${store.name}`,
    order_currency_code: order.presentmentCurrency,
    base_currency_code: order.currency,
    coupon_code: order.discountCodes[0] ?? null,
    edit_increment: order.edited ? "1" : null,
    relation_parent_id: null,
    remote_ip: order.sourceName === "web" ? "203.0.113.7" : null,
    customer_email: "jane@example.com",
    customer_firstname: "Jane",
    billing_address: { firstname: "Jane", telephone: "5550104", street: ["1 Example Street"] },
    total_refunded: mixed(refunded, "total_refunded"),
    payment: {
      method: methodOf(order.payment.gateway),
      additional_information: ["Jane", "4111"],
      cc_last4: "1111",
    },
    items: order.lines.map((line) => ({
      item_id: Number(line.lineId),
      parent_item_id: null,
      product_type: line.giftCard ? "giftcard" : "simple",
      sku: line.sku,
      name: line.title,
      qty_ordered: line.quantity,
      qty_invoiced: line.quantity,
      qty_refunded: returned.get(line.lineId) ?? 0,
      tax_amount: mixed(converted(order, line.tax, "order"), "tax"),
      base_tax_amount: mixed(converted(order, line.tax, "base"), "tax"),
    })),
    extension_attributes: { coupon_codes: order.discountCodes },
  };
}

/** The refunds at the payment provider; they state neither an amount nor an outcome. */
export function transactionObjects(
  refund: LifeRefund,
  order: LifeOrder,
  now: number,
): readonly object[] {
  return refund.transactions.flatMap((payment) => {
    const done = payment.statuses.find(
      ({ status, at }) => status === "SUCCESS" && Date.parse(at) <= now,
    );
    if (done === undefined || payment.manual || isInShop(payment.gateway)) return [];
    return [
      {
        transaction_id: Number(payment.transactionId),
        parent_id: 1,
        order_id: Number(order.orderId),
        payment_id: 1,
        txn_id: payment.paymentId,
        parent_txn_id: order.payment.paymentId,
        txn_type: "refund",
        is_closed: 1,
        additional_information: ["Jane", "4111"],
        created_at: utc(done.at),
        child_transactions: [],
      },
    ];
  });
}

export function returnObject(refund: LifeRefund, order: LifeOrder): object | null {
  if (refund.returnName === null) return null;
  return {
    entity_id: Number(refund.refundId),
    increment_id: refund.returnName.replaceAll("#", ""),
    order_id: Number(order.orderId),
    order_increment_id: String(order.number).padStart(9, "0"),
    store_id: 1,
    customer_id: 1,
    date_requested: utc(refund.createdAt),
    customer_custom_email: "jane@example.com",
    status: "processed_closed",
    items: refund.lines.map((line, at) => ({
      entity_id: at + 1,
      rma_entity_id: Number(refund.refundId),
      order_item_id: Number(line.lineId),
      qty_returned: line.quantity,
    })),
    comments: [],
    tracks: [],
  };
}

/** When the memo was last changed, until now. */
export function changedAt(refund: LifeRefund, now: number): string {
  const times = refund.transactions.flatMap(({ statuses }) =>
    statuses.filter(({ silent }) => silent !== true).map(({ at }) => at),
  );
  return [refund.createdAt, ...times]
    .filter((at) => Date.parse(at) <= now)
    .reduce((one, other) => (Date.parse(one) > Date.parse(other) ? one : other), refund.createdAt);
}

/** "2026-11-22 10:00:00" */
export function utc(at: string): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

const METHODS: ReadonlyMap<string, string> = new Map([
  ["shopify_payments", "stripe_payments"],
  ["paypal", "paypal_express"],
  ["klarna", "klarna_kp"],
  ["bank_deposit", "banktransfer"],
  ["cash", "pos_cash"],
  ["shopify_store_credit", "free"],
  ["gift_card", "free"],
]);

function methodOf(gateway: string): string {
  return METHODS.get(gateway) ?? gateway;
}

function isInShop(gateway: string): boolean {
  return gateway === "shopify_store_credit" || gateway === "gift_card";
}

/** An open memo waits for its provider; a memo is cancelled when the provider declines. */
function stateAt({ transactions }: LifeRefund, now: number): number {
  const last = transactions.map(
    ({ statuses }) =>
      statuses.filter(({ at }) => Date.parse(at) <= now).at(-1)?.status ?? "PENDING",
  );
  if (last.includes("PENDING")) return OPEN;
  return last.includes("SUCCESS") ? REFUNDED : CANCELED;
}
const OPEN = 1;
const REFUNDED = 2;
const CANCELED = 3;

type Row = {
  readonly lineId: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: Money;
  readonly total: Money;
  readonly tax: Money;
  readonly discount: Money;
  readonly compensation: Money;
};

type Figures = Readonly<
  Record<
    | "grand"
    | "balance"
    | "giftCards"
    | "subtotal"
    | "tax"
    | "shipping"
    | "shippingTax"
    | "discount"
    | "compensation"
    | "plus"
    | "minus",
    Money
  >
> & { readonly rows: readonly Row[] };

/**
 * The figures of a memo in one of its currencies. Prices are stated without tax, and a discount on a
 * price with tax is stated with its tax; the tax in it is the compensation.
 */
function figuresOf(refund: LifeRefund, order: LifeOrder, side: "order" | "base"): Figures {
  const currency = side === "order" ? order.presentmentCurrency : order.currency;
  const money = (amount: string): Money => converted(order, amount, side);
  const paidBy = (isWanted: (gateway: string) => boolean): Money =>
    Money.sum(
      refund.transactions.flatMap(({ gateway, amount }) =>
        isWanted(gateway) ? [money(amount)] : [],
      ),
      currency,
    );
  const zero = Money.zero(currency);
  const balance = paidBy((gateway) => gateway === "shopify_store_credit");
  const giftCards = paidBy((gateway) => gateway === "gift_card");
  const grand = paidBy((gateway) => !isInShop(gateway));
  const whole = grand.plus(balance).plus(giftCards);
  const inside = order.taxesIncluded;
  const shippingTax = money(refund.shipping?.tax ?? "0");
  const shipping = money(refund.shipping?.amount ?? "0").minus(inside ? shippingTax : zero);
  const lines = refund.lines.map((line) => rowOf(line, order, side, currency));
  const tax = Money.sum(
    lines.map((line) => line.tax),
    currency,
  ).plus(shippingTax);
  const adjustment = Money.sum(
    refund.adjustments.map(({ amount }) => money(amount)),
    currency,
  ).negated();
  const goods = Money.sum(lines.map(netOf), currency);
  const set = adjustment.plus(money(refund.duties));
  const rest = whole.minus(goods).minus(tax).minus(shipping).minus(set);
  // What the conversion rounded away belongs to the goods, else to the shipping.
  const drift = currency === order.currency ? zero : rest;
  const rows = lines.length === 0 ? lines : shifted(lines, drift);
  return {
    grand,
    balance,
    giftCards,
    tax,
    shipping: lines.length === 0 ? shipping.plus(drift) : shipping,
    shippingTax,
    subtotal: Money.sum(
      rows.map(({ total }) => total),
      currency,
    ),
    discount: Money.sum(
      rows.map(({ discount }) => discount),
      currency,
    ).negated(),
    compensation: Money.sum(
      rows.map((row) => row.compensation),
      currency,
    ),
    plus: set.isNegative() ? zero : set,
    minus: set.isNegative() ? set.negated() : zero,
    rows,
  };
}

function netOf({ total, discount, compensation }: Row): Money {
  return total.minus(discount).plus(compensation);
}

function shifted(rows: readonly Row[], by: Money): readonly Row[] {
  const currency = by.currency;
  const totals = rows.map(({ total }) => total);
  const whole = Money.sum(totals, currency).plus(by);
  const parts = roundParts(
    totals.map((total) => total.plus(by.dividedBy(rows.length))),
    whole.rounded("half-up"),
  );
  if (parts === null)
    return rows.map((row, at) => (at === 0 ? { ...row, total: row.total.plus(by) } : row));
  return rows.map((row, at) => ({ ...row, total: parts[at] ?? row.total }));
}

function rowOf(
  line: LifeRefund["lines"][number],
  order: LifeOrder,
  side: "order" | "base",
  currency: string,
): Row {
  const sold = order.lines.find(({ lineId }) => lineId === line.lineId);
  const inside = order.taxesIncluded;
  const money = (amount: string): Money => converted(order, amount, side);
  const tax = money(line.tax);
  const stated = money(line.subtotal);
  const net = inside ? stated.minus(tax) : stated;
  const all = Money.sum(
    (sold?.discounts ?? []).map(({ amount }) => money(amount)),
    currency,
  );
  const discount = all
    .times(line.quantity)
    .dividedBy(sold?.quantity ?? 1)
    .rounded("half-up");
  const compensation =
    inside && !stated.isZero()
      ? discount.times(tax.toString()).dividedBy(stated.toString()).rounded("half-up", 4)
      : Money.zero(currency);
  const unit = money(sold?.unitPrice ?? "0");
  const price =
    inside && !stated.isZero()
      ? unit.times(net.toString()).dividedBy(stated.toString()).rounded("half-up", 4)
      : unit;
  return {
    lineId: line.lineId,
    sku: sold?.sku ?? "",
    name: sold?.title ?? "",
    quantity: line.quantity,
    price,
    total: net.plus(discount).minus(compensation),
    tax,
    discount,
    compensation,
  };
}

function itemObject(refund: LifeRefund, paid: Row, base: Row, at: number): object {
  const both = (name: "price" | "total" | "tax" | "discount" | "compensation", field: string) => ({
    [field]: mixed(paid[name], field),
    [`base_${field}`]: mixed(base[name], field),
  });
  return {
    entity_id: Number(refund.lines[at]?.id ?? at + 1),
    order_item_id: Number(paid.lineId),
    parent_id: Number(refund.refundId),
    sku: paid.sku,
    name: paid.name,
    qty: paid.quantity,
    ...both("price", "price"),
    ...both("total", "row_total"),
    ...both("tax", "tax_amount"),
    ...both("discount", "discount_amount"),
    ...both("compensation", "discount_tax_compensation_amount"),
  };
}

function converted(order: LifeOrder, amount: string, side: "order" | "base"): Money {
  const { currency, presentmentCurrency: paid, presentmentRate: rate } = order;
  const own = Money.of(amount, currency);
  if (side === "base" || currency === paid) return own;
  return Money.of(own.times(rate).toString(), paid).rounded("half-up");
}

/** Some fields are numbers and some are texts with four decimals, as real answers have them. */
function mixed(amount: Money, field: string): number | string {
  const exact = amount.rounded("half-up", 4).toString();
  if (field.length % 2 === 0) return Number(exact);
  const [whole = "0", parts = ""] = exact.split(".");
  return `${whole}.${parts.padEnd(4, "0").slice(0, 4)}`;
}

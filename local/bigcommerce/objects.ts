import { Money } from "../../lambdas/refund/money/money.ts";
import type { Life, LifeOrder, LifeOrigin, LifeRefund } from "../life/life.ts";

/**
 * The objects of BigCommerce's APIs for a generated life, as they are at an instant (milliseconds
 * since 1970). Ids of orders are their numbers, because people see the id in BigCommerce.
 *
 * Amounts of V3 are JSON numbers, amounts of V2 are texts with four decimals. All amounts are in the
 * order's transactional currency, which the shopper paid.
 */
export function refundObject(refund: LifeRefund, order: LifeOrder, now: number): object | null {
  if (Date.parse(refund.createdAt) > now || refund.transactions.length === 0) return null;
  const payments = refund.transactions.map((payment, at) => {
    const seen = statusAt(payment, now);
    return {
      id: Number(payment.transactionId) % 1_000_000_000,
      provider_id: providerOf(payment.gateway),
      amount: toNumber(order, payment.amount),
      offline: payment.manual || isInShop(payment.gateway),
      is_declined: seen?.status === "FAILURE" || seen?.status === "ERROR",
      declined_message: seen?.status === "FAILURE" ? "Declined by the provider" : "",
      ...(at === 0 && { transaction_id: payment.transactionId }),
    };
  });
  const items = itemsOf(refund, order);
  const tax = Money.sum(
    [...refund.lines.map((line) => line.tax), refund.shipping?.tax ?? "0"].map((one) =>
      inTransaction(order, one),
    ),
    order.presentmentCurrency,
  );
  const total = Money.sum(
    refund.transactions.map(({ amount }) => inTransaction(order, amount)),
    order.presentmentCurrency,
  );
  return {
    id: Number(refund.refundId),
    order_id: order.number,
    user_id: refund.staff === null ? 0 : Number(refund.staff.id),
    created: seconds(refund.createdAt).replace("Z", "+00:00"),
    reason: refund.note ?? "",
    total_amount: Number(total.toString()),
    total_tax: Number(tax.toString()),
    uses_merchant_override_values: refund.adjustments.some(({ amount }) => !amount.startsWith("-")),
    items,
    payments,
  };
}

/** @param refunds the order's refunds that exist at that time */
export function orderObject(
  order: LifeOrder,
  refunds: readonly LifeRefund[],
  now: number,
  statusByHand: number | null = null,
): object {
  const { currency: shop, presentmentCurrency: paid } = order;
  const zero = inTransaction(order, "0");
  const shipping = inTransaction(order, order.shipping?.amount ?? "0");
  const shippingTax = inTransaction(order, order.shipping?.tax ?? "0");
  const inside = order.taxesIncluded;
  const discount = Money.sum(
    order.lines.flatMap((line) => line.discounts.map(({ amount }) => inTransaction(order, amount))),
    paid,
  );
  const coupon = order.discountCodes.length > 0 ? discount : zero;
  const total = inTransaction(order, order.payment.amount);
  return {
    id: order.number,
    customer_id: Number(order.customer?.id ?? 0),
    date_created: mailDate(order.createdAt),
    date_modified: mailDate(modifiedAt(order, refunds, now)),
    date_shipped: "",
    status_id: statusByHand ?? statusOf(order, refunds),
    status: "any",
    shipping_cost_ex_tax: four(inside ? shipping.minus(shippingTax) : shipping),
    shipping_cost_inc_tax: four(inside ? shipping : shipping.plus(shippingTax)),
    shipping_cost_tax: four(shippingTax),
    handling_cost_ex_tax: four(zero),
    handling_cost_inc_tax: four(zero),
    handling_cost_tax: four(zero),
    total_ex_tax: four(total),
    total_inc_tax: four(total),
    is_tax_inclusive_pricing: inside,
    payment_method: order.payment.formattedGateway,
    payment_status: "captured",
    refunded_amount: "0.0000",
    store_credit_amount: isInShop(order.payment.gateway) ? four(total) : "0.0000",
    currency_code: paid,
    default_currency_code: paid,
    store_default_currency_code: shop,
    store_default_to_transactional_exchange_rate: order.presentmentRate,
    staff_notes: "",
    customer_message: "",
    billing_address: { first_name: "Jane", email: "jane@example.com", phone: "5550104" },
    coupon_discount: four(coupon),
    discount_amount: four(discount.minus(coupon)),
    ...sourceOf(order),
    channel_id: 1,
  };
}

/** @param refunds the order's refunds that exist at that time: a returned row names its return */
export function productObjects(
  order: LifeOrder,
  refunds: readonly LifeRefund[],
): readonly object[] {
  const returned = new Map(
    refunds.flatMap((refund) =>
      refund.returnName === null ? [] : refund.lines.map(({ lineId }) => [lineId, refund] as const),
    ),
  );
  return order.lines.map((line) => {
    const whole = inTransaction(order, line.unitPrice).times(line.quantity);
    const discounts = line.discounts.map((one) => ({
      id: one.kind === "code" ? "coupon" : one.kind === "manual" ? "manual-discount" : "7",
      amount: four(inTransaction(order, one.amount)),
      name: one.label,
      code: one.kind === "code" ? one.label : null,
      target: "product",
    }));
    const off = Money.sum(
      discounts.map(({ amount }) => Money.of(amount, order.presentmentCurrency)),
      order.presentmentCurrency,
    );
    const tax = inTransaction(order, line.tax);
    const paid = whole.minus(off);
    // The row's figures are before discounts, so its tax is the one on the whole price.
    const rowTax = paid.isZero() ? tax : tax.times(whole.toString()).dividedBy(paid.toString());
    const net = order.taxesIncluded ? whole.minus(rowTax) : whole;
    const gross = order.taxesIncluded ? whole : whole.plus(rowTax);
    const each = (amount: Money): string => four(amount.dividedBy(line.quantity));
    return {
      id: Number(line.lineId),
      order_id: order.number,
      name: line.title,
      sku: line.sku,
      type: line.giftCard ? "giftcertificate" : "physical",
      price_ex_tax: each(net),
      price_inc_tax: each(gross),
      total_ex_tax: four(net),
      total_inc_tax: four(gross),
      total_tax: four(rowTax),
      quantity: line.quantity,
      is_refunded: false,
      quantity_refunded: 0,
      refund_amount: "0.0000",
      return_id: Number(returned.get(line.lineId)?.refundId ?? 0),
      wrapping_cost_ex_tax: "0.0000",
      wrapping_cost_inc_tax: "0.0000",
      wrapping_cost_tax: "0.0000",
      applied_discounts: discounts,
    };
  });
}

export function feeObjects(order: LifeOrder, refunds: readonly LifeRefund[]): readonly object[] {
  return refunds
    .filter(({ duties }) => /[1-9]/.test(duties))
    .map(({ refundId, duties }) => {
      const cost = four(inTransaction(order, duties));
      return { id: feeId(refundId), cost_ex_tax: cost, cost_inc_tax: cost, cost_tax: "0.0000" };
    });
}

/** The order's purchase, and one row for each refund that its provider decided. */
export function transactionObjects(
  order: LifeOrder,
  refunds: readonly LifeRefund[],
  now: number,
): readonly object[] {
  const purchase = {
    id: Number(order.payment.transactionId) % 1_000_000_000,
    order_id: String(order.number),
    event: "purchase",
    method: "credit_card",
    amount: toNumber(order, order.payment.amount),
    currency: order.presentmentCurrency,
    gateway: providerOf(order.payment.gateway),
    gateway_transaction_id: order.payment.paymentId,
    test: order.test,
    status: "ok",
    date_created: seconds(order.createdAt),
  };
  const back = refunds.flatMap((refund) =>
    refund.transactions.flatMap((payment) => {
      const seen = statusAt(payment, now);
      if (seen === null || seen.status === "PENDING" || payment.manual) return [];
      return [
        {
          ...purchase,
          id: payment.transactionId,
          event: "refund",
          method: isInShop(payment.gateway) ? "store_credit" : "credit_card",
          amount: toNumber(order, payment.amount),
          gateway: providerOf(payment.gateway),
          gateway_transaction_id: payment.paymentId,
          test: payment.test,
          status: seen.status === "SUCCESS" ? "ok" : "error",
          date_created: seconds(seen.at),
        },
      ];
    }),
  );
  return [purchase, ...back].map((row) => ({ ...row, id: Number(row.id) }));
}

/**
 * The same life of a shop on BigCommerce: where an integration writes the id of an order into the
 * ERP, it writes BigCommerce's, which is the order's number.
 */
export function withOwnIds(life: Life): Life {
  const numbers = new Map(life.orders.map(({ orderId, number }) => [orderId, String(number)]));
  const own = (text: string | null): string | null =>
    text?.replace(/\d{10,}/, (id) => numbers.get(id) ?? id) ?? null;
  const ownOrigin = (origin: LifeOrigin): LifeOrigin => ({
    ...origin,
    externalId: own(origin.externalId),
    ...(origin.madeFrom !== undefined && { madeFrom: ownOrigin(origin.madeFrom) }),
  });
  return {
    ...life,
    documents: life.documents.map((document) => ({
      ...document,
      createdFrom: document.createdFrom === null ? null : ownOrigin(document.createdFrom),
      versions: document.versions.map((version) => ({
        ...version,
        externalId: own(version.externalId),
        memo: own(version.memo),
      })),
    })),
  };
}

/** The name under which the connector gives this channel of a life. */
export function channelName(sourceName: string): string {
  return sourceName === "shopify_draft_order" ? "manual" : sourceName;
}

function itemsOf(refund: LifeRefund, order: LifeOrder): readonly object[] {
  const reason = "";
  const shipping = refund.shipping;
  const goods = refund.lines.map((line) => ({
    item_type: "PRODUCT",
    item_id: Number(line.lineId),
    quantity: line.quantity,
    requested_amount: null,
    reason,
  }));
  const more = refund.adjustments
    .filter(({ amount }) => amount.startsWith("-"))
    .map(({ amount }) => ({
      item_type: "ORDER",
      item_id: order.number,
      requested_amount: toNumber(order, amount.slice(1)),
      reason,
    }));
  const duties = /[1-9]/.test(refund.duties)
    ? [
        {
          item_type: "FEE",
          item_id: feeId(refund.refundId),
          requested_amount: toNumber(order, refund.duties),
          reason,
        },
      ]
    : [];
  return [
    ...goods,
    ...(shipping === null
      ? []
      : [
          {
            item_type: "SHIPPING",
            item_id: order.number,
            requested_amount: toNumber(order, shipping.amount),
            reason,
          },
        ]),
    ...duties,
    ...more,
  ];
}

function statusOf(order: LifeOrder, refunds: readonly LifeRefund[]): number {
  if (refunds.length === 0) return 10;
  const back = refunds.flatMap(({ transactions }) => transactions.map(({ amount }) => amount));
  const sum = Money.sum(
    back.map((amount) => Money.of(amount, order.currency)),
    order.currency,
  );
  return sum.compare(Money.of(order.payment.amount, order.currency)) >= 0 ? 4 : 14;
}

function modifiedAt(order: LifeOrder, refunds: readonly LifeRefund[], now: number): string {
  const changes = [order.createdAt, ...order.touchedAt, ...refunds.map((one) => one.createdAt)];
  return changes
    .filter((at) => Date.parse(at) <= now)
    .reduce((one, other) => (Date.parse(one) > Date.parse(other) ? one : other));
}

type Payment = LifeRefund["transactions"][number];

function statusAt({ statuses }: Payment, now: number): Payment["statuses"][number] | null {
  return statuses.filter(({ at }) => Date.parse(at) <= now).at(-1) ?? null;
}

/** A platform of another shop is in `external_source`. */
function sourceOf({ sourceName }: LifeOrder): object {
  return /^\d+$/.test(sourceName)
    ? { order_source: "external", external_source: sourceName }
    : { order_source: channelName(sourceName), external_source: null };
}

const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["shopify_store_credit", "storecredit"],
  ["gift_card", "giftcertificate"],
  ["shopify_payments", "braintree"],
  ["paypal", "paypalexpress"],
]);

function providerOf(gateway: string): string {
  return PROVIDERS.get(gateway) ?? gateway;
}

function isInShop(gateway: string): boolean {
  return gateway === "shopify_store_credit" || gateway === "gift_card";
}

function feeId(refundId: string): number {
  return Number(refundId) % 1_000_000_007;
}

function inTransaction(order: LifeOrder, amount: string): Money {
  const { currency, presentmentCurrency: paid, presentmentRate: rate } = order;
  const own = Money.of(amount, currency);
  if (currency === paid) return own;
  return Money.of(own.times(rate).toString(), paid).rounded("half-up");
}

function toNumber(order: LifeOrder, amount: string): number {
  return Number(inTransaction(order, amount).toString());
}

function four(amount: Money): string {
  const [whole = "0", parts = ""] = amount.rounded("half-up", 4).toString().split(".");
  return `${whole}.${parts.padEnd(4, "0").slice(0, 4)}`;
}

/** "2026-11-22T10:00:00Z" */
function seconds(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** RFC 2822, as in V2: "Tue, 05 Mar 2019 21:40:11 +0000". */
function mailDate(instant: string): string {
  return new Date(instant).toUTCString().replace("GMT", "+0000");
}

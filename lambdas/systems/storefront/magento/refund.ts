import type { Amount } from "../../../refund/money/amount.ts";
import { Money } from "../../../refund/money/money.ts";
import type {
  BenignCase,
  RefundLine,
  RefundTransaction,
  StorefrontRefund,
} from "../../../refund/observation/observation.ts";
import { namesTicket } from "../../redact.ts";
import type { MemoFacts } from "./facts.ts";
import { type Figures, figuresOf, hasTwoCurrencies } from "./figures.ts";
import { paymentsOf } from "./payments.ts";
import { taxRemainderOf } from "./remainder.ts";

/**
 * Converts one credit memo of Magento to a refund. Its own amounts are in the website's base
 * currency; the order's currency, which the buyer paid, stands beside it.
 *
 * @throws Unreadable with the field, where a needed value is missing
 */
export function storefrontRefund(facts: MemoFacts, settings: MagentoScope): StorefrontRefund {
  const { memo, order } = facts;
  const paidFigures = figuresOf(memo, order, "order");
  const isTwo = hasTwoCurrencies(memo);
  const own = isTwo ? figuresOf(memo, order, "base") : paidFigures;
  const other = isTwo ? paidFigures : null;
  const { smallestCoin } = settings;
  const payments = paymentsOf(facts, { own, other }, { smallestCoin, now: facts.now });
  const comments = (memo.comments ?? []).flatMap(({ comment }) => comment ?? []);
  const back = returnOf(facts);
  const remainder = taxRemainderOf(facts, own, isTwo ? "base" : "order");
  return {
    role: "storefront",
    refundId: memo.entity_id,
    ...(memo.increment_id !== null && { refundNumber: memo.increment_id }),
    orderId: order.entity_id,
    orderNumber: order.increment_id,
    orderCreatedAt: order.created_at,
    createdAt: memo.created_at,
    processedAt: memo.created_at,
    updatedAt: memo.updated_at,
    settledAt: settledAt(payments),
    currency: own.currency,
    settled: paid(payments, SETTLED, own.currency, ({ amount }) => amount),
    pending: paid(payments, ["pending"], own.currency, ({ amount }) => amount),
    presentment:
      other === null
        ? null
        : {
            currency: other.currency,
            settled: paid(payments, SETTLED, other.currency, inOther),
            pending: paid(payments, ["pending"], other.currency, inOther),
            components: other.components,
          },
    components: own.components,
    ...(own.isRounded && { partsComputed: true }),
    taxesIncluded: false,
    lines: linesOf(facts, own),
    transactions: payments,
    channel: facts.storeView,
    app: null,
    staff: null,
    // Magento does not tell who made a memo.
    staffKnown: false,
    retailLocation: null,
    returnId: back?.increment_id ?? back?.entity_id ?? null,
    returnStatus: back?.status ?? null,
    hasNote: comments.length > 0,
    noteHasReference: comments.some(namesTicket),
    discountCodes: codesOf(facts),
    // An edited order is a new order that names the one it replaces.
    orderEdited: order.relation_parent_id !== null || Number(order.edit_increment ?? "0") > 0,
    customerKey: null,
    benign: benignCases(facts, payments, settings),
    marks: own.addsUp && paidFigures.addsUp ? [] : ["identity_broken"],
    ...(remainder !== null && { taxRemainder: remainder }),
  };
}

export type MagentoScope = {
  /** Codes or names of store views, or ids of them. */
  readonly channels: readonly string[];
  readonly gateways: readonly string[];
  /** Payments in cash are rounded to it; null where none is. */
  readonly smallestCoin: Amount | null;
};

const SETTLED: readonly RefundTransaction["status"][] = ["success", "unknown"];

function inOther({ presentmentAmount }: RefundTransaction): Amount {
  return presentmentAmount ?? "0";
}

function paid(
  payments: readonly RefundTransaction[],
  statuses: readonly RefundTransaction["status"][],
  currency: string,
  amountOf: (payment: RefundTransaction) => Amount,
): Amount {
  const counted = payments.filter(({ status }) => statuses.includes(status));
  return Money.sum(
    counted.map((payment) => Money.of(amountOf(payment), currency)),
    currency,
  ).toString();
}

function settledAt(payments: readonly RefundTransaction[]): string | null {
  const times = payments.flatMap(({ status, processedAt }) =>
    SETTLED.includes(status) && processedAt !== null ? [processedAt] : [],
  );
  return times.toSorted().at(-1) ?? null;
}

function linesOf({ order }: MemoFacts, { rows }: Figures): readonly RefundLine[] {
  const typeOf = new Map(order.items.map(({ item_id: id, product_type: type }) => [id, type]));
  const kind = order.coupon_code === null ? ("automatic" as const) : ("code" as const);
  return rows.flatMap(({ item, amount, tax, discount, unitPrice }, at): RefundLine[] => {
    const quantity = Number(item.qty ?? "0");
    if (quantity === 0 && amount.isZero()) return [];
    return [
      {
        lineId: item.order_item_id ?? String(at + 1),
        sku: item.sku,
        quantity,
        amount: amount.toString(),
        tax: tax.toString(),
        unitPrice: unitPrice?.toString() ?? null,
        discount: discount.toString(),
        discountKinds: discount.isZero() ? [] : [kind],
        giftCard: typeOf.get(item.order_item_id ?? "") === "giftcard",
        restock: "unknown",
        location: null,
      },
    ];
  });
}

/** The newest return of the order with goods of this memo. */
function returnOf({ memo, returns }: MemoFacts): NonNullable<MemoFacts["returns"]>[number] | null {
  const goods = new Set(memo.items.flatMap(({ order_item_id: id }) => id ?? []));
  const fitting = (returns ?? []).filter(({ items }) =>
    items.some(({ order_item_id: id }) => id !== null && goods.has(id)),
  );
  return fitting.at(-1) ?? null;
}

function codesOf({ order }: MemoFacts): number {
  const { coupon_codes: codes } = order.extension_attributes;
  if (Array.isArray(codes) && codes.length > 0) return codes.length;
  return order.coupon_code === null ? 0 : 1;
}

function benignCases(
  facts: MemoFacts,
  payments: readonly RefundTransaction[],
  settings: MagentoScope,
): BenignCase[] {
  const cases: BenignCase[] = [];
  const has = (...wanted: RefundTransaction["status"][]): boolean =>
    payments.some(({ status }) => wanted.includes(status));
  if (payments.length === 0) cases.push("restock_only");
  else if (!has("success", "unknown")) {
    cases.push(has("pending") ? "payment_pending" : "payment_failed");
  }
  if (payments.some(({ rounding }) => /[1-9]/.test(rounding))) cases.push("cash_rounding");
  if (isOutside(facts, payments, settings)) cases.push("outside_scope");
  return cases;
}

function isOutside(
  { memo, order, storeView }: MemoFacts,
  payments: readonly RefundTransaction[],
  { channels, gateways }: MagentoScope,
): boolean {
  if (channels.length > 0) {
    // "Main Website\nMain Store\nDefault Store View"
    const names = (order.store_name ?? "").split("\n").map((name) => name.trim());
    const places = [storeView, memo.store_id ?? order.store_id, ...names];
    if (!places.some((place) => place !== null && place !== "" && channels.includes(place))) {
      return true;
    }
  }
  if (gateways.length === 0 || payments.length === 0) return false;
  return !payments.some(({ gateway }) => gateways.includes(gateway ?? ""));
}

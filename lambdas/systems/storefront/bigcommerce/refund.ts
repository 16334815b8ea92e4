import type { Amount } from "../../../refund/money/amount.ts";
import { canonicalAmount, Money } from "../../../refund/money/money.ts";
import type {
  BenignCase,
  RefundLine,
  RefundTransaction,
  StorefrontRefund,
} from "../../../refund/observation/observation.ts";
import { staysInTheShop } from "../../../refund/observation/tenders.ts";
import { holderOf } from "../holder.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import { namesTicket } from "../../redact.ts";
import type { BigOrder, BigProduct, BigRefund, BigTransaction } from "./page.ts";
import { componentsOf, partedItems, partsOf } from "./parts.ts";
import type { Parts } from "./parts.ts";
import { inShopCurrency } from "./shop-currency.ts";
import { paymentsOf } from "./payments.ts";

/**
 * Converts one refund of BigCommerce to ours. A refund has no currency of its own: its amounts are
 * in the order's transactional currency, which the shopper paid.
 *
 * @throws Unreadable with the field, where a needed value is missing
 */
export function storefrontRefund(read: RefundFacts, settings: BigCommerceScope): StorefrontRefund {
  const { refund, order, products, transactions, now } = read;
  const currency = currencyOf(read);
  const createdAt = createdOf(read);
  const { smallestCoin } = settings;
  const about = { order, transactions, currency, createdAt, now, smallestCoin };
  const payments = paymentsOf(refund, about);
  const total = canonicalAmount(refund.total_amount, currency);
  if (payments.length === 0 && /[1-9]/.test(total)) {
    throw new Unreadable(`payments: wanted at least one for a total of ${total}, got none`);
  }
  const parts = order === null ? null : partsOf({ order, products }, refund, currency);
  const money = {
    settled: paid(payments, ["success", "unknown"], currency),
    pending: paid(payments, ["pending"], currency),
    components: componentsOf(refund, parts, currency),
  };
  const settledTimes = payments.flatMap(({ status, processedAt }) =>
    (status === "success" || status === "unknown") && processedAt !== null ? [processedAt] : [],
  );
  const { staff, app } = makerOf(refund, settings);
  const notes = [refund.reason, ...refund.items.map(({ reason }) => reason)];
  const note = notes
    .map((text) => text?.trim() ?? "")
    .filter((text) => text !== "")
    .join(" ");
  return {
    role: "storefront",
    refundId: refund.id,
    orderId: refund.order_id,
    orderNumber: refund.order_id,
    orderCreatedAt: order?.date_created ?? createdAt,
    createdAt,
    processedAt: createdAt,
    // A payment that was declined after it was made must not look like an older version.
    updatedAt:
      [createdAt, ...payments.flatMap((one) => one.processedAt ?? [])].toSorted().at(-1) ??
      createdAt,
    settledAt: settledTimes.toSorted().at(-1) ?? null,
    currency,
    ...money,
    ...(parts !== null && parts.amounts.length > 0 && { partsComputed: true }),
    presentment: inShopCurrency(order, { currency, ...money }),
    taxesIncluded: order?.is_tax_inclusive_pricing === true,
    lines: linesOf(refund, products, parts, currency, order?.is_tax_inclusive_pricing === true),
    transactions: payments,
    channel: order === null ? null : channelOf(order),
    app,
    staff,
    staffKnown: staff !== null || app !== null,
    retailLocation: null,
    returnId: returnOf(refund, products),
    returnStatus: null,
    hasNote: note !== "",
    noteHasReference: namesTicket(note),
    discountCodes: codesOf(read),
    orderEdited: null,
    customerKey: null,
    ...creditOf(payments, order),
    benign: benignCases(payments, order, settings),
    marks: addsUp(refund, currency) ? [] : ["identity_broken"],
  };
}

/** Whose credit it is, where the refund went back as credit and the order has a customer. */
function creditOf(
  payments: readonly RefundTransaction[],
  order: BigOrder | null,
): Pick<StorefrontRefund, "shopCredit"> {
  const customer = order?.customer_id ?? null;
  if (order === null || customer === null || customer === "0") return {};
  if (!payments.some(staysInTheShop)) return {};
  const { store_credit_amount: credit, gift_certificate_amount: certificate } = order;
  const orderPaidWithIt = [credit, certificate].some((amount) => /[1-9]/.test(amount ?? ""));
  return { shopCredit: { holder: holderOf("bigcommerce", customer), orderPaidWithIt } };
}

export type RefundFacts = {
  readonly refund: BigRefund;
  /** Null where the order was deleted. */
  readonly order: BigOrder | null;
  readonly products: readonly BigProduct[];
  /** Null where the token may not read them. */
  readonly transactions: readonly BigTransaction[] | null;
  /** How many coupons the order has; null where its rows tell it. */
  readonly coupons: number | null;
  readonly now: Instant;
};

export type BigCommerceScope = {
  /** Ids of users that are machines. */
  readonly integrationApps: readonly string[];
  readonly channels: readonly string[];
  readonly gateways: readonly string[];
  /** Payments in cash are rounded to it, in the shop's currency; null where none is. */
  readonly smallestCoin: Amount | null;
};

/** A needed value is missing in a record: it is rejected with this reason. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** The order's name of the place where it was placed: "www", "pos", a marketplace. */
export function channelOf({
  order_source: source,
  external_source: external,
}: BigOrder): string | null {
  return source === "external" && external !== null ? external : (source ?? external);
}

function currencyOf({ order, transactions, refund }: RefundFacts): string {
  const code = order?.default_currency_code;
  if (code !== undefined) return code;
  const named = new Set((transactions ?? []).flatMap(({ currency }) => currency ?? []));
  const [only, another] = named;
  if (only !== undefined && another === undefined) return only;
  throw new Unreadable(
    `order ${refund.order_id}: wanted its currency, but BigCommerce does not show the order, and its transactions name ${named.size} currencies`,
  );
}

/** The published example has an empty text here. */
function createdOf({ refund, transactions, order }: RefundFacts): Instant {
  if (refund.created !== null) return refund.created;
  const [first] = (transactions ?? [])
    .flatMap(({ event, date_created: at }) => (event === "refund" && at !== null ? [at] : []))
    .toSorted();
  const created = first ?? order?.date_modified;
  if (created !== undefined) return created;
  throw new Unreadable("created: wanted an instant with its offset, got nothing");
}

function paid(
  payments: readonly RefundTransaction[],
  statuses: readonly RefundTransaction["status"][],
  currency: string,
): string {
  const counted = payments.filter(({ status }) => statuses.includes(status));
  return Money.sum(
    counted.map(({ amount }) => Money.of(amount, currency)),
    currency,
  ).toString();
}

function makerOf(
  { user_id: user }: BigRefund,
  { integrationApps }: BigCommerceScope,
): Pick<StorefrontRefund, "staff" | "app"> {
  if (user === null || user === undefined) return { staff: null, app: null };
  const isMachine = integrationApps.includes(user) || integrationApps.includes(`user ${user}`);
  // 0 is whoever made it through the API: an integration, or a person in another tool.
  if (user === "0" && !isMachine) return { staff: null, app: null };
  return isMachine ? { staff: null, app: user } : { staff: user, app: null };
}

function linesOf(
  refund: BigRefund,
  products: readonly BigProduct[],
  parts: Parts | null,
  currency: string,
  isInside: boolean,
): readonly RefundLine[] {
  return partedItems(refund).flatMap((item, index): RefundLine[] => {
    if (item.item_type !== "PRODUCT") return [];
    const row = products.find(({ id }) => id === item.item_id);
    const price = isInside ? row?.price_inc_tax : row?.price_ex_tax;
    const kinds = row?.applied_discounts.flatMap((one) =>
      /[1-9]/.test(one.amount ?? "") ? [discountKind(one)] : [],
    );
    return [
      {
        lineId: item.item_id ?? String(index + 1),
        sku: row?.sku ?? null,
        quantity: Number(item.quantity ?? "0"),
        amount: parts?.amounts[index]?.toString() ?? null,
        tax: parts?.taxes[index]?.toString() ?? null,
        unitPrice:
          price === null || price === undefined
            ? null
            : Money.of(price, currency).rounded("half-up").toString(),
        discount: parts?.discounts[index]?.toString() ?? null,
        discountKinds: [...new Set(kinds ?? [])].toSorted(),
        giftCard: row?.type === "giftcertificate",
        restock: "unknown",
        location: null,
      },
    ];
  });
}

function discountKind({
  id,
  code,
}: BigProduct["applied_discounts"][number]): RefundLine["discountKinds"][number] {
  if (code !== null || id === "coupon") return "code";
  return id !== null && id.includes("manual") ? "manual" : "automatic";
}

function codesOf({ products, coupons }: RefundFacts): number {
  if (coupons !== null) return coupons;
  const codes = products.flatMap((row) => row.applied_discounts.flatMap(({ code }) => code ?? []));
  return new Set(codes).size;
}

function returnOf({ items }: BigRefund, products: readonly BigProduct[]): string | null {
  const ids = items.flatMap(({ item_type: kind, item_id: id }) => (kind === "PRODUCT" ? [id] : []));
  const row = products.find(({ id, return_id: back }) => ids.includes(id) && Number(back) > 0);
  return row?.return_id ?? null;
}

function benignCases(
  payments: readonly RefundTransaction[],
  order: BigOrder | null,
  scope: BigCommerceScope,
): BenignCase[] {
  const cases: BenignCase[] = [];
  const has = (wanted: RefundTransaction["status"]): boolean =>
    payments.some(({ status }) => status === wanted);
  if (payments.length === 0) cases.push("restock_only");
  else if (has("success") || has("unknown")) {
    // Money moved.
  } else cases.push(has("pending") ? "payment_pending" : "payment_failed");
  if (payments.some(({ rounding }) => /[1-9]/.test(rounding))) cases.push("cash_rounding");
  if (isOutside(order, payments, scope)) cases.push("outside_scope");
  return cases;
}

function isOutside(
  order: BigOrder | null,
  payments: readonly RefundTransaction[],
  { channels, gateways }: BigCommerceScope,
): boolean {
  if (channels.length > 0 && order !== null) {
    const names = [channelOf(order), order.order_source, order.external_source, order.channel_id];
    if (!names.some((name) => name !== null && name !== undefined && channels.includes(name))) {
      return true;
    }
  }
  if (gateways.length === 0 || payments.length === 0) return false;
  return !payments.some(({ gateway }) => gateways.includes(gateway ?? ""));
}

/** The identity of the record: the payments add up to the total. */
function addsUp({ payments, total_amount: total }: BigRefund, currency: string): boolean {
  const sum = Money.sum(
    payments.map(({ amount }) => Money.of(amount, currency)),
    currency,
  );
  return sum.equals(Money.of(total, currency));
}

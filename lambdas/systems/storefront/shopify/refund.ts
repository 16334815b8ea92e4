import { Money } from "../../../refund/money/money.ts";
import type {
  BenignCase,
  RefundTransaction,
  StorefrontRefund,
} from "../../../refund/observation/observation.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import { type AmountReader, amountReader, componentsOf, paid, refundLine } from "./amounts.ts";
import { addsUp, FAILED, isSettled, isUnderway, roundingOf } from "./adds-up.ts";
import { readNote } from "./note.ts";
import type { ShopifyRefund, ShopifyTransaction } from "./page.ts";

/**
 * Converts Shopify's refund to a storefront refund.
 *
 * Only transactions of the kind REFUND move money back: a VOID releases an authorisation that was
 * never captured, a CHANGE is the change that a register gives back. The version (`updatedAt`) is
 * the newest time of the refund and its payments, not of the order: an order also changes when a
 * parcel leaves, and then nothing about the refund has changed.
 */
export function storefrontRefund(refund: ShopifyRefund, scope: Scope): StorefrontRefund {
  const { order } = refund;
  const shop = amountReader("shopMoney", order.currencyCode);
  const buyer = amountReader("presentmentMoney", order.presentmentCurrencyCode);
  const payments = moneyBack(refund);
  const components = componentsOf(refund, shop);
  const settled = payments.filter(({ status }) => status === "SUCCESS");
  const paymentTimes = payments.flatMap(({ processedAt }) => processedAt ?? []);
  const settledTimes = settled.flatMap(({ processedAt }) => processedAt ?? []);
  const who = madeBy(refund, scope);
  return {
    role: "storefront",
    refundId: refund.legacyResourceId,
    orderId: order.legacyResourceId,
    orderNumber: order.name,
    orderCreatedAt: order.createdAt,
    createdAt: refund.createdAt ?? refund.processedAt,
    processedAt: refund.processedAt,
    updatedAt: newest([refund.updatedAt, ...paymentTimes], refund.updatedAt),
    settledAt: settled.length === 0 ? null : newest(settledTimes, refund.processedAt),
    currency: order.currencyCode,
    settled: paid(payments, isSettled, shop).toString(),
    pending: paid(payments, isUnderway, shop).toString(),
    presentment:
      order.presentmentCurrencyCode === order.currencyCode
        ? null
        : {
            currency: order.presentmentCurrencyCode,
            settled: paid(payments, isSettled, buyer).toString(),
            pending: paid(payments, isUnderway, buyer).toString(),
            components: componentsOf(refund, buyer),
          },
    components,
    taxesIncluded: order.taxesIncluded,
    lines: refund.refundLineItems.nodes.map((line) => refundLine(line, shop)),
    transactions: payments.map((payment) => refundTransaction(payment, shop, buyer)),
    channel: order.sourceName ?? null,
    app: who.app,
    staff: who.staff,
    staffKnown: who.staffKnown,
    retailLocation: order.retailLocation?.name ?? null,
    returnId: refund.return?.id ?? null,
    returnStatus: refund.return?.status ?? null,
    ...readNote(refund.note ?? null),
    discountCodes: order.discountCodes.length,
    orderEdited: order.edited,
    customerKey: null, // the queries request no customer
    benign: benignCases(refund, payments, shop, scope),
    marks: addsUp(refund, payments, shop) ? [] : ["identity_broken"],
  };
}

export type Scope = {
  /** Whether the token may read the members of staff. */
  readonly staffVisible: boolean;
  readonly integrationApps: readonly string[];
  readonly channels: readonly string[];
  readonly gateways: readonly string[];
  readonly locations: readonly string[];
};

/** True if all transactions of the refund are tests: no real money moves. */
export function isOnlyTest(refund: ShopifyRefund): boolean {
  const { nodes } = refund.transactions;
  return nodes.length > 0 && nodes.every(({ test }) => test);
}

/** A test payment moves no money; a refund with a test payment and a real one is not a test. */
function moneyBack(refund: ShopifyRefund): readonly ShopifyTransaction[] {
  return refund.transactions.nodes.filter(({ kind, test }) => kind === "REFUND" && !test);
}

/** No person made a refund of a configured app, even if a person is logged in to the app. */
function madeBy(refund: ShopifyRefund, { staffVisible, integrationApps }: Scope) {
  const agreement = refund.order.agreements?.nodes.find((each) => each.refund?.id === refund.id);
  const app = agreement?.app?.title ?? null;
  if (app !== null && integrationApps.includes(app)) return { app, staff: null, staffKnown: true };
  const staff = refund.staffMember?.id ?? agreement?.user?.id ?? null;
  return { app, staff, staffKnown: staffVisible || staff !== null };
}

function refundTransaction(
  payment: ShopifyTransaction,
  shop: AmountReader,
  buyer: AmountReader,
): RefundTransaction {
  const rounding = payment.amountRoundingSet;
  const known = [payment.paymentId, payment.parentTransaction?.paymentId];
  const references = known.flatMap((id) =>
    id === null || id === undefined || id === "" ? [] : id,
  );
  return {
    id: payment.id,
    status: STATUSES.get(payment.status) ?? "unknown",
    gateway: payment.gateway ?? null,
    method: (payment.formattedGateway ?? payment.gateway)?.toLowerCase() ?? null,
    manual: payment.manualPaymentGateway,
    amount: shop.money(payment.amountSet, "transactions.amountSet").toString(),
    presentmentAmount:
      shop.currency === buyer.currency
        ? null
        : buyer.money(payment.amountSet, "transactions.amountSet").toString(),
    rounding: roundingOf(rounding, shop).toString(),
    references: [...new Set(references)],
    processedAt: payment.processedAt ?? null,
    location: payment.location?.name ?? null,
    user: payment.user?.id ?? null,
  };
}

/**
 * | payments       | settled | pending | case            |
 * | none           |         |         | restock_only; exchange_netted if a return was credited |
 * | no success yet |    0    |   > 0   | payment_pending |
 * | all failed     |    0    |    0    | payment_failed  |
 */
function benignCases(
  refund: ShopifyRefund,
  payments: readonly ShopifyTransaction[],
  shop: AmountReader,
  scope: Scope,
): BenignCase[] {
  const cases: BenignCase[] = [];
  const has = (is: (status: string) => boolean): boolean =>
    payments.some(({ status }) => is(status));
  if (payments.length === 0)
    cases.push(isExchange(refund, shop) ? "exchange_netted" : "restock_only");
  else if (!has(isSettled) && has(isUnderway)) cases.push("payment_pending");
  else if (payments.every(({ status }) => FAILED.includes(status))) cases.push("payment_failed");
  if (payments.some((payment) => !roundingOf(payment.amountRoundingSet, shop).isZero())) {
    cases.push("cash_rounding");
  }
  if (isOutside(refund, payments, scope)) cases.push("outside_scope");
  return cases;
}

/** The buyer returned goods and got a credit but no money: the new item used up the credit. */
function isExchange(refund: ShopifyRefund, shop: AmountReader): boolean {
  const credited = Money.of(componentsOf(refund, shop).items ?? "0", shop.currency);
  return (refund.return ?? null) !== null && !credited.isZero();
}

function isOutside(
  { order }: ShopifyRefund,
  payments: readonly ShopifyTransaction[],
  { channels, gateways, locations }: Scope,
): boolean {
  const place = order.retailLocation?.name ?? null;
  if (locations.length > 0 && place !== null && !locations.includes(place)) return true;
  if (channels.length > 0 && !channels.includes(order.sourceName ?? "")) return true;
  if (gateways.length === 0 || payments.length === 0) return false;
  return !payments.some(({ gateway }) => gateways.includes(gateway ?? ""));
}

function newest(instants: readonly Instant[], otherwise: Instant): Instant {
  return instants.toSorted().at(-1) ?? otherwise;
}

const STATUSES: ReadonlyMap<string, RefundTransaction["status"]> = new Map([
  ["SUCCESS", "success"],
  ["PENDING", "pending"],
  ["AWAITING_RESPONSE", "pending"],
  ["FAILURE", "failure"],
  ["ERROR", "failure"],
]);

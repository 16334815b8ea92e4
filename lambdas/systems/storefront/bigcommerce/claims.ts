import { Money } from "../../../refund/money/money.ts";
import type { StorefrontRefund } from "../../../refund/observation/observation.ts";
import type { BigOrder, BigTransaction } from "./page.ts";
import { channelOf } from "./refund.ts";

/**
 * An order whose status says that it was refunded, but of which the shop has no refund: a person set
 * the status by hand. No integration can bring it to the ERP.
 *
 * Its amount is what the order's transactions paid back. Where they show nothing, nobody knows
 * whether money moved: the status Refunded then claims the whole order, and Partially Refunded an
 * amount that is not known, which is 0 here.
 *
 * @param paidBack the order's transactions that paid money back, without tests
 */
export function claimOf(
  order: BigOrder,
  paidBack: readonly BigTransaction[] = [],
): StorefrontRefund {
  const { default_currency_code: currency, total_inc_tax: total, status_id: status } = order;
  const zero = Money.zero(currency).toString();
  const paid = Money.sum(
    paidBack.map(({ amount }) => Money.of(amount, currency).absolute()),
    currency,
  );
  const claimed =
    status === REFUNDED && total !== null ? Money.of(total, currency) : Money.zero(currency);
  const amount = paid.isZero() ? claimed : paid;
  return {
    role: "storefront",
    refundId: claimId(order.id),
    orderId: order.id,
    orderNumber: order.id,
    orderCreatedAt: order.date_created,
    createdAt: order.date_modified,
    processedAt: order.date_modified,
    updatedAt: order.date_modified,
    settledAt: null,
    currency,
    settled: amount.rounded("half-up").toString(),
    pending: zero,
    presentment: null,
    components: {
      items: null,
      tax: zero,
      shipping: null,
      shippingTax: null,
      duties: zero,
      adjustment: zero,
      discount: null,
    },
    taxesIncluded: order.is_tax_inclusive_pricing === true,
    lines: [],
    transactions: [],
    channel: channelOf(order),
    app: null,
    staff: null,
    staffKnown: false,
    retailLocation: null,
    returnId: null,
    returnStatus: null,
    hasNote: false,
    noteHasReference: false,
    discountCodes: 0,
    orderEdited: null,
    customerKey: null,
    benign: [],
    marks: ["no_refund_record"],
  };
}

/** The same order, once its status no longer says so, or once it has a refund. */
export function withdrawnClaim(order: BigOrder): StorefrontRefund {
  const claim = claimOf(order);
  const zero = Money.zero(claim.currency).toString();
  return { ...claim, settled: zero, benign: ["claim_withdrawn"], marks: [] };
}

/** An order of 0.00 has no money that could be missing. */
export function isClaimed({ status_id: status, total_inc_tax: total }: BigOrder): boolean {
  if (total !== null && !/[1-9]/.test(total)) return false;
  return status === REFUNDED || status === PARTLY_REFUNDED;
}

/** The order's transactions that paid money back; null for a test order. */
export function paidBackIn(
  transactions: readonly BigTransaction[],
): readonly BigTransaction[] | null {
  const paying = transactions.filter(({ event }) => PAYING.has(event));
  if (paying.length > 0 && paying.every(({ test }) => test === true)) return null;
  return transactions.filter(
    ({ event, status, test }) => event === "refund" && status !== "error" && test !== true,
  );
}

const PAYING: ReadonlySet<string> = new Set(["purchase", "authorization", "capture"]);

/** Refund ids are numbers, so this is never the id of a refund. */
function claimId(orderId: string): string {
  return `order-${orderId}`;
}

export function orderOfClaim(id: string): string | null {
  return /^order-(\d{1,18})$/.exec(id)?.[1] ?? null;
}

/**
 * The ids of the statuses; their names may be changed by the shop.
 *
 * Source: BigCommerce, order status.
 */
export const REFUNDED = "4";
export const PARTLY_REFUNDED = "14";

import type { LifeOrder } from "../life/life.ts";
import { connection, type PageArguments, placeKey } from "./connection.ts";
import { lineItem, shippingLine } from "./line-object.ts";
import { moneyBag, sumOf } from "./money-bag.ts";
import { refundPayment, succeeded } from "./payment-object.ts";
import { identity, type Show, shownPlace } from "./show.ts";
import { type SeenOrder, type SeenRefund, wholeSeconds } from "./world.ts";

/** Shopify's `Refund`; each field is computed only when it is requested. */
export function refundObject(seen: SeenRefund, parent: SeenOrder, show: Show): object {
  const { refund, payments, updatedAt } = seen;
  const { order } = parent;
  const money = (amount: string) => moneyBag(order, amount);
  const shipping = refund.shipping === null ? [] : [refund.shipping];
  const hasDuties = !/^0*(\.0*)?$/.test(refund.duties);
  return {
    __typename: "Refund",
    ...identity("Refund", refund.refundId),
    createdAt: wholeSeconds(refund.createdAt),
    processedAt: wholeSeconds(refund.processedAt),
    updatedAt,
    note: refund.note ?? "",
    staffMember: () => show.person(refund.staff, "staffMember"),
    order: () => show.order(parent),
    return:
      refund.returnName === null
        ? null
        : {
            __typename: "Return",
            id: `gid://shopify/Return/${refund.refundId}`,
            name: refund.returnName,
            status: "CLOSED",
            order: () => show.order(parent),
          },
    duties: hasDuties ? [{ amountSet: money(refund.duties) }] : [],
    totalRefundedSet: () => money(sumOf(order, succeeded(payments))),
    refundLineItems: (args: PageArguments) =>
      connection(refund.lines, args, {
        keyOf: placeKey,
        show: (line) => ({
          id: `gid://shopify/RefundLineItem/${line.id}`,
          quantity: line.quantity,
          restockType: line.restockType,
          restocked: line.restockType === "RETURN",
          location: shownPlace(line.location),
          subtotalSet: money(line.subtotal),
          totalTaxSet: money(line.tax),
          priceSet: () => money(orderLine(order, line.lineId).unitPrice),
          lineItem: () => lineItem(order, orderLine(order, line.lineId)),
        }),
      }),
    refundShippingLines: (args: PageArguments) =>
      connection(shipping, args, {
        keyOf: placeKey,
        show: ({ amount, tax }) => ({
          id: `gid://shopify/RefundShippingLine/${refund.refundId}`,
          subtotalAmountSet: money(amount),
          taxAmountSet: money(tax),
          shippingLine: shippingLine(order),
        }),
      }),
    orderAdjustments: (args: PageArguments) =>
      connection(refund.adjustments, args, {
        keyOf: placeKey,
        show: ({ id, reason, amount, tax }) => ({
          id: `gid://shopify/OrderAdjustment/${id}`,
          reason,
          amountSet: money(amount),
          taxAmountSet: money(tax),
        }),
      }),
    transactions: (args: PageArguments) =>
      connection(payments, args, {
        keyOf: placeKey,
        show: (each) => refundPayment(each, order, show),
      }),
  };
}

function orderLine(order: LifeOrder, lineId: string): LifeOrder["lines"][number] {
  const line = order.lines.find((each) => each.lineId === lineId);
  if (line === undefined) throw new Error(`order ${order.orderId} has no line ${lineId}`);
  return line;
}

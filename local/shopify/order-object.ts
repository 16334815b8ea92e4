import { Money } from "../../lambdas/refund/money/money.ts";
import type { LifeOrder } from "../life/life.ts";
import { agreements } from "./agreements.ts";
import { connection, type PageArguments, placeKey } from "./connection.ts";
import { lineItem, shippingLine } from "./line-object.ts";
import { moneyBag, sumOf } from "./money-bag.ts";
import { salePayment, succeeded } from "./payment-object.ts";
import { identity, type Show, shownPlace } from "./show.ts";
import { type SeenOrder, wholeSeconds } from "./world.ts";

/** Shopify's `Order`; each field is computed only when it is requested. */
export function orderObject(seen: SeenOrder, show: Show): object {
  const { order, refunds, updatedAt } = seen;
  const money = (amount: string) => moneyBag(order, amount);
  const successes = refunds.flatMap(({ payments }) => succeeded(payments));
  return {
    __typename: "Order",
    ...identity("Order", order.orderId),
    name: order.name,
    number: order.number,
    createdAt: wholeSeconds(order.createdAt),
    processedAt: wholeSeconds(order.createdAt),
    updatedAt,
    test: order.test,
    edited: order.edited,
    taxesIncluded: order.taxesIncluded,
    currencyCode: order.currency,
    presentmentCurrencyCode: order.presentmentCurrency,
    sourceName: order.sourceName,
    sourceIdentifier: null,
    discountCode: order.discountCodes[0] ?? null,
    discountCodes: order.discountCodes,
    tags: [],
    customer: () => show.customer(order.customer),
    paymentGatewayNames: [order.payment.gateway],
    displayFinancialStatus: () => financialStatus(order, sumOf(order, successes)),
    app: order.appTitle === null ? null : { id: "gid://shopify/OrderApp/1", name: order.appTitle },
    retailLocation: shownPlace(order.retailLocation),
    shippingLine: shippingLine(order),
    totalRefundedSet: () => money(sumOf(order, successes)),
    totalRefundedShippingSet: () =>
      money(
        sumOf(
          order,
          refunds.flatMap(({ refund }) => refund.shipping?.amount ?? []),
        ),
      ),
    lineItems: (args: PageArguments) =>
      connection(order.lines, args, { keyOf: placeKey, show: (line) => lineItem(order, line) }),
    transactions: ({ first }: { first?: number | null }) =>
      [salePayment(order)].slice(0, first ?? undefined),
    refunds: ({ first }: { first?: number | null }) =>
      refunds.slice(0, first ?? undefined).map((refund) => show.refund(refund, seen)),
    agreements: (args: PageArguments) =>
      connection(agreements(seen, show), args, { keyOf: placeKey, show: (each) => each }),
  };
}

function financialStatus(order: LifeOrder, refunded: string): string {
  const back = Money.of(refunded, order.currency);
  if (back.isZero()) return "PAID";
  const paid = Money.of(order.payment.amount, order.currency);
  return back.compare(paid) < 0 ? "PARTIALLY_REFUNDED" : "REFUNDED";
}

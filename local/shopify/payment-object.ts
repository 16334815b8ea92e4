import type { LifeOrder } from "../life/life.ts";
import { moneyBag } from "./money-bag.ts";
import { type Show, shownPlace } from "./show.ts";
import { type SeenPayment, wholeSeconds } from "./world.ts";

/** Shopify's `OrderTransaction` of a refund, with its status at this instant. */
export function refundPayment(
  { payment, status, createdAt, processedAt }: SeenPayment,
  order: LifeOrder,
  show: Show,
) {
  const isRounded = !/^-?0*(\.0*)?$/.test(payment.rounding);
  return {
    id: `gid://shopify/OrderTransaction/${payment.transactionId}`,
    kind: "REFUND",
    status,
    test: payment.test,
    gateway: payment.gateway,
    formattedGateway: payment.formattedGateway,
    manualPaymentGateway: payment.manual,
    paymentId: payment.paymentId,
    createdAt: wholeSeconds(createdAt),
    processedAt: wholeSeconds(processedAt),
    amountSet: moneyBag(order, payment.amount),
    amountRoundingSet: isRounded ? moneyBag(order, payment.rounding) : null,
    parentTransaction: () => salePayment(order),
    location: shownPlace(payment.location),
    user: () => show.person(payment.user, "user"),
  };
}

/** The payment of the order itself. */
export function salePayment(order: LifeOrder): object {
  const { payment } = order;
  return {
    id: `gid://shopify/OrderTransaction/${payment.transactionId}`,
    kind: "SALE",
    status: "SUCCESS",
    test: order.test,
    gateway: payment.gateway,
    formattedGateway: payment.formattedGateway,
    manualPaymentGateway: payment.manual,
    paymentId: payment.paymentId,
    createdAt: wholeSeconds(order.createdAt),
    processedAt: wholeSeconds(order.createdAt),
    amountSet: moneyBag(order, payment.amount),
  };
}

/** The amounts that really moved. */
export function succeeded(payments: readonly SeenPayment[]): readonly string[] {
  return payments.flatMap(({ payment, status }) => (status === "SUCCESS" ? payment.amount : []));
}

import type { Life } from "../life/life.ts";
import { moneyBag } from "./money-bag.ts";
import type { Show } from "./show.ts";
import { type SeenOrder, type World, wholeSeconds } from "./world.ts";

/** Money that moved, in the buyer's currency as Shopify lists it; negative when it goes back. */
export type SeenTender = {
  readonly id: string;
  readonly at: string;
  readonly amount: string;
  readonly test: boolean;
  readonly method: string;
  readonly seen: SeenOrder;
};

/** The sale of each order, every payment of a refund that succeeded, and payments without a refund. */
export function tendersOf(life: Life, world: World, now: string): readonly SeenTender[] {
  const ofOrders = world.orders.flatMap((seen): SeenTender[] => {
    const { order, refunds } = seen;
    const { payment } = order;
    const sale = {
      id: payment.transactionId,
      at: wholeSeconds(order.createdAt),
      amount: payment.amount,
      test: order.test,
      method: payment.gateway,
      seen,
    };
    const back = refunds.flatMap(({ payments }) =>
      payments
        .filter(({ status }) => status === "SUCCESS")
        .map((one) => ({
          id: one.payment.transactionId,
          at: wholeSeconds(one.processedAt),
          amount: `-${one.payment.amount}`,
          test: one.payment.test,
          method: one.payment.gateway,
          seen,
        })),
    );
    return [sale, ...back];
  });
  const alone = (life.paymentsWithoutRefund ?? []).flatMap(
    ({ transactionId, orderId, at, amount }) => {
      const seen = world.orderById.get(orderId);
      if (seen === undefined || Date.parse(at) > Date.parse(now)) return [];
      const moved = { id: transactionId, at: wholeSeconds(at), amount: `-${amount}` };
      return [{ ...moved, test: false, method: seen.order.payment.gateway, seen }];
    },
  );
  return [...ofOrders, ...alone];
}

export function tenderObject({ id, at, amount, test, method, seen }: SeenTender, show: Show) {
  return {
    id: `gid://shopify/TenderTransaction/${id}`,
    amount: moneyBag(seen.order, amount).presentmentMoney,
    processedAt: at,
    test,
    paymentMethod: method,
    remoteReference: null,
    order: () => show.order(seen),
    user: null,
  };
}

import type { Show } from "./show.ts";
import { type SeenOrder, wholeSeconds } from "./world.ts";

/** Shopify's `SalesAgreement`s: the cause of each change of the order's sales, oldest first. */
export function agreements(seen: SeenOrder, show: Show): readonly object[] {
  const { order, refunds } = seen;
  const edit = agreement("OrderEditAgreement", `${order.orderId}2`, order.createdAt, "ORDER_EDIT");
  return [
    agreement("OrderAgreement", `${order.orderId}1`, order.createdAt, "ORDER"),
    ...(order.edited ? [edit] : []),
    ...refunds.map((each) => {
      const { refundId, createdAt, app, staff } = each.refund;
      return {
        ...agreement("RefundAgreement", `${refundId}3`, createdAt, "REFUND"),
        app: app === null ? null : { id: `gid://shopify/App/${app.id}`, title: app.title },
        user: () => show.person(staff, "user"),
        refund: () => show.refund(each, seen),
      };
    }),
  ];
}

function agreement(kind: string, id: string, at: string, reason: string) {
  return {
    __typename: kind,
    id: `gid://shopify/SalesAgreement/${id}`,
    happenedAt: wholeSeconds(at),
    reason,
    app: null,
    user: null,
  };
}

import type { Life, LifeOrder, LifeRefund } from "../life/life.ts";

/**
 * The shop as it was at an instant, without later events.
 *
 * Shopify's times have whole seconds. An order changes when it is edited or refunded, or when a
 * payment of one of its refunds gets another status.
 */
export type World = {
  readonly orders: readonly SeenOrder[];
  readonly orderById: ReadonlyMap<string, SeenOrder>;
  readonly refundById: ReadonlyMap<string, SeenRefund>;
};

export type SeenOrder = {
  readonly order: LifeOrder;
  readonly updatedAt: string;
  /** Oldest first. */
  readonly refunds: readonly SeenRefund[];
};

export type SeenRefund = {
  readonly refund: LifeRefund;
  readonly updatedAt: string;
  readonly payments: readonly SeenPayment[];
};

export type SeenPayment = {
  readonly payment: LifeRefund["transactions"][number];
  readonly status: string;
  readonly createdAt: string;
  /** When it got its current status. */
  readonly processedAt: string;
};

/** Shows the life at an instant. It keeps the last world, because most queries use one instant. */
export function worlds(life: Life): (now: string) => World {
  const refundsOf = new Map<string, LifeRefund[]>();
  for (const refund of life.refunds) {
    const before = refundsOf.get(refund.orderId);
    if (before === undefined) refundsOf.set(refund.orderId, [refund]);
    else before.push(refund);
  }
  let last: { readonly now: string; readonly world: World } | null = null;
  return (now) => {
    if (last?.now !== now) last = { now, world: worldAt(life, refundsOf, Date.parse(now)) };
    return last.world;
  };
}

/** "2026-11-22T10:00:00Z" */
export function wholeSeconds(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

function worldAt(
  life: Life,
  refundsOf: ReadonlyMap<string, readonly LifeRefund[]>,
  now: number,
): World {
  const orders = life.orders
    .filter(({ createdAt }) => Date.parse(createdAt) <= now)
    .map((order) => seenOrder(order, refundsOf.get(order.orderId) ?? [], now));
  return {
    orders,
    orderById: new Map(orders.map((seen) => [seen.order.orderId, seen])),
    refundById: new Map(
      orders.flatMap(({ refunds }) => refunds.map((seen) => [seen.refund.refundId, seen])),
    ),
  };
}

function seenOrder(order: LifeOrder, all: readonly LifeRefund[], now: number): SeenOrder {
  const refunds = all
    .filter(({ createdAt }) => Date.parse(createdAt) <= now)
    .map((refund) => seenRefund(refund, now))
    .toSorted(
      (one, other) => Date.parse(one.refund.createdAt) - Date.parse(other.refund.createdAt),
    );
  const touches = order.touchedAt.filter((at) => Date.parse(at) <= now);
  const changes = [order.createdAt, ...touches, ...refunds.map(({ updatedAt }) => updatedAt)];
  return { order, refunds, updatedAt: newest(changes) };
}

function seenRefund(refund: LifeRefund, now: number): SeenRefund {
  const payments = refund.transactions.flatMap((payment): SeenPayment[] => {
    const past = payment.statuses.filter(({ at }) => Date.parse(at) <= now);
    const [first] = past;
    const current = past.at(-1);
    if (first === undefined || current === undefined) return [];
    const { status, at } = current;
    return [{ payment, status, createdAt: first.at, processedAt: at }];
  });
  const shownStatuses = refund.transactions.flatMap(({ statuses }) =>
    statuses.filter(({ at, silent }) => silent !== true && Date.parse(at) <= now),
  );
  const changes = [refund.createdAt, ...shownStatuses.map(({ at }) => at)];
  return { refund, payments, updatedAt: newest(changes) };
}

function newest(instants: readonly string[]): string {
  return wholeSeconds(new Date(Math.max(...instants.map((at) => Date.parse(at)))).toISOString());
}

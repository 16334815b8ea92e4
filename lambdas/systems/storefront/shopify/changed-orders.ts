import type { Instant } from "../../../refund/time/instant.ts";
import { PageError } from "../../http/page-error.ts";
import type { Listing, RejectedRecord } from "../../source.ts";
import { QuestionFailed, type ShopifyGraphql, TooExpensive } from "./client.ts";
import { problems } from "../../problems.ts";
import {
  changedOrderSchema,
  connectionSchema,
  countSchema,
  listedRefundSchema,
  orderIdSchema,
} from "./page.ts";
import { ALL_REFUNDS_OF_ORDER, CHANGED_ORDERS, LISTED_REFUNDS, MOST_REFUNDS } from "./query.ts";

/**
 * The first phase: reads a page of the orders that changed, with a list of their refunds.
 *
 * A page without `pageInfo`, or with a null in its list, is an error. An unreadable order is
 * rejected alone.
 */
export function changedOrderReader(
  graphql: ShopifyGraphql,
  where: string,
  pageSize: number,
): ChangedOrderReader {
  let first = pageSize;
  return async ({ query, after }) => {
    const what = `${where} orders`;
    for (;;) {
      try {
        const count = after === null;
        const variables = { query, first, after, count };
        const answer = await graphql.ask("ChangedOrders", CHANGED_ORDERS, variables);
        // An error together with this list may replace an order: the page may be incomplete.
        if (answer.errors.length > 0)
          throw new QuestionFailed(what, "ChangedOrders", answer.errors);
        const page = pageOf(answer.data["orders"], what);
        const listed = await listRefunds(graphql, page.nodes);
        const reported = countSchema.safeParse(answer.data["ordersCount"]);
        return {
          ...listed,
          ...page.pageInfo,
          raw: [answer.raw, ...listed.raw],
          reported:
            reported.success && reported.data.precision === "EXACT" ? reported.data.count : null,
          what,
        };
      } catch (error) {
        if (!(error instanceof TooExpensive) || first === 1) throw error;
        first = Math.ceil(first / 2);
      }
    }
  };
}

export type ChangedOrderReader = (ask: {
  query: string;
  after: string | null;
}) => Promise<ChangedOrderPage>;

export type ChangedOrderPage = Listed & {
  readonly what: string;
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
  /** Shopify's own count of the orders in the whole window; null where it gives no exact count. */
  readonly reported: number | null;
};

export type Listed = {
  readonly raw: readonly string[];
  readonly orders: number;
  /** In the order of the page. */
  readonly refunds: readonly Listing[];
  readonly rejected: readonly RejectedRecord[];
  readonly skipped: Readonly<Record<string, number>>;
  /** The newest change of an order, and the order's id. */
  readonly newest: { readonly at: Instant; readonly orderId: string } | null;
};

function pageOf(value: unknown, what: string) {
  const page = connectionSchema.safeParse(value);
  if (!page.success) throw new PageError(what, `no page: ${problems(page.error)}`);
  if (page.data.nodes.includes(null)) throw new PageError(what, "a page with a null in its list");
  const { hasNextPage, endCursor = null } = page.data.pageInfo;
  return { nodes: page.data.nodes, pageInfo: { hasNextPage, endCursor } };
}

/** The refunds of one order, listed as in the first phase; null if Shopify shows no such order. */
export async function refundsOfOrder(
  graphql: ShopifyGraphql,
  orderId: string,
): Promise<Listed | null> {
  const { order, raw } = await wholeOrder(graphql, orderId);
  if (order === null) return null;
  const listed = await listRefunds(graphql, [order]);
  return { ...listed, raw: [raw, ...listed.raw] };
}

async function listRefunds(graphql: ShopifyGraphql, nodes: readonly unknown[]): Promise<Listed> {
  const raw: string[] = [];
  const listings: Listing[] = [];
  const rejected: RejectedRecord[] = [];
  let testOrders = 0;
  let withoutRefund = 0;
  let newest: Listed["newest"] = null;
  for (const node of nodes) {
    const order = changedOrderSchema.safeParse(node);
    if (!order.success) {
      rejected.push(unreadOrder(node, `order: ${problems(order.error)}`));
      continue;
    }
    const { id, name, updatedAt, test } = order.data;
    if (newest === null || updatedAt > newest.at) newest = { at: updatedAt, orderId: id };
    let refunds: readonly unknown[] = order.data.refunds;
    if (refunds.length === 0) withoutRefund += 1;
    else if (test) testOrders += refunds.length;
    else {
      if (refunds.length >= LISTED_REFUNDS) {
        const all = await allRefunds(graphql, id);
        raw.push(all.raw);
        refunds = all.refunds;
        rejected.push(...all.rejected);
      }
      for (const refund of refunds) {
        const listed = listedRefundSchema.safeParse(refund);
        if (!listed.success) {
          const reason = `refund of order ${id}: ${problems(listed.error)}`;
          rejected.push(unreadOrder({ id: `gid://shopify/Order/${id}` }, reason));
          continue;
        }
        const { id: refundId, updatedAt: changed, totalRefundedSet: total } = listed.data;
        listings.push({
          id: refundId,
          orderNumber: name,
          orderId: id,
          changedAt: changed ?? updatedAt,
          settled: total?.shopMoney.amount ?? "",
        });
      }
    }
  }
  const skipped = counted({ order_without_refund: withoutRefund, test_order: testOrders });
  return { raw, orders: nodes.length, refunds: listings, rejected, skipped, newest };
}

/** The refund is read again by its order's id, because its own id is unknown. */
function unreadOrder(node: unknown, reason: string): RejectedRecord {
  const order = orderIdSchema.safeParse(node);
  const again = order.success ? `${BY_ORDER}${order.data.id}` : null;
  return { id: again, again, reason, raw: JSON.stringify(node) };
}

/** The prefix of an order's id, where refunds are requested by their order. */
export const BY_ORDER = "order:";

/** The list of an order's refunds has no cursor: a list of the full length may be incomplete. */
async function allRefunds(graphql: ShopifyGraphql, orderId: string) {
  const { order: whole, raw } = await wholeOrder(graphql, orderId);
  const order = changedOrderSchema.pick({ refunds: true }).safeParse(whole);
  if (!order.success) throw new PageError(`refunds of order ${orderId}`, problems(order.error));
  const { refunds } = order.data;
  const reason = `order ${orderId} has ${MOST_REFUNDS} refunds or more: those after the first ${MOST_REFUNDS} cannot be listed`;
  const rejected: RejectedRecord[] =
    refunds.length < MOST_REFUNDS
      ? []
      : [
          {
            id: `more-than-can-be-listed-${orderId}`,
            again: null,
            reason,
            raw: JSON.stringify({ orderId }),
          },
        ];
  return { refunds, raw, rejected };
}

async function wholeOrder(graphql: ShopifyGraphql, orderId: string) {
  const id = `gid://shopify/Order/${orderId}`;
  const name = "AllRefundsOfOrder";
  const { data, errors, raw } = await graphql.ask(name, ALL_REFUNDS_OF_ORDER, { id });
  if (errors.length > 0) throw new QuestionFailed(`refunds of order ${orderId}`, name, errors);
  return { order: data["order"] ?? null, raw };
}

/** Without the counts that are zero, so that a page reports only what it skipped. */
function counted(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

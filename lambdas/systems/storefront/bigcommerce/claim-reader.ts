import type { StorefrontRefund } from "../../../refund/observation/observation.ts";
import { PageError } from "../../http/page-error.ts";
import { problems } from "../../problems.ts";
import type { RejectedRecord, SourcePage, Window } from "../../source.ts";
import { archived } from "./archive.ts";
import {
  claimOf,
  isClaimed,
  paidBackIn,
  PARTLY_REFUNDED,
  REFUNDED,
  withdrawnClaim,
} from "./claims.ts";
import { type BigCommerceClient, IDS_AT_ONCE, listOf, MOST_PAGES, PAGE_ROWS } from "./client.ts";
import type { OrderReader } from "./orders.ts";
import { orderSchema } from "./page.ts";
import { afterOrders, type BigCommerceCursor, NO_LIMIT, written } from "./paging.ts";
import { idOf, pageOf, textIn, unread } from "./rows.ts";

/**
 * Reads the orders that say Refunded or Partially Refunded, and of them those that have no refund:
 * the claims.
 */
export function claimReader(
  client: BigCommerceClient,
  by: {
    readonly refundList: (query: Readonly<Record<string, string>>) => Promise<{
      readonly rows: readonly unknown[];
    }>;
    readonly transactionsOf: OrderReader["transactionsOf"];
    /** Orders of a page. */
    readonly pageSize: number;
  },
): ClaimReader {
  const { refundList, transactionsOf } = by;
  // The first order of a page may be the last one of the page before.
  const orderPageSize = Math.max(2, by.pageSize);

  /** The orders among these that have no refund at all. */
  const withoutRefund = async (ids: readonly string[]): Promise<ReadonlySet<string>> => {
    const without = new Set(ids);
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      const some = ids.slice(at, at + IDS_AT_ONCE).join(",");
      for (let page = 1; ; page += 1) {
        const query = { "order_id:in": some, page: String(page), limit: String(PAGE_ROWS) };
        const { rows } = await refundList(query);
        const found = rows.map((row) => textIn(row, "order_id"));
        // A row that cannot be read may be the refund of any of these orders.
        if (found.includes(null)) return new Set();
        for (const id of found) without.delete(id ?? "");
        if (rows.length < PAGE_ROWS) break;
        // More refunds than these orders can have: the server repeats itself.
        if (page >= MOST_PAGES) throw new PageError(WHAT, `more than ${MOST_PAGES} full pages`);
      }
    }
    return without;
  };

  const orderPage = async (
    window: Window,
    cursor: BigCommerceCursor,
  ): Promise<SourcePage<StorefrontRefund>> => {
    const json = await client.get("v2/orders", {
      status_id: cursor.list === "refunded" ? REFUNDED : PARTLY_REFUNDED,
      min_date_modified: window.since,
      ...(window.until < NO_LIMIT && { max_date_modified: window.until }),
      ...(cursor.above !== null && { min_id: cursor.above }),
      limit: String(orderPageSize),
    });
    const listed = json === null ? [] : listOf(json, "v2/orders");
    // The order at the boundary was in the page before.
    const rows = listed.filter((row) => cursor.above === null || idOf(row) !== cursor.above);
    const rejected: RejectedRecord[] = [];
    const orders = rows.flatMap((row) => {
      const read = orderSchema.safeParse(row);
      if (read.success) return [read.data];
      const id = idOf(row);
      const reason = `order: ${problems(read.error)}`;
      rejected.push({ ...unread(id, reason, row), id: id === null ? null : `order-${id}` });
      return [];
    });
    const claimed = orders.filter(isClaimed);
    const without = await withoutRefund(claimed.map(({ id }) => id));
    const raw = rows.length === 0 ? [] : [archived(rows)];
    const observations: StorefrontRefund[] = [];
    let tests = 0;
    for (const order of claimed.filter(({ id }) => without.has(id))) {
      const paidBack = paidBackIn((await transactionsOf(order.id, raw)) ?? []);
      if (paidBack === null) tests += 1;
      else observations.push(claimOf(order, paidBack));
    }
    const ids = rows.flatMap((row) => idOf(row) ?? []);
    const next = afterOrders(cursor, { isFull: listed.length >= orderPageSize, ids });
    const others = orders.length - observations.length - tests;
    const skipped = {
      ...(others > 0 && { order_with_refund: others }),
      ...(tests > 0 && { test_order: tests }),
    };
    return {
      ...pageOf({ observations, skipped }, rejected),
      raw,
      next: next === null ? null : written(next),
      // The time of an order's change is no time of a refund: the next window begins at the refunds.
      highWater: null,
      reported: null,
      counted: 0,
    };
  };

  const claimsById = async (ids: readonly string[]): Promise<Claims> => {
    const observations: StorefrontRefund[] = [];
    const rejected: RejectedRecord[] = [];
    const notShown: string[] = [];
    const raw: string[] = [];
    const without = await withoutRefund(ids);
    for (const id of ids) {
      const json = await client.get(`v2/orders/${id}`);
      if (json === null) {
        notShown.push(`order-${id}`);
        continue;
      }
      raw.push(archived(json));
      const read = orderSchema.safeParse(json);
      if (read.success) {
        const isOpen = isClaimed(read.data) && without.has(id);
        const paidBack = isOpen ? paidBackIn((await transactionsOf(id, raw)) ?? []) : null;
        observations.push(
          paidBack === null ? withdrawnClaim(read.data) : claimOf(read.data, paidBack),
        );
      } else {
        rejected.push({ ...unread(null, problems(read.error), json), id: `order-${id}` });
      }
    }
    return { observations, rejected, notShown, raw };
  };

  return { orderPage, claimsById };
}

export type ClaimReader = {
  readonly orderPage: (
    window: Window,
    cursor: BigCommerceCursor,
  ) => Promise<SourcePage<StorefrontRefund>>;
  /** The claims of these orders, as they are now. */
  readonly claimsById: (orderIds: readonly string[]) => Promise<Claims>;
};

type Claims = Pick<SourcePage<StorefrontRefund>, "observations" | "rejected" | "raw"> & {
  readonly notShown: readonly string[];
};

const WHAT = "GET BigCommerce refunds of orders";

import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../../log.ts";
import type { StorefrontRefund } from "../../../refund/observation/observation.ts";
import type { Http } from "../../http/http.ts";
import type { Known, Listing, RejectedRecord, SourcePage, Window } from "../../source.ts";
import { pacer } from "./cost.ts";
import { nextCursor, startOf } from "./paging.ts";
import { refundDetails, type Wanted } from "./details.ts";
import { shopifyGraphql } from "./client.ts";
import {
  BY_ORDER,
  changedOrderReader,
  refundsOfOrder,
  type ChangedOrderPage,
} from "./changed-orders.ts";
import { paymentsBack } from "./payments-back.ts";
import { creditHolders } from "./credit-holders.ts";
import { examineShop, meetShop, showsAny } from "./shop.ts";
import { isRefundId, readDetails, type ReadRefunds } from "./read-details.ts";
import { shopifyToken } from "./sign-in.ts";
import type { Storefront } from "../storefront.ts";

/**
 * Reads Shopify through its Admin GraphQL API (2026-07).
 *
 * Shopify cannot list refunds by time. So this client reads the orders that changed in the window,
 * and then all details of their refunds, except refunds whose listed version is stored already: an
 * order changes for many reasons, and most of its refunds did not change.
 */
export function shopify(options: ShopifyOptions): Shopify {
  const { baseUrl, http, log, credentials, pageSize = 250, together = 100 } = options;
  const wait = options.wait ?? pause;
  const where = new URL(baseUrl).origin;
  const points = pacer({ log, wait, now: options.monotonic ?? (() => performance.now()) });
  const token = shopifyToken({ credentials, http, where, now: options.clock ?? Date.now });
  const graphql = shopifyGraphql({ where, http, token, pacer: points, log, wait });
  const readChangedOrders = changedOrderReader(graphql, where, pageSize);
  const details = refundDetails(graphql, log);
  const addHolders = creditHolders(graphql, where, log);
  const read = async (refunds: readonly Wanted[]): Promise<ReadRefunds> => {
    const taken = readDetails(await details(refunds), options);
    return { ...taken, observations: await addHolders(taken.observations) };
  };

  /** Reads several pages of orders first: details of many refunds cost little more than of few. */
  const readPages = async (window: Window, cursorText: string | null, known?: Known) => {
    let cursor = startOf(window, cursorText);
    const pages: ChangedOrderPage[] = [];
    const unknown: Listing[] = [];
    for (;;) {
      const query = `updated_at:>='${short(cursor.since)}' AND updated_at:<='${short(window.until)}'`;
      const page = await readChangedOrders({ query, after: cursor.after });
      pages.push(page);
      const already = (await known?.(page.refunds)) ?? new Set<Listing>();
      unknown.push(...page.refunds.filter((listing) => !already.has(listing)));
      const next = nextCursor(cursor, { ...page, newest: page.newest?.at ?? null });
      if (next === null || unknown.length >= together || pages.length >= MOST_PAGES) {
        return { ...merged(pages), unknown, next };
      }
      cursor = startOf(window, next);
    }
  };

  return {
    pointsSpent: () => points.spent(),

    identify: async (before, whole) => meetShop(graphql, before, whole),
    examine: async () =>
      examineShop(graphql, () => {
        const [left, most] = [points.left(), points.most()];
        return left === null || most === null ? null : { left, of: most, unit: "points" };
      }),
    paymentsBack: async (window) => paymentsBack(graphql, where, window),
    stillShows: async (refundIds) => showsAny(graphql, refundIds),

    refundsSince: async (window, cursorText, known) => {
      const changed = await readPages(window, cursorText, known);
      const taken = await read(changed.unknown);
      const notFound = taken.unfound.map((id) => ({
        id,
        reason: "listed under its order, but not found by its id",
        raw: JSON.stringify({ id }),
      }));
      return sourcePage({
        taken: { ...taken, raw: [...changed.raw, ...taken.raw] },
        rejected: [...changed.rejected, ...taken.rejected, ...notFound],
        skipped: changed.skipped,
        listed: changed.listed,
        next: changed.next,
        highWater: changed.newest?.at ?? null,
        ...(changed.newest !== null && { newest: `${BY_ORDER}${changed.newest.orderId}` }),
        reported: changed.reported,
        counted: changed.orders,
      });
    },

    refundsById: async (ids, ordersOf) => {
      const orders = ids.filter((id) => /^order:\d+$/.test(id));
      const wanted: Wanted[] = ids
        .filter(isRefundId)
        .map((id) => ({ id, orderId: ordersOf?.get(id) ?? null }));
      const rejected: RejectedRecord[] = [];
      const notShown: string[] = [];
      let withoutRefund = 0;
      for (const order of orders) {
        const listed = await refundsOfOrder(graphql, order.slice(BY_ORDER.length));
        if (listed === null) {
          notShown.push(order);
          continue;
        }
        wanted.push(...listed.refunds);
        rejected.push(...listed.rejected);
        if (listed.refunds.length === 0) withoutRefund += 1;
      }
      const taken = await read(wanted);
      const skipped = {
        ...(taken.unfound.length > 0 && { refund_not_found: taken.unfound.length }),
        ...(withoutRefund > 0 && { order_without_refund: withoutRefund }),
      };
      return sourcePage({
        taken,
        rejected: [...rejected, ...taken.rejected],
        skipped,
        notShown,
        next: null,
        highWater: null,
        reported: null,
      });
    },
  };
}

export type Shopify = Storefront & {
  /** Points of Shopify's rate limit that this client has paid so far. */
  readonly pointsSpent: () => number;
};

export type ShopifyOptions = {
  readonly baseUrl: string;
  /** `{accessToken}` or `{clientId, clientSecret}` */
  readonly credentials: unknown;
  readonly http: Http;
  readonly log: Log;
  /** Titles of the apps that make refunds without a person. */
  readonly integrationApps: readonly string[];
  /** Only these are watched; an empty list means all. */
  readonly channels: readonly string[];
  readonly gateways: readonly string[];
  /** Names of places with a register; an order of another place is outside. */
  readonly locations: readonly string[];
  /** Orders per page in the first phase. */
  readonly pageSize?: number;
  /** Refunds whose details are read together: order pages are read until there are so many. */
  readonly together?: number;
  readonly wait?: (ms: number) => Promise<void>;
  /** Milliseconds since the epoch, only for the age of a token. */
  readonly clock?: () => number;
  /** Milliseconds of a clock that only goes forward, for Shopify's rate limit. */
  readonly monotonic?: () => number;
};

function sourcePage(page: {
  readonly taken: ReadRefunds;
  readonly rejected: readonly RejectedRecord[];
  readonly skipped: Readonly<Record<string, number>>;
  readonly next: string | null;
  readonly highWater: string | null;
  readonly reported: number | null;
  readonly counted?: number;
  readonly listed?: readonly Listing[];
  readonly notShown?: readonly string[];
  readonly newest?: string;
}): SourcePage<StorefrontRefund> {
  const { taken, rejected, next, highWater, reported, counted, listed, notShown, newest } = page;
  const skipped = { ...taken.skipped };
  for (const [name, count] of Object.entries(page.skipped)) {
    skipped[name] = (skipped[name] ?? 0) + count;
  }
  const skippedCount = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  return {
    raw: taken.raw,
    observations: taken.observations,
    rejected,
    skipped,
    next,
    highWater,
    fetched: taken.observations.length + rejected.length + skippedCount,
    ...(listed !== undefined && { listed }),
    ...(notShown !== undefined && { notShown }),
    ...(newest !== undefined && { newest }),
    // Shopify counts orders, not refunds.
    reported,
    ...(counted !== undefined && { counted }),
  };
}

function merged(pages: readonly ChangedOrderPage[]) {
  const listed = pages.flatMap(({ refunds }) => refunds);
  const skipped: Record<string, number> = {};
  for (const page of pages) {
    for (const [name, count] of Object.entries(page.skipped)) {
      skipped[name] = (skipped[name] ?? 0) + count;
    }
  }
  return {
    listed,
    skipped,
    raw: pages.flatMap(({ raw }) => raw),
    rejected: pages.flatMap(({ rejected }) => rejected),
    orders: pages.reduce((sum, { orders }) => sum + orders, 0),
    newest:
      pages
        .flatMap(({ newest }) => newest ?? [])
        .toSorted((one, other) => (one.at < other.at ? -1 : 1))
        .at(-1) ?? null,
    reported: pages[0]?.reported ?? null,
  };
}

/** Shopify's own instants have whole seconds. */
function short(instant: string): string {
  return instant.replace(".000Z", "Z");
}

/** The largest number of order pages that are read before the details. */
const MOST_PAGES = 8;

const pause = async (ms: number): Promise<void> => {
  await sleep(ms);
};

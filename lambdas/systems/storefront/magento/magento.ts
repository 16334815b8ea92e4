import type { StorefrontRefund } from "../../../refund/observation/observation.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import { problems } from "../../problems.ts";
import type { Known, Listing, RejectedRecord, SourcePage, Window } from "../../source.ts";
import type { Storefront } from "../storefront.ts";
import type { Door, Http } from "../../http/http.ts";
import type { Log } from "../../../log.ts";
import { archived } from "./archive.ts";
import { CREDIT_MEMOS, idIn, MagentoClient, ORDERS, RETURNS, TRANSACTIONS } from "./client.ts";
import { magentoCredentials } from "./credentials.ts";
import { changedAtSchema, listedMemoSchema } from "./page.ts";
import { afterPage, searchAt, startOf } from "./paging.ts";
import { memoReader, unread } from "./read-memos.ts";
import type { MagentoScope } from "./refund.ts";
import { magentoAccess } from "./sign-in.ts";
import { examineShop } from "./shop.ts";

/**
 * Reads Magento and Adobe Commerce through the REST API: credit memos by the time of their change,
 * and their orders, payments and returns.
 *
 * A credit memo says that a refund was recorded. Whether money moved is known only where the payment
 * provider was asked.
 */
export function magento(options: MagentoOptions): Magento {
  const { baseUrl, http, door, log, clock = Date.now, pageSize } = options;
  const { now = () => new Date(clock()).toISOString() } = options;
  const credentials = magentoCredentials(options.credentials);
  const access = magentoAccess({ credentials, door, clock });
  const client = new MagentoClient({ http, access, log, baseUrl, pageSize });
  const { ordersOf, readMemos } = memoReader(client, options, now);

  const refundsSince = async (
    window: Window,
    text: string | null,
    known?: Known,
  ): Promise<SourcePage<StorefrontRefund>> => {
    const cursor = startOf(window, text);
    const page = await client.page(CREDIT_MEMOS, searchAt(cursor, window));
    const rows = once(page.rows);
    const { orders, unreadable, raw } = await ordersOf(orderIdsOf(rows));
    const rejected: RejectedRecord[] = [];
    const listed: { readonly row: unknown; readonly listing: Listing | null }[] = [];
    for (const row of rows) {
      const read = listedMemoSchema.safeParse(row);
      if (!read.success) {
        rejected.push(unread(row, problems(read.error)));
        continue;
      }
      const { entity_id: id, order_id: orderId, updated_at: changedAt } = read.data;
      const orderNumber = orders.get(orderId)?.increment_id;
      const settled = baseTotal(row) ?? read.data.grand_total ?? "0";
      const listing = { id, orderId, orderNumber: orderNumber ?? "", changedAt, settled };
      listed.push({ row, listing: orderNumber === undefined ? null : listing });
    }
    const listings = listed.flatMap(({ listing }) => listing ?? []);
    const already = (await known?.(listings)) ?? new Set<Listing>();
    const fresh = listed.filter(({ listing }) => listing === null || !already.has(listing));
    const taken = await readMemos(
      fresh.map(({ row }) => row),
      { orders, unreadable },
    );
    const next = afterPage(cursor, page, window, changedAtOf);
    const newest = rows
      .flatMap((row) => {
        const [id, at] = [idIn(row, "entity_id"), changedAtOf(row)];
        return id === null || at === null ? [] : [{ id, at }];
      })
      .toSorted((one, other) => (one.at < other.at ? -1 : 1))
      .at(-1);
    return {
      raw: [
        ...(page.rows.length === 0 ? [] : [archived({ items: page.rows })]),
        ...raw,
        ...taken.raw,
      ],
      observations: taken.observations,
      rejected: [...rejected, ...taken.rejected],
      skipped: {},
      listed: listings,
      next: next === null ? null : JSON.stringify(next),
      highWater: newest?.at ?? null,
      ...(newest !== undefined && { newest: newest.id }),
      fetched: taken.observations.length + rejected.length + taken.rejected.length,
      reported: text === null ? page.total : null,
      counted: rows.length,
    };
  };

  const refundsById = async (ids: readonly string[]): Promise<SourcePage<StorefrontRefund>> => {
    const numbers = ids.filter((id) => /^[1-9]\d{0,17}$/.test(id));
    const rows: unknown[] = [];
    for (let at = 0; at < numbers.length; at += IDS_AT_ONCE) {
      const some = numbers.slice(at, at + IDS_AT_ONCE);
      const filters = [["entity_id", "in", some.join(",")] as const];
      const found = (await client.all(CREDIT_MEMOS, { filters })) ?? [];
      rows.push(...found.filter((row) => some.includes(idIn(row, "entity_id") ?? "")));
    }
    const read = once(rows);
    const orders = await ordersOf(orderIdsOf(read));
    const taken = await readMemos(read, orders);
    const shown = new Set(read.map((row) => idIn(row, "entity_id")));
    const notShown = ids.filter((id) => !shown.has(id));
    return {
      ...taken,
      raw: [...(read.length === 0 ? [] : [archived({ items: read })]), ...orders.raw, ...taken.raw],
      skipped: {},
      notShown,
      next: null,
      highWater: null,
      reported: null,
      fetched: taken.observations.length + taken.rejected.length,
    };
  };

  return {
    requests: () => client.requests,
    refundsSince,
    refundsById,
    identify: async (before, asksPermissions) => {
      if (asksPermissions) {
        for (const list of [CREDIT_MEMOS, ORDERS, TRANSACTIONS, RETURNS]) {
          await client.all(list, { filters: [[list.key, "eq", NO_ID]] });
        }
      }
      const { hostname, pathname } = new URL(baseUrl);
      const identity = pathname === "/" ? hostname : `${hostname}${pathname.replace(/\/+$/, "")}`;
      return { identity, absent: before?.absent ?? null, missing: client.refused() };
    },
    absent: () => client.absent(),
    examine: async () => examineShop(client),
    stillShows: async (ids) => {
      const { observations, rejected } = await refundsById(ids);
      return observations.length + rejected.length > 0;
    },
  };
}

export type Magento = Storefront & {
  /** Requests that this client has sent so far. */
  readonly requests: () => number;
};

export type MagentoOptions = MagentoScope & {
  readonly baseUrl: string;
  /** The secret's JSON value. */
  readonly credentials: unknown;
  readonly http: Http;
  /** Opens a client for the host that grants tokens. */
  readonly door: Door;
  readonly log: Log;
  /** Milliseconds since the epoch, for signatures and the age of a token. */
  readonly clock?: () => number;
  /** Rows of a page; 100 unless given. */
  readonly pageSize?: number;
  /** The time of the run. */
  readonly now?: () => Instant;
};

/** A row that comes twice counts once. */
function once(rows: readonly unknown[]): readonly unknown[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const id = idIn(row, "entity_id");
    if (id === null || !seen.has(id)) {
      if (id !== null) seen.add(id);
      return true;
    }
    return false;
  });
}

function orderIdsOf(rows: readonly unknown[]): readonly string[] {
  return [...new Set(rows.flatMap((row) => idIn(row, "order_id") ?? []))];
}

function changedAtOf(row: unknown): string | null {
  return changedAtSchema.safeParse(Reflect.get(Object(row), "updated_at")).data ?? null;
}

function baseTotal(row: unknown): string | null {
  const total: unknown = Reflect.get(Object(row), "base_grand_total");
  return typeof total === "string" ? total : null;
}

const IDS_AT_ONCE = 50;
/** An id that no row has. */
const NO_ID = "999999999";

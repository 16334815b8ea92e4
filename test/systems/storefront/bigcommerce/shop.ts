import type { IncomingMessage, ServerResponse } from "node:http";
import type { StorefrontRefund } from "../../../../lambdas/refund/observation/observation.ts";
import type { SourcePage } from "../../../../lambdas/systems/source.ts";
import {
  bigcommerce,
  type BigCommerceOptions,
} from "../../../../lambdas/systems/storefront/bigcommerce/bigcommerce.ts";
import { allPages, NOVEMBER } from "../../every-page.ts";
import { doorTo, serverThat } from "../../loopback.ts";

/**
 * A small BigCommerce that is not the simulator: it answers what a test gives it, with the filters
 * and pages that the published documents promise and nothing else.
 */
export async function aShop(world: World, options: Partial<BigCommerceOptions> = {}) {
  const asked: string[] = [];
  let token = "secret-token";
  const url = await serverThat((request, response) => {
    asked.push(request.url ?? "");
    if (request.headers["x-auth-token"] !== token) return send(response, 401, { title: "no" });
    if (world.instead?.(request, response) === true) return undefined;
    return answer(world, new URL(request.url ?? "", "http://shop"), response);
  });
  const { door, events, waits, wait, log } = doorTo(url);
  const shop = bigcommerce({
    http: door,
    credentials: { storeHash: "abc", accessToken: "secret-token" },
    log,
    wait,
    now: () => "2026-11-25T00:00:00.000Z",
    integrationApps: [],
    channels: [],
    gateways: [],
    smallestCoin: null,
    ...options,
  });
  const revoke = (): void => {
    token = "another";
  };
  return { shop, asked, events, waits, revoke };
}

export type Row = Readonly<Record<string, unknown>>;
export type World = {
  refunds: Row[];
  orders: Row[];
  products?: Readonly<Record<string, readonly Row[]>>;
  transactions?: Readonly<Record<string, readonly Row[]>>;
  coupons?: Readonly<Record<string, readonly Row[]>>;
  /** Answers in place of the shop; true when it did. */
  instead?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Called after a page of refunds was sent: the world moves on. */
  afterPage?: () => void;
};

/** A refund of one of two socks with its shipping: 22.00 = 15.00 + 1.50 + 5.00 + 0.50. */
export function refund(more: Row = {}): Row {
  return {
    id: 501,
    order_id: 100,
    user_id: 0,
    created: "2026-11-10T10:00:00+00:00",
    reason: "",
    total_amount: 22,
    total_tax: 2,
    uses_merchant_override_values: false,
    items: [
      { item_type: "PRODUCT", item_id: 11, quantity: 1, requested_amount: null, reason: "" },
      { item_type: "SHIPPING", item_id: 31, quantity: 1, requested_amount: 5.5, reason: "" },
    ],
    payments: [
      {
        id: 71,
        provider_id: "stripe",
        amount: 22,
        offline: false,
        is_declined: false,
        declined_message: "",
        transaction_id: "9001",
      },
    ],
    ...more,
  };
}

export function order(more: Row = {}): Row {
  return {
    id: 100,
    status_id: 14,
    date_created: "Sun, 01 Nov 2026 09:00:00 +0000",
    date_modified: "Tue, 10 Nov 2026 10:00:00 +0000",
    date_shipped: "",
    currency_code: "EUR",
    default_currency_code: "USD",
    store_default_currency_code: "",
    store_default_to_transactional_exchange_rate: "1.0000000000",
    is_tax_inclusive_pricing: false,
    total_inc_tax: "38.5000",
    shipping_cost_ex_tax: "5.0000",
    shipping_cost_inc_tax: "5.5000",
    shipping_cost_tax: "0.5000",
    handling_cost_ex_tax: "0.0000",
    handling_cost_inc_tax: "0.0000",
    handling_cost_tax: "0.0000",
    refunded_amount: "0.0000",
    coupon_discount: "0.0000",
    payment_method: "Card",
    order_source: "www",
    external_source: null,
    channel_id: 1,
    billing_address: { first_name: "Jane", last_name: "Canary", email: "canary@example.com" },
    staff_notes: "call Jane Canary",
    ...more,
  };
}

export const SOCKS: Row = {
  id: 11,
  sku: "SOCK-1",
  type: "physical",
  quantity: 2,
  price_ex_tax: "15.0000",
  price_inc_tax: "16.5000",
  total_ex_tax: "30.0000",
  total_inc_tax: "33.0000",
  total_tax: "3.0000",
  quantity_refunded: 1,
  refund_amount: "0.0000",
  wrapping_cost_ex_tax: "0.0000",
  return_id: 0,
  applied_discounts: [],
};

export function transaction(more: Row = {}): Row {
  return {
    id: 9001,
    order_id: "100",
    event: "refund",
    method: "credit_card",
    amount: 22,
    currency: "USD",
    gateway: "stripe",
    gateway_transaction_id: "re_1AbC",
    test: false,
    status: "ok",
    date_created: "2026-11-10T10:05:00+00:00",
    ...more,
  };
}

/** One order with one refund that is paid. */
export function aWorld(more: Partial<World> = {}): World {
  return {
    refunds: [refund()],
    orders: [order()],
    products: { 100: [SOCKS] },
    transactions: { 100: [transaction()] },
    ...more,
  };
}

type Pages = Awaited<ReturnType<typeof aShop>>["shop"];

/** Every page of a window, as a pull asks for them. */
export async function everyPage(
  shop: Pick<Pages, "refundsSince">,
  window = NOVEMBER,
): Promise<SourcePage<StorefrontRefund>> {
  return allPages(async (span, cursor) => shop.refundsSince(span, cursor), window);
}

/** The only refund of the world, read. */
export async function theRefund(
  world: Partial<World>,
  now = "2026-11-25T00:00:00.000Z",
): Promise<StorefrontRefund> {
  const { shop } = await aShop(aWorld(world), { now: () => now });
  const { observations, rejected } = await everyPage(shop);
  const [only, another] = observations;
  if (only === undefined || another !== undefined) {
    throw new Error(`${observations.length} refunds; ${JSON.stringify(rejected)}`);
  }
  return only;
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

function answer(world: World, url: URL, response: ServerResponse): void {
  const { searchParams: query } = url;
  const path = url.pathname.replace("/stores/abc/", "");
  if (path === "v3/orders/payment_actions/refunds") {
    const rows = refundsOf(world, query);
    send(response, 200, { data: pageOf(rows, query), meta: {} });
    world.afterPage?.();
    return;
  }
  if (path === "v2/orders") return list(response, pageOf(ordersOf(world, query), query));
  if (path === "v2/store") return send(response, 200, { id: "abc", currency: "USD" });
  const [, version, id = "", rest] = /^(v[23])\/orders\/(\d+)(?:\/(\w+))?$/.exec(path) ?? [];
  const one = world.orders.find((row) => String(row["id"]) === id);
  if (one === undefined) return send(response, 404, { status: 404, title: "Not found" });
  if (version === "v3") return send(response, 200, { data: world.transactions?.[id] ?? [] });
  if (rest === undefined) return send(response, 200, one);
  if (rest === "products") return list(response, pageOf(world.products?.[id] ?? [], query));
  if (rest === "coupons") return list(response, pageOf(world.coupons?.[id] ?? [], query));
  return send(response, 404, { status: 404, title: "Not found" });
}

function refundsOf({ refunds }: World, query: URLSearchParams): readonly Row[] {
  const from = Date.parse(query.get("created:min") ?? "1970-01-01T00:00:00Z");
  const to = Date.parse(query.get("created:max") ?? "9999-01-01T00:00:00Z");
  const ids = query.get("id:in")?.split(",");
  const orders = query.get("order_id:in")?.split(",");
  return refunds
    .filter(({ id }) => ids === undefined || ids.includes(String(id)))
    .filter(({ order_id: one }) => orders === undefined || orders.includes(String(one)))
    .filter(({ created }) => {
      const at = Date.parse(String(created));
      return Number.isNaN(at) || (at >= from && at <= to);
    })
    .toSorted((one, other) => Number(one["id"]) - Number(other["id"]));
}

function ordersOf({ orders }: World, query: URLSearchParams): readonly Row[] {
  const from = Date.parse(query.get("min_date_modified") ?? "1970-01-01T00:00:00Z");
  const to = Date.parse(query.get("max_date_modified") ?? "9999-01-01T00:00:00Z");
  const status = query.get("status_id");
  return orders
    .filter((row) => status === null || String(row["status_id"]) === status)
    .filter((row) => Number(row["id"]) >= Number(query.get("min_id") ?? "0"))
    .filter((row) => {
      const at = Date.parse(String(row["date_modified"]));
      return at >= from && at <= to;
    })
    .toSorted((one, other) => Number(one["id"]) - Number(other["id"]));
}

function pageOf(rows: readonly Row[], query: URLSearchParams): readonly Row[] {
  const size = Math.min(250, Number(query.get("limit") ?? "50"));
  const page = Number(query.get("page") ?? "1");
  return rows.slice((page - 1) * size, page * size);
}

/** V2 answers an empty list with nothing. */
function list(response: ServerResponse, rows: readonly Row[]): void {
  if (rows.length > 0) return send(response, 200, rows);
  response.writeHead(204).end();
}

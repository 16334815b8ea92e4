import type { IncomingMessage, ServerResponse } from "node:http";
import { magento } from "../../../../lambdas/systems/storefront/magento/magento.ts";
import type { MagentoOptions } from "../../../../lambdas/systems/storefront/magento/magento.ts";
import type { StorefrontRefund } from "../../../../lambdas/refund/observation/observation.ts";
import { BadSearch, searched, withFields } from "../../../../local/magento/search.ts";
import { isSigned } from "../../../../local/magento/signature.ts";
import { http } from "../../../../lambdas/systems/http/http.ts";
import { allPages, NOVEMBER } from "../../every-page.ts";
import { doorTo, serverThat } from "../../loopback.ts";

/** Rows as Magento sends them; a test changes what it is about. */
export type Row = Record<string, unknown>;

export type World = {
  memos: readonly Row[];
  orders: readonly Row[];
  transactions: readonly Row[];
  /** Null: an edition without returns. */
  returns: readonly Row[] | null;
  /** Called after each page of credit memos. */
  afterPage?: () => void;
  /** Answers a request itself where it returns true. */
  instead?: (request: IncomingMessage, response: ServerResponse) => boolean;
  cap: number | null;
  /** Lists leave out comments and extension attributes; the memo by its id has them. */
  isListShort: boolean;
  /** Lists that the integration may not read. */
  denied: readonly string[];
};

/** Magento writes times in UTC without a zone. */
export const AT = "2026-11-10 10:00:00";
const SECRETS = {
  consumerKey: "consumer-key",
  consumerSecret: "consumer+secret/0=",
  accessToken: "access-token",
  accessTokenSecret: "token&secret%25",
};

/** A pair of socks for 20.00 with 5.00 off by a coupon, 1.50 tax, shipping 5.00 with 0.50 tax. */
export function memo(more: Row = {}): Row {
  return {
    entity_id: 501,
    order_id: 100,
    increment_id: "000000031",
    store_id: 1,
    state: 2,
    created_at: AT,
    updated_at: AT,
    order_currency_code: "USD",
    base_currency_code: "USD",
    ...bothSides({
      grand_total: "22.0000",
      subtotal: 20,
      tax_amount: "2.0000",
      shipping_amount: 5,
      shipping_tax_amount: "0.5000",
      discount_amount: "-5.0000",
      discount_tax_compensation_amount: 0,
      adjustment: "0.0000",
      adjustment_positive: null,
      adjustment_negative: "0.0000",
    }),
    transaction_id: "re_1AbC",
    items: [item()],
    comments: [],
    extension_attributes: [],
    ...more,
  };
}

export function item(more: Row = {}): Row {
  return {
    entity_id: 9,
    order_item_id: 11,
    sku: "SOCK-1",
    name: "Socks",
    qty: 1,
    ...bothSides({
      price: 20,
      row_total: "20.0000",
      tax_amount: 1.5,
      discount_amount: "5.0000",
      discount_tax_compensation_amount: null,
    }),
    ...more,
  };
}

/** The same amounts in both currencies of a memo. */
export function bothSides(amounts: Row): Row {
  const base = Object.entries(amounts).map(([name, amount]) => [`base_${name}`, amount]);
  return { ...amounts, ...Object.fromEntries(base) };
}

export function order(more: Row = {}): Row {
  return {
    entity_id: 100,
    increment_id: "000001001",
    created_at: "2026-11-01 09:00:00",
    store_id: 1,
    store_name: "Main Website\nMain Store\nDefault Store View",
    coupon_code: "SAVE5",
    customer_email: "jane@example.com",
    billing_address: { firstname: "Jane", telephone: "5550104" },
    total_refunded: "22.0000",
    payment: { method: "stripe_payments", cc_owner: "Jane Doe" },
    items: [
      {
        item_id: 11,
        parent_item_id: null,
        product_type: "simple",
        qty_ordered: 2,
        qty_refunded: 1,
        tax_amount: 3,
        base_tax_amount: 3,
      },
    ],
    ...more,
  };
}

export function transaction(more: Row = {}): Row {
  return {
    transaction_id: 71,
    order_id: 100,
    txn_id: "re_1AbC",
    parent_txn_id: "ch_1AbC",
    txn_type: "refund",
    is_closed: 1,
    created_at: "2026-11-10 10:00:03",
    additional_information: ["Jane Doe"],
    ...more,
  };
}

export function aWorld(more: Partial<World> = {}): World {
  return {
    memos: [memo()],
    orders: [order()],
    transactions: [transaction()],
    returns: null,
    cap: null,
    isListShort: false,
    denied: [],
    ...more,
  };
}

export async function aShop(world: World, options: Partial<MagentoOptions> = {}) {
  const asked: string[] = [];
  const nonces = new Set<string>();
  const url = await serverThat((request, response) => {
    asked.push(request.url ?? "");
    if (world.instead?.(request, response) === true) return;
    const address = new URL(request.url ?? "", `http://${request.headers.host ?? ""}`);
    const header = request.headers.authorization ?? "";
    const signed = isSigned(header, { method: request.method ?? "", url: address }, SECRETS);
    if (signed === null || nonces.has(signed.nonce)) {
      send(response, 401, { message: "The signature is invalid. Verify and try again." });
      return;
    }
    nonces.add(signed.nonce);
    answer(world, address, response);
  });
  const { door: client, events, waits, wait, log } = doorTo(url);
  const shop = magento({
    baseUrl: url,
    credentials: SECRETS,
    http: client,
    door: (origin, ask) => http({ baseUrl: origin, log, wait, random: () => 0, ...ask }),
    log,
    channels: [],
    gateways: [],
    smallestCoin: null,
    now: () => "2026-11-12T00:00:00.000Z",
    ...options,
  });
  return { shop, asked, events, waits, url };
}

function answer(world: World, { pathname, searchParams: query }: URL, response: ServerResponse) {
  const [, path = ""] = /^\/rest\/all\/V1\/(.+)$/.exec(pathname) ?? [];
  const [resource = "", id, last] = path.split("/");
  if (world.denied.includes(resource)) {
    const parameters = { resources: "Magento_Sales::sales" };
    send(response, 401, {
      message: "The consumer isn't authorized to access %resources.",
      parameters,
    });
    return;
  }
  const found = world.memos.find((one) => String(one["entity_id"]) === id);
  if (resource === "creditmemo" && found !== undefined) {
    const { comments, ...plain } = found;
    if (last === "comments") send(response, 200, { items: comments });
    else send(response, 200, world.isListShort ? plain : found);
    return;
  }
  if (path === "store/storeViews") {
    send(response, 200, [{ id: 1, code: "default", name: "Default Store View" }]);
    return;
  }
  const rows = listOf(world, path);
  if (rows === null) {
    send(response, 404, { message: "Request does not match any route." });
    return;
  }
  try {
    const keyed = rows.map((row) => ({ keys: keysOf(row), show: () => row }));
    const { items, total } = searched(keyed, query, world.cap);
    send(response, 200, withFields({ items, total_count: total }, query.get("fields")));
    if (path === "creditmemos") world.afterPage?.();
  } catch (error) {
    if (!(error instanceof BadSearch)) throw error;
    send(response, error.status, { message: error.message, parameters: error.parameters });
  }
}

function listOf(world: World, path: string): readonly Row[] | null {
  if (path === "creditmemos") {
    return world.isListShort
      ? world.memos.map((row) => ({ ...row, comments: undefined, extension_attributes: undefined }))
      : world.memos;
  }
  if (path === "orders") return world.orders;
  if (path === "transactions") return world.transactions;
  return path === "returns" ? world.returns : null;
}

function keysOf(row: Row): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): [string, string | number][] =>
      typeof value === "string" || typeof value === "number" ? [[name, value]] : [],
    ),
  );
}

export function send(response: ServerResponse, status: number, body: object | string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

type Shop = Awaited<ReturnType<typeof aShop>>["shop"];

export async function everyPage(shop: Shop, window = NOVEMBER) {
  return allPages(async (asked, cursor) => shop.refundsSince(asked, cursor), window);
}

/** The only refund of a world. */
export async function theRefund(
  more: Partial<World>,
  options: Partial<MagentoOptions> = {},
): Promise<StorefrontRefund> {
  const { shop } = await aShop(aWorld(more), options);
  const { observations, rejected } = await everyPage(shop);
  const [only] = observations;
  if (only === undefined || observations.length > 1) {
    throw new Error(`${observations.length} refunds, rejected: ${JSON.stringify(rejected)}`);
  }
  return only;
}

import type { Life, LifeOrder, LifeRefund } from "../life/life.ts";
import { type Answered, type Asked, type Desk, FaultPlan, serveSimulator } from "../simulator.ts";
import {
  feeObjects,
  orderObject,
  productObjects,
  refundObject,
  transactionObjects,
} from "./objects.ts";

/**
 * A simulated BigCommerce on this machine: the refund part of Orders V3 and Orders V2, for a
 * generated life. It listens on loopback only and shows the world as it is at `clock()`.
 */
export async function startBigCommerce(
  options: BigCommerceLife & { readonly port?: number },
): Promise<LocalBigCommerce> {
  const desk = bigCommerceSimulator(options);
  const server = await serveSimulator(desk, options.port);
  return { ...desk, ...server };
}

/** The same without a socket. */
export function bigCommerceSimulator(options: BigCommerceLife): BigCommerceSimulator {
  const { life, clock = () => FAR_FUTURE, statusesByHand = NO_STATUSES } = options;
  const token = options.token ?? "local-bigcommerce";
  const faults = new FaultPlan();
  const denied = new Set<string>();
  const requests: string[] = [];
  const limit = options.quota;
  let left = limit?.requests ?? 0;
  let windowFrom = limit?.now() ?? 0;

  const refundsOf = new Map<string, LifeRefund[]>();
  for (const refund of life.refunds) {
    refundsOf.set(refund.orderId, [...(refundsOf.get(refund.orderId) ?? []), refund]);
  }
  const orders = new Map(life.orders.map((order) => [String(order.number), order]));
  const orderOf = new Map(life.orders.map((order) => [order.orderId, order]));
  const sorted = life.refunds.toSorted(
    (one, other) => Number(one.refundId) - Number(other.refundId),
  );

  const seenRefunds = (order: LifeOrder, now: number): LifeRefund[] =>
    (refundsOf.get(order.orderId) ?? []).filter(
      ({ createdAt, transactions }) => Date.parse(createdAt) <= now && transactions.length > 0,
    );
  const handOf = (order: LifeOrder, now: number): number | null => {
    const set = statusesByHand.get(order.number);
    return set === undefined || Date.parse(set.at) > now ? null : set.status;
  };
  const shownOrder = (order: LifeOrder, now: number): object => {
    const byHand = statusesByHand.get(order.number);
    const touched =
      byHand === undefined ? order : { ...order, touchedAt: [...order.touchedAt, byHand.at] };
    return orderObject(touched, seenRefunds(order, now), now, handOf(order, now));
  };

  const mayBeRefunded = ({ orderId, number }: LifeOrder): boolean =>
    refundsOf.has(orderId) || statusesByHand.has(number);

  const refundList = (query: URLSearchParams, now: number): readonly object[] | null => {
    const from = instantIn(query, "created:min", 0);
    const to = instantIn(query, "created:max", Number.POSITIVE_INFINITY);
    if (from === null || to === null) return null;
    const ids = query.get("id:in")?.split(",");
    const inOrders = query.get("order_id:in")?.split(",");
    return sorted.flatMap((refund) => {
      const order = orderOf.get(refund.orderId);
      // The seconds of `created` are whole, and filters compare what is shown.
      const at = Math.floor(Date.parse(refund.createdAt) / 1_000) * 1_000;
      if (order === undefined || at < from || at > to) return [];
      if (ids !== undefined && !ids.includes(refund.refundId)) return [];
      if (inOrders !== undefined && !inOrders.includes(String(order.number))) return [];
      return refundObject(refund, order, now) ?? [];
    });
  };

  const orderList = (query: URLSearchParams, now: number): readonly object[] => {
    const from = instantIn(query, "min_date_modified", 0) ?? 0;
    const to = instantIn(query, "max_date_modified", Number.POSITIVE_INFINITY) ?? 0;
    const least = Number(query.get("min_id") ?? "0");
    const status = query.get("status_id");
    // Only an order with a refund, or one that a person set, can have a status of a refund.
    const isOther = status !== null && status !== "10";
    return life.orders
      .filter((order) => !isOther || mayBeRefunded(order))
      .filter(({ createdAt, number }) => Date.parse(createdAt) <= now && number >= least)
      .toSorted((one, other) => one.number - other.number)
      .map((order) => shownOrder(order, now))
      .filter((shown) => {
        const modified = Date.parse(String(Reflect.get(shown, "date_modified")));
        const isStatus = status === null || String(Reflect.get(shown, "status_id")) === status;
        return isStatus && modified >= from && modified <= to;
      });
  };

  const answerTo = (url: URL): Answered => {
    const now = Date.parse(clock());
    const [, hash, path = ""] = /^\/stores\/([^/]+)\/(.*)$/.exec(url.pathname) ?? [];
    if (hash !== HASH) return problem(404, "Not Found");
    const { searchParams: query } = url;
    if (path === "v3/orders/payment_actions/refunds") {
      const rows = refundList(query, now);
      return rows === null
        ? problem(422, "Invalid date")
        : json({ data: paged(rows, query), meta: {} });
    }
    if (path === "v2/orders") return listed(paged(orderList(query, now), query));
    if (path === "v2/store") {
      const timezone = { name: life.shop.timeZone };
      return json({ id: HASH, currency: life.shop.currency, timezone });
    }
    const [, version, id, rest = ""] = /^(v[23])\/orders\/(\d+)(?:\/(\w+))?$/.exec(path) ?? [];
    const order = orders.get(id ?? "");
    if (order === undefined || Date.parse(order.createdAt) > now) return problem(404, "Not Found");
    const refunds = seenRefunds(order, now);
    if (version === "v3" && rest === "transactions") {
      if (denied.has("transactions")) return problem(403, "Forbidden");
      return json({ data: transactionObjects(order, refunds, now), meta: {} });
    }
    if (rest === "") return json(shownOrder(order, now));
    if (rest === "products") return listed(paged(productObjects(order, refunds), query));
    if (rest === "coupons") {
      return listed(
        paged(
          order.discountCodes.map((code, at) => ({ id: at + 1, code })),
          query,
        ),
      );
    }
    if (rest === "fees") return json({ fees: feeObjects(order, refunds) });
    return problem(404, "Not Found");
  };

  /** The quota's headers; null where the shop has none. */
  const metered = (): Record<string, string> | null => {
    if (limit === undefined) return null;
    if (limit.now() - windowFrom >= WINDOW_MS) {
      windowFrom = limit.now();
      left = limit.requests;
    }
    left -= 1;
    return {
      "x-rate-limit-time-window-ms": String(WINDOW_MS),
      "x-rate-limit-time-reset-ms": String(Math.max(0, WINDOW_MS - (limit.now() - windowFrom))),
      "x-rate-limit-requests-quota": String(limit.requests),
      "x-rate-limit-requests-left": String(Math.max(0, left)),
    };
  };

  return {
    credentials: { storeHash: HASH, accessToken: token },
    faults,
    requests,
    deny: (what) => {
      denied.add(what);
    },
    ask: async ({ method, url, headers }: Asked) => {
      const address = new URL(url);
      requests.push(`${address.pathname}${address.search}`);
      const quota = metered();
      const fault = faults.next();
      const answer =
        headers.get("x-auth-token") !== token
          ? problem(401, "Unauthorized")
          : quota !== null && left < 0
            ? problem(429, "Too many requests")
            : method === "GET"
              ? answerTo(address)
              : problem(405, "Method not allowed");
      return { answer: { ...answer, headers: { ...answer.headers, ...quota } }, fault };
    },
  };
}

export type BigCommerceLife = {
  readonly life: Life;
  /** ISO instant; later events are not shown. Without it, all events are shown. */
  readonly clock?: () => string;
  readonly token?: string;
  /** Requests in 30 seconds; without it there is no limit and no header about it. */
  readonly quota?: { readonly requests: number; readonly now: () => number };
  /** Orders whose status a person set, by number: the status and since when. */
  readonly statusesByHand?: ReadonlyMap<number, { readonly status: number; readonly at: string }>;
};

export type BigCommerceSimulator = Desk & {
  readonly credentials: { readonly storeHash: string; readonly accessToken: string };
  readonly faults: FaultPlan;
  /** Paths with their query, oldest first. */
  readonly requests: readonly string[];
  /** From now on this resource is refused (`transactions`). */
  deny(what: string): void;
};

export type LocalBigCommerce = BigCommerceSimulator & {
  readonly url: string;
  stop(): Promise<void>;
};

/** Null where the text is no date: V3 answers 422. */
function instantIn(query: URLSearchParams, name: string, otherwise: number): number | null {
  const text = query.get(name);
  if (text === null) return otherwise;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

function paged(rows: readonly object[], query: URLSearchParams): readonly object[] {
  const limit = Math.min(250, Number(query.get("limit") ?? "50"));
  const page = Number(query.get("page") ?? "1");
  return rows.slice((page - 1) * limit, page * limit);
}

/** V2 answers 204 with an empty body where a list is empty. */
function listed(rows: readonly object[]): Answered {
  return rows.length === 0 ? { status: 204, headers: {}, body: "" } : json(rows);
}

function json(value: object): Answered {
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  };
}

function problem(status: number, title: string): Answered {
  return { ...json({ status, title }), status };
}

const NO_STATUSES: NonNullable<BigCommerceLife["statusesByHand"]> = new Map();
const HASH = "local1";
const WINDOW_MS = 30_000;
const FAR_FUTURE = "9999-12-31T00:00:00Z";

import type { Life, LifeOrder, LifeRefund } from "../life/life.ts";
import { type Answered, type Asked, type Desk, FaultPlan, serveSimulator } from "../simulator.ts";
import {
  changedAt,
  memoObject,
  orderObject,
  returnObject,
  transactionObjects,
  utc,
} from "./objects.ts";
import { BadSearch, type Row, searched, withFields } from "./search.ts";
import { isSigned } from "./signature.ts";
import { STORES } from "./stores.ts";

/**
 * A simulated Magento on this machine: credit memos, orders, payments, returns and store views of
 * the REST API, for a generated life. It listens on loopback only and shows the world as it is at
 * `clock()`.
 */
export async function startMagento(
  options: MagentoLife & { readonly port?: number },
): Promise<LocalMagento> {
  const desk = magentoSimulator(options);
  const server = await serveSimulator(desk, options.port);
  return { ...desk, ...server };
}

/** The same without a socket. */
export function magentoSimulator(options: MagentoLife): MagentoSimulator {
  const { life, clock = () => FAR_FUTURE, cap = null, edition = "commerce" } = options;
  const credentials = { ...SECRETS, ...options.secrets };
  const faults = new FaultPlan();
  const denied = new Set<string>();
  const requests: string[] = [];
  const nonces = new Set<string>();
  const tokens = new Set<string>();
  let serial = 0;

  const orders = new Map(life.orders.map((order) => [order.orderId, order]));
  const memos = life.refunds
    .filter(isReal)
    .toSorted((one, other) => Number(one.refundId) - Number(other.refundId));
  const numbers = new Map(memos.map(({ refundId }, at) => [refundId, at + 1]));
  const byOrder = new Map<string, LifeRefund[]>();
  for (const memo of memos) byOrder.set(memo.orderId, [...(byOrder.get(memo.orderId) ?? []), memo]);

  const shown = (memo: LifeRefund, now: number): object =>
    memoObject(memo, orderOf(memo), numbers.get(memo.refundId) ?? 0, now) ?? {};
  const orderOf = ({ orderId }: LifeRefund): LifeOrder => {
    const order = orders.get(orderId);
    if (order === undefined) throw new Error(`no order ${orderId}`);
    return order;
  };

  const memoRows = (now: number): readonly Row[] =>
    memos
      .filter((memo) => isMade(memo, now))
      .map((memo) => ({
        keys: {
          entity_id: Number(memo.refundId),
          order_id: Number(memo.orderId),
          updated_at: utc(changedAt(memo, now)),
        },
        show: () => shown(memo, now),
      }));

  /** A search for orders names their ids; without them there is nothing to find. */
  const wantedOrders = (query: URLSearchParams, now: number): readonly LifeOrder[] =>
    [...query.values()]
      .flatMap((value) => value.split(","))
      .flatMap((id) => orders.get(id) ?? [])
      .filter(({ createdAt }) => Date.parse(createdAt) <= now);

  const rowsOf = (path: string, query: URLSearchParams, now: number): readonly Row[] | null => {
    if (path === "creditmemos") return memoRows(now);
    const wanted = wantedOrders(query, now);
    const made = (order: LifeOrder): readonly LifeRefund[] =>
      (byOrder.get(order.orderId) ?? []).filter((memo) => isMade(memo, now));
    if (path === "orders") {
      return wanted.map((order) => ({
        keys: { entity_id: Number(order.orderId) },
        show: () => orderObject(order, made(order), now),
      }));
    }
    if (path === "transactions") {
      const rows = wanted.flatMap((order) =>
        made(order).flatMap((memo) => transactionObjects(memo, order, now)),
      );
      return plainRows(rows, "transaction_id");
    }
    if (path === "returns" && edition === "commerce") {
      const rows = wanted.flatMap((order) =>
        made(order).flatMap((memo) => returnObject(memo, order) ?? []),
      );
      return plainRows(rows, "entity_id");
    }
    return null;
  };

  const answerTo = (url: URL): Answered => {
    const now = Date.parse(clock());
    const [, path = ""] = /^\/rest\/all\/V1\/(.+)$/.exec(url.pathname) ?? [];
    const { searchParams: query } = url;
    const [resource = ""] = path.split("/");
    if (denied.has(resource)) {
      return refusal(401, "The consumer isn't authorized to access %resources.", {
        resources: "Magento_Sales::sales",
      });
    }
    if (path === "store/storeViews") {
      return json(STORES.map(({ id, code, name }) => ({ id, code, name, website_id: 1 })));
    }
    if (path === "store/storeConfigs") {
      const { currency, timeZone: timezone } = life.shop;
      return json(
        STORES.map(({ id, code }) => ({ id, code, base_currency_code: currency, timezone })),
      );
    }
    const [, id] = /^creditmemo\/(\d+)$/.exec(path) ?? [];
    const memo = memos.find(({ refundId }) => refundId === id);
    if (memo !== undefined && isMade(memo, now)) return json(shown(memo, now));
    const rows = rowsOf(path, query, now);
    if (rows === null) return refusal(404, "Request does not match any route.");
    try {
      const { items, total } = searched(rows, query, cap);
      return json(withFields({ items, total_count: total }, query.get("fields")));
    } catch (error) {
      if (!(error instanceof BadSearch)) throw error;
      return refusal(error.status, error.message, error.parameters);
    }
  };

  const isKnown = ({ method, headers }: Asked, url: URL): boolean => {
    const header = headers.get("authorization") ?? "";
    if (header.startsWith("Bearer ")) return tokens.has(header.slice("Bearer ".length));
    const signed = isSigned(header, { method, url }, credentials);
    if (signed === null || nonces.has(signed.nonce)) return false;
    nonces.add(signed.nonce);
    return true;
  };

  const grant = (body: string): Answered => {
    const form = new URLSearchParams(body);
    const isClient =
      form.get("client_id") === IMS.clientId && form.get("client_secret") === IMS.clientSecret;
    if (!isClient || form.get("grant_type") !== "client_credentials") {
      return refusal(400, "invalid_client");
    }
    serial += 1;
    tokens.add(`token-${serial}`);
    return json({ access_token: `token-${serial}`, expires_in: 86_399 });
  };

  return {
    credentials,
    imsAt: (origin) => ({ ...IMS, tokenUrl: `${origin}${TOKEN_PATH}` }),
    faults,
    requests,
    deny: (resource) => {
      denied.add(resource);
    },
    expireTokens: () => {
      tokens.clear();
    },
    ask: async (asked) => {
      const url = new URL(asked.url);
      requests.push(`${url.pathname}${url.search}`);
      const fault = faults.next();
      if (url.pathname === TOKEN_PATH) return { answer: grant(asked.body), fault };
      const answer = isKnown(asked, url)
        ? answerTo(url)
        : refusal(401, "The signature is invalid. Verify and try again.");
      return { answer, fault };
    },
  };
}

export type MagentoLife = {
  readonly life: Life;
  /** ISO instant; later events are not shown. Without it, all events are shown. */
  readonly clock?: () => string;
  readonly secrets?: Partial<typeof SECRETS>;
  /** The largest page that the shop allows; null without a limit. */
  readonly cap?: number | null;
  /** Returns exist in Adobe Commerce only. */
  readonly edition?: "commerce" | "open source";
};

export type MagentoSimulator = Desk & {
  readonly credentials: typeof SECRETS;
  /** The secret of the cloud service, whose token host is at this origin. */
  imsAt(origin: string): typeof IMS & { readonly tokenUrl: string };
  readonly faults: FaultPlan;
  /** Paths with their query, oldest first. */
  readonly requests: readonly string[];
  /** The integration may not read this list any more. */
  deny(resource: string): void;
  expireTokens(): void;
};

export type LocalMagento = MagentoSimulator & { readonly url: string; stop(): Promise<void> };

function isMade({ createdAt }: LifeRefund, now: number): boolean {
  return Date.parse(createdAt) <= now;
}

/** Magento knows no test order: a shop tries out a payment in another installation. */
function isReal({ transactions }: LifeRefund): boolean {
  return transactions.some(({ test }) => !test);
}

function plainRows(rows: readonly object[], key: string): readonly Row[] {
  return rows.map((row) => ({
    keys: {
      [key]: Number(Reflect.get(row, key)),
      order_id: Number(Reflect.get(row, "order_id")),
      txn_type: String(Reflect.get(row, "txn_type")),
    },
    show: () => row,
  }));
}

function json(value: object): Answered {
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(value),
  };
}

function refusal(status: number, message: string, parameters: object = {}): Answered {
  return { ...json({ message, parameters }), status };
}

const SECRETS = {
  consumerKey: "local-consumer",
  consumerSecret: "local+consumer/secret=",
  accessToken: "local-token",
  accessTokenSecret: "local&token%secret",
};
const IMS = {
  clientId: "local-client",
  clientSecret: "local-secret",
  scope: "openid,AdobeID,commerce.accs",
};
const TOKEN_PATH = "/ims/token/v3";
const FAR_FUTURE = "9999-12-31T00:00:00Z";

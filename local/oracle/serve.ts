import type { Life } from "../life/life.ts";
import { type Answered, type Asked, type Desk, FaultPlan, serveSimulator } from "../simulator.ts";
import { BadQuery, testOf, valueOf } from "./query.ts";
import { memosOf, type OracleRow, type State } from "./rows.ts";

/**
 * A simulated Oracle Fusion on this machine: credit memos of Receivables with their children, the
 * accounts of customers, and the host that grants tokens, for a generated life.
 *
 * It follows the documented rules of the framework from version 3 on; Oracle publishes no schema. It
 * listens on loopback only and shows the world as it is at `clock()`.
 */
export async function startOracle(
  options: OracleLife & { readonly port?: number },
): Promise<LocalOracle> {
  const desk = oracleSimulator(options);
  const server = await serveSimulator(desk, options.port);
  return { ...desk, ...server };
}

/** The same without a socket. */
export function oracleSimulator(options: OracleLife): OracleSimulator {
  const { life, clock = () => FAR_FUTURE, cap = 499, searchable = true } = options;
  const user = options.user ?? { username: "REFUND_WATCH", password: "local: oracle" };
  const books = memosOf(life);
  const applications = new Map<string, (typeof books.applications)[number][]>();
  for (const one of books.applications) {
    applications.set(one.account, [...(applications.get(one.account) ?? []), one]);
  }
  const faults = new FaultPlan();
  const denied = new Set<string>();
  const tokens = new Set<string>();
  const requests: string[] = [];
  let serial = 0;
  const queryable = (attribute: string): boolean =>
    attribute === "CreationDate" || (attribute === "LastUpdateDate" && searchable);

  const memosAt = (now: number): readonly OracleRow[] => latest(books.memos, now);

  const listed = (rows: readonly OracleRow[], query: URLSearchParams): Answered => {
    const wanted = rows.filter(testOf(query.get("q") ?? "", queryable));
    const sorted = inOrder(wanted, query.get("orderBy"));
    const limit = Math.min(cap, Number(query.get("limit") ?? "25"));
    const offset = Number(query.get("offset") ?? "0");
    const items = sorted.slice(offset, offset + limit).map((row) => expanded(row, query));
    const hasMore = sorted.length > offset + items.length;
    return json({ items, count: items.length, hasMore, limit, offset, links: [] });
  };

  const answerTo = (url: URL): Answered => {
    const now = Date.parse(clock());
    const { searchParams: query } = url;
    const [, path = ""] = /^\/fscmRestApi\/resources\/[\d.]+\/(.+)$/.exec(url.pathname) ?? [];
    const [resource = "", id, , child] = path.split("/");
    if (denied.has(resource)) return problem(403, "Forbidden");
    if (path === `${MEMOS}/describe`) return json(description(searchable));
    if (resource === MEMOS) {
      if (id === undefined) return listed(memosAt(now), query);
      const row = memosAt(now).find((one) => String(one["CustomerTransactionId"]) === id);
      return row === undefined ? problem(404, "Not Found") : json(expanded(row, query));
    }
    if (resource === ACCOUNTS && id === undefined) {
      const [, number] = /AccountNumber=([^;]+)/.exec(query.get("finder") ?? "") ?? [];
      const account = books.accounts.get(number ?? "");
      const rows =
        account === undefined ? [] : [{ AccountId: Number(account), AccountNumber: number }];
      return listed(rows, new URLSearchParams());
    }
    if (resource === ACCOUNTS && child === "creditMemoApplications") {
      return listed(latest(applications.get(id ?? "") ?? [], now), query);
    }
    if (resource === ACCOUNTS && child === "creditMemos") return listed([], query);
    return problem(404, "Not Found");
  };

  const isKnown = (headers: Headers): boolean => {
    const given = headers.get("authorization") ?? "";
    if (given.startsWith("Bearer ")) return tokens.has(given.slice("Bearer ".length));
    return given === `Basic ${Buffer.from(`${user.username}:${user.password}`).toString("base64")}`;
  };

  const grant = (headers: Headers, body: string): Answered => {
    const form = new URLSearchParams(body);
    const pair = Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString("base64");
    const isClient = headers.get("authorization") === `Basic ${pair}`;
    if (!isClient || form.get("scope") !== CLIENT.scope) return problem(401, "invalid_client");
    serial += 1;
    tokens.add(`token-${serial}`);
    return json({ access_token: `token-${serial}`, token_type: "Bearer", expires_in: 3_600 });
  };

  return {
    credentials: user,
    oauthAt: (origin) => ({ tokenUrl: `${origin}${TOKEN_PATH}`, ...CLIENT }),
    faults,
    requests,
    deny: (resource) => {
      denied.add(resource);
    },
    expireTokens: () => {
      tokens.clear();
    },
    ask: async ({ url: address, headers, body }: Asked) => {
      const url = new URL(address);
      requests.push(`${url.pathname}${url.search}`);
      const fault = faults.next();
      if (url.pathname === TOKEN_PATH) return { answer: grant(headers, body), fault };
      if (!isKnown(headers)) return { answer: problem(401, "Unauthorized"), fault };
      if (!(Number(headers.get("rest-framework-version")) >= 3)) {
        return { answer: problem(400, "REST-Framework-Version: wanted 3 or more"), fault };
      }
      try {
        return { answer: answerTo(url), fault };
      } catch (error) {
        if (!(error instanceof BadQuery)) throw error;
        return { answer: problem(400, error.message), fault };
      }
    },
  };
}

export type OracleLife = {
  readonly life: Pick<Life, "documents">;
  /** ISO instant; later events are not shown. Without it, all events are shown. */
  readonly clock?: () => string;
  readonly user?: { readonly username: string; readonly password: string };
  /** The largest page. */
  readonly cap?: number;
  /** Whether credit memos can be searched by LastUpdateDate. */
  readonly searchable?: boolean;
};

export type OracleSimulator = Desk & {
  readonly credentials: { readonly username: string; readonly password: string };
  /** The secret for OAuth client credentials, whose token host is at this origin. */
  oauthAt(origin: string): typeof CLIENT & { readonly tokenUrl: string };
  readonly faults: FaultPlan;
  /** Paths with their query, oldest first. */
  readonly requests: readonly string[];
  /** The user may not read this resource any more. */
  deny(resource: string): void;
  expireTokens(): void;
};

export type LocalOracle = OracleSimulator & { readonly url: string; stop(): Promise<void> };

/** The state of each record at an instant. */
function latest(states: readonly State[], now: number): readonly OracleRow[] {
  const rows = new Map<string, State>();
  for (const state of states) {
    const known = rows.get(state.id);
    if (state.from <= now && (known === undefined || known.from <= state.from)) {
      rows.set(state.id, state);
    }
  }
  return [...rows.values()].map(({ row }) => row);
}

function inOrder(rows: readonly OracleRow[], orderBy: string | null): readonly OracleRow[] {
  const keys = (orderBy ?? "")
    .split(",")
    .filter((one) => one !== "")
    .map((one) => one.split(":"));
  return rows.toSorted((one, other) => {
    for (const [key = "", direction] of keys) {
      const [left, right] = [valueOf(one[key]), valueOf(other[key])];
      if (left !== right) return left < right === (direction !== "desc") ? -1 : 1;
    }
    return 0;
  });
}

/** Children are shown only where they are asked for, each with its count. */
function expanded(row: OracleRow, query: URLSearchParams): OracleRow {
  const wanted = new Set((query.get("expand") ?? "").split(","));
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): [string, unknown][] => {
      if (!Array.isArray(value)) return [[name, value]];
      const nested = [...wanted].find((one) => one.startsWith(`${name}.`));
      if (!wanted.has(name) && nested === undefined) return [];
      const inner = new URLSearchParams({ expand: nested?.slice(name.length + 1) ?? "" });
      const items = value.map((one: OracleRow) => expanded(one, inner));
      return [[name, { items, count: items.length, hasMore: false, limit: 25, offset: 0 }]];
    }),
  );
}

function description(searchable: boolean): object {
  const attributes = [
    { name: "CustomerTransactionId", queryable: true },
    { name: "CreationDate", queryable: true },
    { name: "LastUpdateDate", queryable: searchable },
  ];
  return { Resources: { [MEMOS]: { attributes } } };
}

function json(value: object): Answered {
  return {
    status: 200,
    headers: { "content-type": "application/vnd.oracle.adf.resourcecollection+json" },
    body: JSON.stringify(value),
  };
}

function problem(status: number, detail: string): Answered {
  const body = { title: "Problem", status: String(status), "o:errorDetails": [{ detail }] };
  return { ...json(body), status };
}

const MEMOS = "receivablesCreditMemos";
const ACCOUNTS = "receivablesCustomerAccountActivities";
const CLIENT = {
  clientId: "local-client",
  clientSecret: "local-secret",
  scope: "urn:opc:resource:fusion:local:fscm",
};
const TOKEN_PATH = "/oauth2/v1/token";
const FAR_FUTURE = "9999-12-31T00:00:00Z";

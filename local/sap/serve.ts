import type { Life } from "../life/life.ts";
import { type Answered, type Asked, type Desk, FaultPlan, serveSimulator } from "../simulator.ts";
import { ENTITIES, type Entity } from "./entities.ts";
import { BadFilter, filterOf } from "./filter.ts";
import { documentsOf, type SapRow, type State } from "./rows.ts";

/**
 * A simulated SAP S/4HANA on this machine: the OData V2 services for billing documents, credit memo
 * requests and customer returns, and the host that grants tokens, for a generated life.
 *
 * An unknown field, a wrong kind of literal or an unknown entity set is refused as in SAP. It
 * listens on loopback only and shows the world as it is at `clock()`.
 */
export async function startSap(options: SapLife & { readonly port?: number }): Promise<LocalSap> {
  const desk = sapSimulator(options);
  const server = await serveSimulator(desk, options.port);
  return { ...desk, ...server };
}

/** The same without a socket. */
export function sapSimulator(options: SapLife): SapSimulator {
  const { life, clock = () => FAR_FUTURE, serverPage = 1_000 } = options;
  const user = options.user ?? { username: "REFUND_WATCH", password: "local sap" };
  const documents = documentsOf(life);
  const faults = new FaultPlan();
  const denied = new Set<string>();
  const removed = new Set<string>();
  const tokens = new Set<string>();
  const requests: string[] = [];
  let serial = 0;

  const rowsOf = (entity: string, now: number): readonly SapRow[] => {
    if (entity.endsWith("/A_BillingDocument")) return latest(documents.billing, now);
    if (entity.endsWith("/A_CreditMemoRequest")) return latest(documents.requests, now);
    if (entity.endsWith("/A_BillingDocumentItem")) {
      return latest(documents.billing, now).flatMap((row) => itemsIn(row));
    }
    return [];
  };

  const query = (name: string, entity: Entity, url: URL): Answered => {
    const parameters = url.searchParams;
    const fields = new Set([...entity.fields.keys()].filter((field) => !removed.has(field)));
    const unknown = unknownField(entity, fields, parameters);
    if (unknown !== null) return problem(400, `Property ${unknown} not found in type`);
    const test = filterOf(parameters.get("$filter") ?? "", fields);
    const rows = rowsOf(name, Date.parse(clock())).filter(test);
    const sorted = inOrder(rows, parameters.get("$orderby"));
    const skip = Number(parameters.get("$skip") ?? "0");
    const asked = Number(parameters.get("$top") ?? "100000");
    const most = Math.min(asked, serverPage);
    const page = sorted.slice(skip, skip + most);
    const hasMore = most < asked && sorted.length > skip + most;
    const select = (parameters.get("$select") ?? "").split(",");
    return json({
      d: {
        ...(parameters.get("$inlinecount") === "allpages" && { __count: String(rows.length) }),
        results: page.map((row) => shown(row, name, select, url)),
        ...(hasMore && { __next: `${url.origin}${url.pathname}?$skiptoken=${skip + most}` }),
      },
    });
  };

  const answerTo = ({ url, headers, method, body }: Asked): Answered => {
    const address = new URL(url);
    if (address.pathname === TOKEN_PATH) return grant(method, headers, body);
    if (!isKnown(headers)) return problem(401, "Unauthorized");
    const [, service = "", set = ""] =
      /^\/sap\/opu\/odata\/sap\/(\w+)\/(\w+)$/.exec(address.pathname) ?? [];
    if (denied.has(service)) return problem(403, "No authorization to access service");
    const entity = ENTITIES.get(`${service}/${set}`);
    if (entity === undefined) return problem(404, "Resource not found");
    if (!(headers.get("accept") ?? "").includes("application/json")) {
      return { status: 200, headers: { "content-type": "application/atom+xml" }, body: "<feed/>" };
    }
    try {
      return query(`${service}/${set}`, entity, address);
    } catch (error) {
      if (!(error instanceof BadFilter)) throw error;
      return problem(400, error.message);
    }
  };

  const isKnown = (headers: Headers): boolean => {
    const given = headers.get("authorization") ?? "";
    if (given.startsWith("Bearer ")) return tokens.has(given.slice("Bearer ".length));
    return given === `Basic ${Buffer.from(`${user.username}:${user.password}`).toString("base64")}`;
  };

  const grant = (method: string, headers: Headers, body: string): Answered => {
    const pair = Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString("base64");
    const isClient = headers.get("authorization") === `Basic ${pair}`;
    const isGrant = new URLSearchParams(body).get("grant_type") === "client_credentials";
    if (method !== "POST" || !isClient || !isGrant) return problem(401, "invalid_client");
    serial += 1;
    const token = `token-${serial}`;
    tokens.add(token);
    return json({ access_token: token, token_type: "Bearer", expires_in: 3_600 });
  };

  return {
    credentials: user,
    oauthAt: (origin) => ({ tokenUrl: `${origin}${TOKEN_PATH}`, ...CLIENT }),
    faults,
    requests,
    deny: (service) => {
      denied.add(service);
    },
    remove: (field) => {
      removed.add(field);
    },
    expireTokens: () => {
      tokens.clear();
    },
    ask: async (asked) => {
      const { pathname, search } = new URL(asked.url);
      requests.push(`${pathname}${search}`);
      return { answer: answerTo(asked), fault: faults.next() };
    },
  };
}

export type SapLife = {
  readonly life: Pick<Life, "documents">;
  /** ISO instant; later events are not shown. Without it, all events are shown. */
  readonly clock?: () => string;
  readonly user?: { readonly username: string; readonly password: string };
  /** The server ends a page after so many rows. */
  readonly serverPage?: number;
};

export type SapSimulator = Desk & {
  readonly credentials: { readonly username: string; readonly password: string };
  /** The secret for OAuth client credentials, whose token host is at this origin. */
  oauthAt(origin: string): {
    readonly tokenUrl: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  readonly faults: FaultPlan;
  /** Paths with their query, oldest first. */
  readonly requests: readonly string[];
  /** No communication arrangement has this service any more. */
  deny(service: string): void;
  /** The system has no such field. */
  remove(field: string): void;
  expireTokens(): void;
};

export type LocalSap = SapSimulator & { readonly url: string; stop(): Promise<void> };

/** The state of each document at an instant. */
function latest(states: readonly State[], now: number): readonly SapRow[] {
  const rows = new Map<string, State>();
  for (const state of states) {
    const known = rows.get(state.id);
    if (state.from <= now && (known === undefined || known.from <= state.from)) {
      rows.set(state.id, state);
    }
  }
  return [...rows.values()].map(({ row }) => row);
}

function itemsIn(row: SapRow): readonly SapRow[] {
  const items: unknown = Reflect.get(Object(row["to_Item"]), "results");
  return Array.isArray(items) ? items : [];
}

function unknownField(
  { itemFields }: Entity,
  fields: ReadonlySet<string>,
  parameters: URLSearchParams,
): string | null {
  const selected = (parameters.get("$select") ?? "").split(",").filter((one) => one !== "");
  const isExpanded = parameters.get("$expand") === "to_Item";
  const ordered = (parameters.get("$orderby") ?? "")
    .split(",")
    .map((one) => one.trim().split(" ")[0] ?? "")
    .filter((one) => one !== "");
  const wrong = selected.find((path) => {
    if (!path.startsWith("to_Item/")) return !fields.has(path);
    return !isExpanded || !itemFields.has(path.slice("to_Item/".length));
  });
  return wrong ?? ordered.find((field) => !fields.has(field)) ?? null;
}

function inOrder(rows: readonly SapRow[], orderBy: string | null): readonly SapRow[] {
  const keys = (orderBy ?? "").split(",").map((one) => one.trim().split(" "));
  return rows.toSorted((one, other) => {
    for (const [key = "", direction] of keys) {
      const [left, right] = [sortable(one[key]), sortable(other[key])];
      if (left !== right) return left < right === (direction !== "desc") ? -1 : 1;
    }
    return 0;
  });
}

/** SAP holds ids with leading zeros, so a shorter one comes first. */
function sortable(value: unknown): string | number {
  const text = typeof value === "string" ? value : "";
  const ms = /^\/Date\((-?\d+)/.exec(text)?.[1];
  return ms === undefined ? text.padStart(10, "0") : Number(ms);
}

/** Only what was selected, as in OData: what is expanded must be selected too. */
function shown(row: SapRow, name: string, select: readonly string[], url: URL): object {
  const own = select.filter((path) => !path.includes("/"));
  const ofItems = select.flatMap((path) => path.split("/")[1] ?? []);
  const key = ENTITIES.get(name)?.keys[0] ?? "";
  const uri = `${url.origin}${url.pathname}('${String(row[key])}')`;
  return {
    __metadata: { uri, type: name.replace("/", ".") },
    ...Object.fromEntries(own.map((field) => [field, row[field]])),
    ...(ofItems.length > 0 && {
      to_Item: {
        results: itemsIn(row).map((item) =>
          Object.fromEntries(ofItems.map((field) => [field, item[field]])),
        ),
      },
    }),
  };
}

function json(value: object): Answered {
  return {
    status: 200,
    headers: { "content-type": "application/json;charset=utf-8" },
    body: JSON.stringify(value),
  };
}

function problem(status: number, value: string): Answered {
  return {
    ...json({ error: { code: "005056A509B11EE1B9A8", message: { lang: "en", value } } }),
    status,
  };
}

const CLIENT = { clientId: "sb-refund-watch", clientSecret: "local-secret" };
const TOKEN_PATH = "/oauth/token";
const FAR_FUTURE = "9999-12-31T00:00:00Z";

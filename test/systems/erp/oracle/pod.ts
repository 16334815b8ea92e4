import type { IncomingMessage, ServerResponse } from "node:http";
import { http } from "../../../../lambdas/systems/http/http.ts";
import { oracle } from "../../../../lambdas/systems/erp/oracle/oracle.ts";
import type { OracleOptions } from "../../../../lambdas/systems/erp/oracle/oracle.ts";
import type { ErpDocument } from "../../../../lambdas/refund/observation/observation.ts";
import { testOf, valueOf } from "../../../../local/oracle/query.ts";
import { allPages, NOVEMBER } from "../../every-page.ts";
import { doorTo, serverThat } from "../../loopback.ts";

/** Rows as Fusion sends them; a test changes what it is about. */
export type Row = Record<string, unknown>;

export type World = {
  memos: readonly Row[];
  /** By the number of the customer. */
  accounts: Readonly<
    Record<
      string,
      {
        readonly id: number;
        readonly applications: readonly Row[];
        readonly creditMemos?: readonly Row[];
      }
    >
  >;
  invoices: readonly Row[];
  /** Called after each page of credit memos. */
  afterPage?: () => void;
  /** Answers a request itself where it returns true. */
  instead?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Attributes that `q` accepts. */
  queryable: readonly string[];
  cap: number;
  /** The row as an answer shows it, where that is wrong. */
  shownAs?: (row: Row) => Row;
  /** What `hasMore` says; null: the truth. */
  hasMore: boolean | null;
  /** Resources that are answered with 403, or children that are unknown. */
  denied: readonly string[];
  /** The children that an answer has although they were asked for: "array", or left out. */
  children: "collection" | "array" | "none";
};

export const AT = "2026-11-10T10:00:00.000+00:00";
const USER = { username: "REFUND_WATCH", password: "s3cret: word" };

/** A credit of 21.00 with 1.50 tax and 2.50 freight, negative as Fusion states it. */
export function memo(more: Row = {}): Row {
  return {
    CustomerTransactionId: 300000190000137,
    TransactionNumber: "CM-4711",
    BusinessUnit: "Acme US",
    TransactionSource: "Refund Import",
    TransactionType: "Credit Memo",
    TransactionDate: "2026-11-10",
    AccountingDate: "2026-11-11",
    CreditMemoCurrency: "USD",
    EnteredAmount: -21,
    TransactionBalanceDue: "-21.00",
    FreightCreditAmount: "-2.50",
    CreditMemoStatus: "Complete",
    CreditReason: "Return",
    CreditMemoComments: null,
    BillToCustomerName: "Jane Doe",
    BillToCustomerNumber: "1008",
    CrossReference: null,
    PurchaseOrder: "SO-1001",
    CreatedBy: "SHOP_INTEGRATION",
    CreationDate: AT,
    LastUpdatedBy: "jane.doe@example.com",
    LastUpdateDate: AT,
    receivablesCreditMemoLines: [line()],
    receivablesCreditMemoTransactionDFF: [{ shopRefund: "870001113286" }],
    ...more,
  };
}

export function line(more: Row = {}): Row {
  return {
    CustomerTransactionLineId: 300000190000138,
    LineNumber: 1,
    LineDescription: "Socks for Jane Doe",
    ItemNumber: "SOCK-1",
    MemoLine: null,
    LineAmountCredit: -17,
    LineQuantityCredit: 1,
    LineFreightCreditAmount: null,
    receivablesCreditMemoLineTaxLines: [{ TaxAmount: "-1.50", TaxInclusiveIndicator: "N" }],
    ...more,
  };
}

export function aWorld(more: Partial<World> = {}): World {
  return {
    memos: [memo()],
    accounts: {},
    invoices: [],
    queryable: ["LastUpdateDate", "CreationDate"],
    cap: 499,
    hasMore: null,
    denied: [],
    children: "collection",
    ...more,
  };
}

export async function aPod(world: World, options: Partial<OracleOptions> = {}) {
  const asked: string[] = [];
  const url = await serverThat((request, response) => {
    asked.push(decodeURIComponent(request.url ?? ""));
    if (world.instead?.(request, response) === true) return;
    const wanted = `Basic ${Buffer.from(`${USER.username}:${USER.password}`).toString("base64")}`;
    if (request.headers.authorization !== wanted) return send(response, 401, {});
    if (request.headers["rest-framework-version"] !== "4") return send(response, 400, {});
    return answer(world, new URL(request.url ?? "", "http://pod"), response);
  });
  const { door: client, events, waits, wait, log } = doorTo(url);
  const books = oracle({
    baseUrl: url,
    credentials: USER,
    http: client,
    door: (origin, ask) => http({ baseUrl: origin, log, wait, random: () => 0, ...ask }),
    log,
    integrationUsers: ["SHOP_INTEGRATION"],
    referenceFields: ["shopRefund"],
    ...options,
  });
  return { books, asked, events, waits, url };
}

function answer(
  world: World,
  { pathname, searchParams: query }: URL,
  response: ServerResponse,
): void {
  const [, path = ""] = /^\/fscmRestApi\/resources\/[\d.]+\/(.+)$/.exec(pathname) ?? [];
  const [resource = "", id = "", , child = ""] = path.split("/");
  if (world.denied.includes(resource)) return send(response, 403, {});
  if (id === "describe") {
    const attributes = ["LastUpdateDate", "CreationDate"].map((name) => ({
      name,
      queryable: world.queryable.includes(name),
    }));
    return send(response, 200, { Resources: { [resource]: { attributes } } });
  }
  if (resource === "receivablesCreditMemos" && id === "") {
    list(world.memos, query, world, response);
    world.afterPage?.();
    return undefined;
  }
  if (resource === "receivablesCreditMemos") {
    const found = world.memos.find((one) => String(one["CustomerTransactionId"]) === id);
    if (found === undefined) return send(response, 404, {});
    if (child === "") return send(response, 200, shown(found, query, world));
    const rows = found[child];
    return list(
      Array.isArray(rows) ? (rows as Row[]) : [],
      query,
      { ...world, children: "array" },
      response,
    );
  }
  if (resource === "receivablesInvoices") {
    const found = world.invoices.find((one) => String(one["CustomerTransactionId"]) === id);
    return found === undefined ? send(response, 404, {}) : send(response, 200, found);
  }
  if (resource !== "receivablesCustomerAccountActivities") return send(response, 404, {});
  const accounts = Object.entries(world.accounts).map(([number, account]) => ({
    number,
    ...account,
  }));
  if (id === "") {
    const [, wanted] =
      /AccountNumber\s*=\s*"?([^";]+)/.exec(
        `${query.get("finder") ?? ""} ${query.get("q") ?? ""}`,
      ) ?? [];
    const rows = accounts
      .filter(({ number }) => wanted === undefined || number === wanted.trim())
      .map(({ number, id: account }) => ({ AccountId: account, AccountNumber: number }));
    return list(rows, new URLSearchParams(), world, response);
  }
  const account = accounts.find((one) => String(one.id) === id);
  const rows = child === "creditMemos" ? account?.creditMemos : account?.applications;
  return list(rows ?? [], query, world, response);
}

function list(
  rows: readonly Row[],
  query: URLSearchParams,
  world: World,
  response: ServerResponse,
): void {
  const expand = (query.get("expand") ?? "").split(/[,.]/);
  if (expand.some((child) => world.denied.includes(child))) return send(response, 400, {});
  let test: (row: Row) => boolean;
  try {
    test = testOf(query.get("q") ?? "", (name) => world.queryable.includes(name));
  } catch {
    return send(response, 400, { title: "Bad Request" });
  }
  const [field = ""] = (query.get("orderBy") ?? "").split(":");
  const sorted = rows.filter(test).toSorted((one, other) => {
    const [left, right] = [valueOf(one[field]), valueOf(other[field])];
    if (left !== right) return left < right ? -1 : 1;
    const [a, b] = [Number(one["CustomerTransactionId"]), Number(other["CustomerTransactionId"])];
    return a - b;
  });
  const limit = Math.min(world.cap, Number(query.get("limit") ?? "25"));
  const offset = Number(query.get("offset") ?? "0");
  const items = sorted
    .slice(offset, offset + limit)
    .map((row) => world.shownAs?.(row) ?? row)
    .map((row) => shown(row, query, world));
  const hasMore = world.hasMore ?? sorted.length > offset + items.length;
  return send(response, 200, { items, count: items.length, hasMore, limit, offset });
}

function shown(row: Row, query: URLSearchParams, { children }: World): Row {
  const expand = query.get("expand") ?? "";
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): [string, unknown][] => {
      if (!Array.isArray(value)) return [[name, value]];
      if (children === "none" || !expand.includes(name)) return [];
      const items = (value as Row[]).map((one) => shown(one, query, { ...aWorld(), children }));
      return [
        [name, children === "array" ? items : { items, count: items.length, hasMore: false }],
      ];
    }),
  );
}

export function send(response: ServerResponse, status: number, body: object | string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

type Books = Awaited<ReturnType<typeof aPod>>["books"];

export async function everyPage(books: Books, window = NOVEMBER) {
  return allPages(async (asked, cursor) => books.documentsSince(asked, cursor), window);
}

/** The only document of a world. */
export async function theDocument(
  more: Partial<World>,
  options: Partial<OracleOptions> = {},
): Promise<ErpDocument> {
  const { books } = await aPod(aWorld(more), options);
  const { observations, rejected } = await everyPage(books);
  const [only] = observations;
  if (only === undefined || observations.length > 1) {
    throw new Error(`${observations.length} documents, rejected: ${JSON.stringify(rejected)}`);
  }
  return only;
}

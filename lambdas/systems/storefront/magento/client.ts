import * as z from "zod";
import type { Log } from "../../../log.ts";
import { type Http, type HttpAnswer, Refused } from "../../http/http.ts";
import { PageError } from "../../http/page-error.ts";
import { missingJson, parseJson } from "../../http/parse-json.ts";
import { type Search, searchParameters } from "./search.ts";
import type { MagentoAccess } from "./sign-in.ts";

/**
 * Sends one GET request at a time to Magento's REST API.
 *
 * A refused token is renewed once. When the shop refuses the size of a page, the size that it names
 * is used from then on. Amounts may be JSON numbers or texts, so every number of an answer is read as
 * text.
 *
 * Source: Adobe Commerce, "Search using REST endpoints" and "API security" (input limits).
 */
export class MagentoClient {
  readonly #http: Http;
  readonly #access: MagentoAccess;
  readonly #log: Log;
  /** Ends with "/V1". */
  readonly #base: string;
  readonly #root: string;
  readonly #refused = new Set<string>();
  readonly #absent = new Set<string>();
  #pageSize: number;
  #requests = 0;

  constructor(options: MagentoClientOptions) {
    const { http, access, log, baseUrl, pageSize = PAGE_ROWS } = options;
    this.#http = http;
    this.#access = access;
    this.#log = log;
    this.#root = baseUrl.replace(/\/+$/, "");
    this.#base = basePath(baseUrl, access.isCloud);
    this.#pageSize = pageSize;
  }

  /** The requests that were sent so far. */
  get requests(): number {
    return this.#requests;
  }

  get pageSize(): number {
    return this.#pageSize;
  }

  /** Resources that the integration may not read, by the name of the permission. */
  refused(): readonly string[] {
    return [...this.#refused].toSorted();
  }

  /** Resources that this edition does not have, such as "returns". */
  absent(): readonly string[] {
    return [...this.#absent].toSorted();
  }

  /** One page of a list. */
  async page(list: List, search: Omit<Search, "pageSize">): Promise<SearchPage> {
    for (;;) {
      const pageSize = this.#pageSize;
      const answer = await this.#ask(list.path, searchParameters({ ...search, pageSize }));
      if (answer.status !== 400) return pageOf(this.#granted(answer, list), list.path);
      this.#pageSize = this.#smaller(answer.text, list);
    }
  }

  /**
   * All rows of a list, page by page above the last id. Null where the edition does not have the
   * list, or where the integration may not read it.
   */
  async all(
    list: List,
    search: Omit<Search, "pageSize" | "sort">,
  ): Promise<readonly unknown[] | null> {
    if (this.#absent.has(list.path) || this.#refused.has(list.permission)) return null;
    const rows: unknown[] = [];
    for (let above: string | null = null, pages = 0; pages < MOST_PAGES; pages += 1) {
      const after = above === null ? [] : [[list.key, "gt", above] as const];
      const asked = { ...search, filters: [...search.filters, ...after] };
      const page = await this.#pageIfGranted(list, asked);
      if (page === null) return null;
      const last = greatestId(list, page.rows);
      if (page.rows.length > 0 && (last === null || (above !== null && !isGreater(last, above)))) {
        throw new PageError(what(list.path), `rows without a ${list.key} above ${above ?? "0"}`);
      }
      rows.push(...page.rows);
      if (!page.hasMore) return rows;
      above = last;
    }
    throw new PageError(what(list.path), `more than ${MOST_PAGES} pages`);
  }

  /**
   * The rows of a list that cannot be searched, such as the store views; null where the integration
   * may not read it.
   */
  async list(path: string, list: List): Promise<readonly unknown[] | null> {
    if (this.#refused.has(list.permission)) return null;
    const answer = await this.#ask(path, {});
    if (answer.status === 404) return null;
    if (isAclAnswer(answer.text) && answer.status >= 400) {
      this.#refuse(path, list.permission);
      return null;
    }
    const json = parseJson(this.#granted(answer, { ...list, path }).text, what(path), "text");
    if (!Array.isArray(json)) throw new PageError(what(path), "JSON that is no list");
    return json;
  }

  /** One object; null where the shop does not have it, or where the integration may not read it. */
  async one(path: string, list: List): Promise<unknown> {
    const answer = await this.#ask(path, {});
    if (answer.status === 404) return null;
    return parseJson(this.#granted(answer, list).text, what(path), "text");
  }

  async #pageIfGranted(
    list: List,
    search: Omit<Search, "pageSize" | "sort">,
  ): Promise<SearchPage | null> {
    try {
      return await this.page(list, { ...search, sort: [list.key] });
    } catch (error) {
      if (list.isNeeded) throw error;
      if (error instanceof NoSuchList) {
        this.#absent.add(list.path);
        return null;
      }
      if (!(error instanceof NotGranted)) throw error;
      this.#refuse(list.path, list.permission);
      return null;
    }
  }

  #refuse(list: string, permission: string): void {
    this.#refused.add(permission);
    const sentence = `Magento does not let this integration read ${list}: grant it ${permission}`;
    const facts = { list, permission };
    this.#log({ level: "warn", code: "MAGENTO_PERMISSION_MISSING", sentence, facts });
  }

  async #ask(path: string, parameters: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    const answer = await this.#send(path, parameters);
    if (answer.status !== 401 || isAclAnswer(answer.text) || !this.#access.renew()) return answer;
    return this.#send(path, parameters);
  }

  async #send(path: string, parameters: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    this.#requests += 1;
    const address = `${this.#base}/${path}`;
    const signedAddress = new URL(`${this.#root}/${address}`).href;
    const query = Object.entries(parameters)
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join("&");
    return this.#http.send({
      method: "GET",
      path: query === "" ? address : `${address}?${query}`,
      headers: async () => this.#access.headers(signedAddress, parameters),
      troubleIn: missingJson,
      expect: (status) => EXPECTED.has(status),
    });
  }

  /**
   * @throws Refused naming what to grant
   * @throws NoSuchList where the shop does not have this list
   */
  #granted(answer: HttpAnswer, list: List): HttpAnswer {
    if (answer.status === 404 || answer.status === 405) throw new NoSuchList(list.path);
    if (answer.status !== 401 && answer.status !== 403) return answer;
    const { alsoNeeds } = this.#access;
    const more = alsoNeeds === null ? "" : `, or ${alsoNeeds}`;
    const isAcl = isAclAnswer(answer.text);
    const needs = isAcl ? `the resource ${list.permission}` : "an active integration";
    const Kind = isAcl ? NotGranted : Refused;
    throw new Kind(what(list.path), answer.status, `${needs}${more}`);
  }

  /** @throws PageError where the refusal is not about the size of the page */
  #smaller(body: string, list: List): number {
    const message = errorSchema.safeParse(readable(body, list.path));
    const { message: text = "", parameters } = message.data ?? {};
    if (!/pageSize/i.test(text)) {
      throw new PageError(what(list.path), "400 for a search that it does not understand");
    }
    const values = [...Object.values(parameters ?? {}), ...(text.match(/\d+/g) ?? [])];
    const named = values.map(Number).find((size) => Number.isInteger(size) && size > 0);
    const size = Math.min(named ?? this.#pageSize, Math.floor(this.#pageSize / 2));
    const next = named !== undefined && named < this.#pageSize ? named : size;
    if (next < 1) throw new PageError(what(list.path), "400 for a page of one row");
    const sentence = `Magento allows pages of ${next} rows: pages of ${this.#pageSize} were refused`;
    const facts = { list: list.path, pageSize: next };
    this.#log({ level: "info", code: "MAGENTO_PAGE_SIZE", sentence, facts });
    return next;
  }
}

export type MagentoClientOptions = {
  readonly http: Http;
  readonly access: MagentoAccess;
  readonly log: Log;
  readonly baseUrl: string;
  /** Rows of a page; 100 unless given. */
  readonly pageSize?: number | undefined;
};

/** A list of the API. */
export type List = {
  readonly path: string;
  /** The field that identifies a row. */
  readonly key: string;
  /** What an integration must be granted, as the shop names it. */
  readonly permission: string;
  /** Nothing can be read without it. */
  readonly isNeeded: boolean;
};

const SALES_PERMISSION = "Magento_Sales::sales";
export const CREDIT_MEMOS: List = {
  path: "creditmemos",
  key: "entity_id",
  permission: SALES_PERMISSION,
  isNeeded: true,
};
export const ORDERS: List = { ...CREDIT_MEMOS, path: "orders" };
export const TRANSACTIONS: List = {
  path: "transactions",
  key: "transaction_id",
  permission: "Magento_Sales::transactions_fetch",
  isNeeded: false,
};
export const RETURNS: List = {
  path: "returns",
  key: "entity_id",
  permission: "Magento_Rma::magento_rma",
  isNeeded: false,
};
export const STORES: List = {
  path: "store/storeViews",
  key: "id",
  permission: "Magento_Backend::store",
  isNeeded: false,
};

export type SearchPage = {
  readonly rows: readonly unknown[];
  /** Whether the search has more rows than this page. */
  readonly hasMore: boolean;
  /** The shop's own count of all rows of the search; null where it gives none. */
  readonly total: number | null;
};

/** The shop has no such list: an old version, another edition, or a wrong address. */
class NoSuchList extends PageError {
  constructor(path: string) {
    super(
      what(path),
      "404: this version or edition has no such list (credit memos need Magento 2.1 or newer), or storefront.baseUrl is not the shop's address",
    );
  }
}

class NotGranted extends Refused {}

export function what(path: string): string {
  return `GET Magento ${path}`;
}

/** Ids are whole numbers without leading zeros, which may be larger than a double can hold. */
export function isGreater(one: string, other: string): boolean {
  return one.length === other.length ? one > other : one.length > other.length;
}

export function idIn(row: unknown, key: string): string | null {
  const value: unknown = typeof row === "object" && row !== null ? Reflect.get(row, key) : null;
  return typeof value === "string" && /^[1-9]\d{0,17}$/.test(value) ? value : null;
}

function greatestId({ key }: List, rows: readonly unknown[]): string | null {
  return rows.reduce<string | null>((greatest, row) => {
    const id = idIn(row, key);
    return id !== null && (greatest === null || isGreater(id, greatest)) ? id : greatest;
  }, null);
}

function pageOf(answer: HttpAnswer, path: string): SearchPage {
  const read = pageSchema.safeParse(parseJson(answer.text, what(path), "text"));
  if (!read.success) throw new PageError(what(path), "JSON without items");
  const { items, total_count: total } = read.data;
  const rows = items ?? [];
  const count = total === null || total === undefined ? null : Number(total);
  if (rows.length === 0 && (count ?? 0) > 0) {
    throw new PageError(what(path), `no rows where it counts ${count}`);
  }
  // Without its count, only a page without rows is the last one.
  return { rows, hasMore: count === null ? rows.length > 0 : rows.length < count, total: count };
}

const pageSchema = z.object({
  items: z.array(z.unknown()).nullable(),
  total_count: z
    .string()
    .regex(/^\d{1,12}$/)
    .nullish(),
});

const errorSchema = z.object({
  message: z.string(),
  parameters: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).nullish(),
});

/** The permission is missing, or the shop does not accept this kind of token. */
function isAclAnswer(body: string): boolean {
  return /isn.{1,10}t authorized to access/i.test(body.slice(0, LONGEST_MESSAGE));
}

function readable(body: string, path: string): unknown {
  try {
    return parseJson(body, what(path), "text");
  } catch {
    return null;
  }
}

/** The address may name a store view already, and in the cloud service it names the tenant. */
function basePath(baseUrl: string, isCloud: boolean): string {
  return isCloud || /\/rest\/./.test(new URL(baseUrl).pathname) ? "V1" : "rest/all/V1";
}

const EXPECTED: ReadonlySet<number> = new Set([400, 401, 403, 404, 405]);
const LONGEST_MESSAGE = 2_000;
/** Below the default cap of a shop that limits the size of a page (300). */
const PAGE_ROWS = 100;
/** More rows than the orders of one page can have: the server repeats itself. */
const MOST_PAGES = 200;

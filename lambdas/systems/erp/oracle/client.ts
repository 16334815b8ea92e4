import * as z from "zod";
import type { Log } from "../../../log.ts";
import { type Http, type HttpAnswer, Refused } from "../../http/http.ts";
import { PageError } from "../../http/page-error.ts";
import { missingJson, parseJson } from "../../http/parse-json.ts";
import type { OracleAccess } from "./sign-in.ts";

/**
 * Sends one GET request at a time to the REST API of Oracle Fusion.
 *
 * The framework version is sent with each request, because without it the server reads `q` in
 * another syntax. Amounts and ids may be JSON numbers of up to 18 digits, so every number of an
 * answer is read as text. A refused token is renewed once.
 *
 * Source: Oracle, "Set the REST Framework Version" and the framework's query parameters.
 */
export class OracleClient {
  readonly #http: Http;
  readonly #access: OracleAccess;
  readonly #log: Log;
  readonly #absent = new Set<string>();
  readonly #refused = new Set<string>();
  #requests = 0;

  constructor({ http, access, log, absent = [] }: OracleClientOptions) {
    this.#http = http;
    this.#access = access;
    this.#log = log;
    for (const name of absent) this.#absent.add(name);
  }

  get requests(): number {
    return this.#requests;
  }

  /** Children and fields that this pod does not have, such as "receivablesCreditMemoDFF". */
  absent(): readonly string[] {
    return [...this.#absent].toSorted();
  }

  isAbsent(name: string): boolean {
    return this.#absent.has(name);
  }

  noteAbsent(name: string, sentence: string): void {
    if (this.#absent.has(name)) return;
    this.#absent.add(name);
    this.#log({ level: "warn", code: "ORACLE_FIELD_ABSENT", sentence, facts: { name } });
  }

  /** Resources that the user may not read. */
  refused(): readonly string[] {
    return [...this.#refused].toSorted();
  }

  /**
   * One page of a resource. "refused" where the server does not accept the query (400), so that the
   * caller may ask in another way; null where the user may not read the resource.
   */
  async page(path: string, query: FusionQuery): Promise<FusionPage | "refused" | null> {
    const resource = path.split("/")[0] ?? path;
    if (this.#refused.has(resource)) return null;
    const answer = await this.#ask(path, query);
    if (answer.status === 400) return "refused";
    if (answer.status === 404) throw new PageError(what(path), "404: no such resource");
    if (answer.status === 403) {
      this.#refuse(resource);
      return null;
    }
    return pageOf(parseJson(answer.text, what(path), "text"), query.limit ?? SERVERS_LIMIT, path);
  }

  /** All rows of a short list, such as the lines of one credit memo. */
  async all(
    path: string,
    query: Omit<FusionQuery, "limit" | "offset">,
    from = 0,
  ): Promise<readonly unknown[] | null> {
    const rows = await this.allIfAccepted(path, query, from);
    if (rows === "refused") throw new PageError(what(path), "400 for a list of one record");
    return rows;
  }

  /** As `all`; "refused" where the server does not accept the query. */
  async allIfAccepted(
    path: string,
    query: Omit<FusionQuery, "limit" | "offset">,
    from = 0,
  ): Promise<readonly unknown[] | "refused" | null> {
    const rows: unknown[] = [];
    for (let offset = from, pages = 0; pages < MOST_PAGES; pages += 1) {
      const page = await this.page(path, { ...query, limit: PAGE_ROWS, offset });
      if (page === null) return null;
      if (page === "refused") return page;
      rows.push(...page.rows);
      // The server's own word about more rows is not reliable: only a page without rows ends it,
      // and a page that is shorter than the server's own limit.
      if (page.rows.length === 0 || (!page.isFull && !page.claimsMore)) return rows;
      offset += page.rows.length;
    }
    throw new PageError(what(path), `more than ${MOST_PAGES} pages`);
  }

  /** One record; null where the server has none. */
  async one(path: string, query: FusionQuery): Promise<unknown> {
    const answer = await this.#ask(path, query);
    if (answer.status === 404) return null;
    if (answer.status === 403) throw new Refused(what(path), 403, NEEDS);
    if (answer.status === 400) throw new PageError(what(path), "400 for one record");
    return parseJson(answer.text, what(path), "text");
  }

  /** As `one`; null also where the user may not read it. */
  async oneIfAllowed(path: string): Promise<unknown> {
    const resource = path.split("/")[0] ?? path;
    if (this.#refused.has(resource)) return null;
    const answer = await this.#ask(path, {});
    if (answer.status === 403) this.#refuse(resource);
    return answer.status === 200 ? parseJson(answer.text, what(path), "text") : null;
  }

  /** The description of a resource; null where the server gives none. */
  async describe(resource: string): Promise<unknown> {
    const answer = await this.#ask(`${resource}/describe`, {});
    if (answer.status !== 200) return null;
    return parseJson(answer.text, what(`${resource}/describe`), "text");
  }

  async #ask(path: string, query: FusionQuery): Promise<HttpAnswer> {
    const answer = await this.#send(path, query);
    if (answer.status !== 401) return answer;
    if (!this.#access.renew()) throw new Refused(what(path), 401);
    const second = await this.#send(path, query);
    if (second.status === 401) throw new Refused(`${what(path)} (with a new access token)`, 401);
    return second;
  }

  async #send(path: string, query: FusionQuery): Promise<HttpAnswer> {
    this.#requests += 1;
    const { q, finder, orderBy, limit, offset, expand } = query;
    const parameters = Object.entries({ q, finder, orderBy, expand, limit, offset })
      .flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
      )
      .join("&");
    return this.#http.send({
      method: "GET",
      path: `${RESOURCES}/${path}?onlyData=true${parameters === "" ? "" : `&${parameters}`}`,
      headers: async () => ({
        "rest-framework-version": FRAMEWORK,
        ...(await this.#access.headers()),
      }),
      troubleIn: missingJson,
      needs: NEEDS,
      expect: (status) => EXPECTED.has(status),
    });
  }

  /** @throws Refused where nothing can be read without the resource */
  #refuse(resource: string): void {
    if (resource === INDISPENSABLE) throw new Refused(what(resource), 403, NEEDS);
    this.#refused.add(resource);
    const sentence = `Oracle answered 403 for ${resource}: give the user the privilege to review it`;
    this.#log({ level: "warn", code: "ORACLE_RESOURCE_REFUSED", sentence, facts: { resource } });
  }
}

export type OracleClientOptions = {
  readonly http: Http;
  readonly access: OracleAccess;
  readonly log: Log;
  /** Names that are known to be absent. */
  readonly absent?: readonly string[];
};

export type FusionQuery = {
  readonly q?: string;
  readonly finder?: string;
  /** "LastUpdateDate:asc,CustomerTransactionId:asc" */
  readonly orderBy?: string;
  readonly limit?: number;
  readonly offset?: number;
  readonly expand?: string;
};

export type FusionPage = {
  readonly rows: readonly unknown[];
  /** The page has as many rows as the server allows. */
  readonly isFull: boolean;
  /** The server says that it has more rows, which is not always true. */
  readonly claimsMore: boolean;
};

export function what(path: string): string {
  return `GET Oracle ${path}`;
}

/** A list of a resource, or of a child: an array before version 3 of the framework. */
function pageOf(json: unknown, asked: number, path: string): FusionPage {
  const read = pageSchema.safeParse(json);
  if (!read.success) throw new PageError(what(path), "JSON without items");
  const { items, hasMore = false, limit, count } = read.data;
  if (count !== undefined && Number(count) > items.length) {
    throw new PageError(what(path), `${items.length} rows where it counts ${count}`);
  }
  // The server may use a smaller limit than it was asked for, and says so.
  const used = Math.min(asked, limit === undefined ? asked : Math.max(1, Number(limit)));
  return { rows: items, isFull: items.length >= used, claimsMore: hasMore };
}

const whole = z.string().regex(/^\d{1,12}$/);
const pageSchema = z.object({
  items: z.array(z.unknown()),
  hasMore: z.boolean().optional(),
  limit: whole.optional(),
  count: whole.optional(),
});

/** Versions are not compatible with each other. 2 brings operators in `q`, 3 children with a count. */
const FRAMEWORK = "4";
const RESOURCES = "fscmRestApi/resources/11.13.18.05";
const INDISPENSABLE = "receivablesCreditMemos";
const NEEDS =
  "a role with the privileges to review receivables transactions and customer account activities, and data access to the business units";
const EXPECTED: ReadonlySet<number> = new Set([400, 401, 403, 404]);
/** The server's own limit where none is asked for. */
const SERVERS_LIMIT = 25;
/** Some resources allow 500 rows, others 499. */
export const PAGE_ROWS = 499;
/** More rows than one credit memo can have: the server repeats itself. */
const MOST_PAGES = 100;

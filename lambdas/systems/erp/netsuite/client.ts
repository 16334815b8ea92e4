import type { Log } from "../../../log.ts";
import type { DocumentScope } from "../../../refund/policy.ts";
import { type Http, type HttpAnswer, Refused, SystemUnavailable } from "../../http/http.ts";
import { PageError } from "../../http/page-error.ts";
import { netsuiteCredentials } from "./credentials.ts";
import { Absences, NetsuiteRefused, type QueryKind, type Refusal } from "./absences.ts";
import { allFieldsOf, KNOWN_COLUMNS, subsidiaries } from "./query.ts";
import { type Row, suiteqlPage, type SuiteqlPage } from "./page.ts";
import { tbaHeader } from "./token-based-access.ts";
import { netsuiteToken } from "./sign-in.ts";

/**
 * Sends one SuiteQL query at a time to NetSuite, because all integrations of an account share its
 * few connections.
 *
 * A refused token is renewed once. When the account does not have a field or record, the query is
 * repeated without it; if it does not have the record of the whole query, the result is empty.
 */
export class NetsuiteClient {
  readonly absences: Absences;
  readonly pageSize: number;
  readonly #http: Http;
  readonly #access: Access;

  constructor(options: NetsuiteClientOptions) {
    const { log, referenceFields = [], paymentFields = [], absentFields = [] } = options;
    const { scope = ALL_DOCUMENTS } = options;
    const fields = { referenceFields, paymentFields, declared: absentFields };
    this.absences = new Absences({ log, scope, ...fields });
    this.pageSize = options.pageSize ?? 1000;
    this.#http = options.http;
    this.#access = access(options, `${PATH}?limit=${this.pageSize}&offset=0`);
  }

  /** One page of headers. They are not optional: without them there are no documents. */
  async page(kind: "headers", text: () => string): Promise<SuiteqlPage> {
    const page = await this.#optionalPage(kind, text);
    if (page === null) {
      throw new NetsuiteRefused({ text: "no headers at all", code: null, question: "" }, kind);
    }
    return page;
  }

  /**
   * All rows of a query that is paged by key; none where the account does not have the record.
   * @param text builds the query for the rows after a given row; it is called for each page, so
   *   that a column that was left out in between stays out
   */
  async all(kind: QueryKind, text: (after: Row | null) => string): Promise<Row[]> {
    const rows: Row[] = [];
    let after: Row | null = null;
    const asked = new Set<string>();
    for (;;) {
      const last: Row | null = after;
      const page: SuiteqlPage | null = await this.#optionalPage(kind, () => text(last));
      const end: Row | undefined = page?.rows.at(-1);
      if (page === null || end === undefined) return rows;
      for (const row of page.rows) rows.push(row);
      if (!this.goesOn(page)) {
        this.#mustBeWhole(page, kind);
        return rows;
      }
      if (asked.has(text(end))) {
        throw new PageError(`NetSuite SuiteQL (${kind})`, "the same page as before");
      }
      asked.add(text(end));
      after = end;
    }
  }

  /** A page with fewer rows than NetSuite's own count was cut off. */
  #mustBeWhole({ rows, totalResults }: SuiteqlPage, kind: QueryKind): void {
    if (totalResults === null || totalResults <= rows.length) return;
    throw new PageError(
      `NetSuite SuiteQL (${kind})`,
      `${rows.length} rows of ${totalResults}: it was cut off`,
    );
  }

  /** All rows of these ids, with a limited number of ids per query. */
  async chunks(
    kind: QueryKind,
    ids: readonly string[],
    text: (ids: readonly string[], after: Row | null) => string,
  ): Promise<Row[]> {
    const once = [...new Set(ids)];
    const rows: Row[] = [];
    for (let at = 0; at < once.length; at += IDS_A_QUESTION) {
      const some = once.slice(at, at + IDS_A_QUESTION);
      for (const row of await this.all(kind, (after) => text(some, after))) rows.push(row);
    }
    return rows;
  }

  /**
   * How many companies the role reads; null in an account that does not tell. NetSuite answers some
   * unknown records with 500; a system that is down fails at the next query.
   */
  async companyCount(): Promise<number | null> {
    try {
      const answer = await this.#ask(subsidiaries(null));
      if (answer.status !== 200) return null;
      return suiteqlPage(answer.text, "NetSuite SuiteQL (companies)").rows.length;
    } catch (error) {
      if (error instanceof SystemUnavailable) return null;
      throw error;
    }
  }

  /**
   * The fields of these transactions that the product does not read, such as "custbody_…"; null when
   * NetSuite refuses to show all fields.
   */
  async bodyFields(
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Readonly<Record<string, string>>> | null> {
    const answer = await this.#ask(allFieldsOf(ids));
    if (answer.status !== 200) return null;
    const { rows } = suiteqlPage(answer.text, "NetSuite SuiteQL (body fields)");
    return new Map(
      rows.map((row) => [
        row["id"] ?? "",
        Object.fromEntries(Object.entries(row).filter(([name]) => !KNOWN_COLUMNS.includes(name))),
      ]),
    );
  }

  /** A full page always needs a next request; a short page only when `hasMore` is true. */
  goesOn(page: SuiteqlPage): boolean {
    if (page.rows.length === 0 && page.hasMore) {
      throw new PageError("NetSuite SuiteQL", "no items, but hasMore is true");
    }
    return page.rows.length >= this.pageSize || page.hasMore;
  }

  async #optionalPage(kind: QueryKind, text: () => string): Promise<SuiteqlPage | null> {
    while (this.absences.hasRecord(kind)) {
      const answer = await this.#answerOrCulprit(kind, text);
      if (answer === null) continue;
      if (answer.status !== 400)
        return this.#asked(suiteqlPage(answer.text, `NetSuite SuiteQL (${kind})`), text());
      this.absences.learn(refusalIn(answer.text, text()), kind);
    }
    return null;
  }

  /** Keeps only the requested columns; more rows than requested are an error. */
  #asked(page: SuiteqlPage, query: string): SuiteqlPage {
    if (page.rows.length > this.pageSize) {
      throw new PageError(
        "NetSuite SuiteQL",
        `${page.rows.length} rows, wanted at most ${this.pageSize}`,
      );
    }
    const names = new Set(query.toLowerCase().match(/\w+/g));
    const rows = page.rows.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name))),
    );
    return { ...page, rows };
  }

  /**
   * Some columns are not refused by name: they make the whole query fail with 500. So when a query
   * fails with 500 but succeeds without its optional columns, a binary search finds the column that
   * causes the failure and leaves it out; then the result is null. Any other failure is thrown.
   */
  async #answerOrCulprit(kind: QueryKind, text: () => string): Promise<HttpAnswer | null> {
    try {
      return await this.#ask(text());
    } catch (error) {
      const optional = this.absences.optional(kind);
      if (!(error instanceof SystemUnavailable) || error.status !== 500) throw error;
      if (optional.length === 0 || !(await this.#answersWithout(optional, text))) throw error;
      let suspects = optional;
      while (suspects.length > 1) {
        const half = suspects.slice(0, Math.ceil(suspects.length / 2));
        suspects = (await this.#answersWithout(half, text)) ? half : suspects.slice(half.length);
      }
      const [named = ""] = suspects;
      const refusal = { text: `'${named}'`, code: "UNEXPECTED_ERROR", question: text() };
      this.absences.leaveOut(suspects, named, kind, refusal);
      return null;
    }
  }

  async #answersWithout(columns: readonly string[], text: () => string): Promise<boolean> {
    const query = this.absences.without(columns, text);
    try {
      return (await this.#ask(query, 1)).status === 200;
    } catch (error) {
      if (error instanceof SystemUnavailable) return false;
      throw error;
    }
  }

  async #ask(query: string, attempts?: number): Promise<HttpAnswer> {
    const answer = await this.#send(query, attempts);
    if (answer.status !== 401) return answer;
    if (!this.#access.renew()) throw new Refused(`POST ${PATH}`, 401);
    const second = await this.#send(query);
    if (second.status === 401) throw new Refused(`POST ${PATH} (with a new access token)`, 401);
    return second;
  }

  async #send(query: string, attempts?: number): Promise<HttpAnswer> {
    return this.#http.send({
      ...(attempts !== undefined && { attempts }),
      method: "POST",
      path: `${PATH}?limit=${this.pageSize}&offset=0`,
      headers: async () => ({
        "content-type": "application/json",
        prefer: "transient",
        authorization: await this.#access.header(),
      }),
      body: JSON.stringify({ q: query }),
      expect: (status) => status === 400 || status === 401,
    });
  }
}

export type NetsuiteClientOptions = {
  readonly baseUrl: string;
  /** The secret's JSON value. */
  readonly credentials: unknown;
  readonly http: Http;
  readonly log: Log;
  readonly wallClock?: () => number;
  /** Rows a page, at most 1000. */
  readonly pageSize?: number;
  /** Body fields in which a connector writes the storefront's ids. */
  readonly referenceFields?: readonly string[];
  /** Body fields with the payment's id at the processor. */
  readonly paymentFields?: readonly string[];
  /** Fields that this account does not have, as the brand file says. */
  readonly absentFields?: readonly string[];
  /** Which documents are the brand's; all where it is absent. */
  readonly scope?: DocumentScope;
};

type Access = {
  header(): Promise<string>;
  /** False where there is nothing to renew. */
  renew(): boolean;
};

function access(options: NetsuiteClientOptions, query: string): Access {
  const { baseUrl, http, wallClock = Date.now } = options;
  const credentials = netsuiteCredentials(options.credentials);
  if (credentials.kind === "tba") {
    const url = `${baseUrl.replace(/\/+$/, "")}${query}`;
    return {
      header: async () =>
        tbaHeader({ url, credentials, timestamp: Math.floor(wallClock() / 1000) }),
      renew: () => false,
    };
  }
  const token = netsuiteToken({ ...credentials, baseUrl, http, wallClock });
  return {
    header: async () => `Bearer ${await token.value()}`,
    renew: () => {
      token.forget();
      return true;
    },
  };
}

/** NetSuite's own error text, which names what is missing, and its code. */
function refusalIn(body: string, question: string): Refusal {
  const start = body.slice(0, LONGEST_REFUSAL);
  const detail = /"detail"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(start)?.[1];
  const code = /"o:errorCode"\s*:\s*"([A-Z_]{1,60})"/.exec(start)?.[1] ?? null;
  return { text: unquoted(detail) ?? start, code, question };
}

function unquoted(json: string | undefined): string | null {
  try {
    const value: unknown = json === undefined ? null : JSON.parse(json);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

const ALL_DOCUMENTS: DocumentScope = { companies: [], documentPrefixes: [], channels: [] };
const LONGEST_REFUSAL = 20_000;
const PATH = "/services/rest/query/v1/suiteql";

/** Keeps the text of a query shorter than any limit. */
const IDS_A_QUESTION = 200;

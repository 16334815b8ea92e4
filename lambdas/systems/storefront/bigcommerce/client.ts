import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../../log.ts";
import { type Http, Refused } from "../../http/http.ts";
import { PageError } from "../../http/page-error.ts";
import { brokenJson, parseJson } from "../../http/parse-json.ts";
import { bigCommerceCredentials } from "./credentials.ts";
import { quota, RESET_HEADER } from "./limits.ts";
import type { Quota } from "./limits.ts";

/**
 * Sends one GET request at a time to BigCommerce's REST APIs V2 and V3.
 *
 * V2 answers 204 with an empty body where a list is empty. Amounts are JSON numbers, so every number
 * of an answer is read as text.
 */
export class BigCommerceClient {
  readonly storeHash: string;
  readonly quota: Quota;
  readonly #http: Http;
  readonly #token: string;
  #requests = 0;

  constructor({ http, credentials, log, wait = pause }: BigCommerceClientOptions) {
    const { storeHash, accessToken } = bigCommerceCredentials(credentials);
    this.storeHash = storeHash;
    this.quota = quota({ log, wait });
    this.#http = http;
    this.#token = accessToken;
  }

  /** The requests that were sent so far. */
  get requests(): number {
    return this.#requests;
  }

  /**
   * The JSON of one address below the shop; null for an empty answer (204) and for a thing that does
   * not exist (404).
   *
   * @param path such as "v2/orders/100"
   */
  async get(path: string, query: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const parameters = new URLSearchParams(query).toString();
    const address = `/stores/${this.storeHash}/${path}${parameters === "" ? "" : `?${parameters}`}`;
    await this.quota.before();
    this.#requests += 1;
    const { status, headers, text } = await this.#http.send({
      method: "GET",
      path: address,
      headers: { "x-auth-token": this.#token },
      pauseHeader: RESET_HEADER,
      troubleIn: brokenJson,
      needs: "the read-only scopes for orders and for order transactions",
      expect: (code) => code === 404,
    });
    this.quota.after(headers);
    if (status === 404 || status === 204) return null;
    return parseJson(text, `GET BigCommerce ${path}`, "text");
  }

  /** As `get`; "refused" where the token has no permission for this resource alone. */
  async getIfAllowed(
    path: string,
    query: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly json: unknown } | "refused"> {
    try {
      return { json: await this.get(path, query) };
    } catch (error) {
      if (error instanceof Refused && error.status === 403) return "refused";
      throw error;
    }
  }

  /** All rows of a list of V2, page by page, until a page is short. */
  async allOf(path: string): Promise<readonly unknown[]> {
    const rows: unknown[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const json = await this.get(path, { page: String(page), limit: String(PAGE_ROWS) });
      const some = json === null ? [] : listOf(json, path);
      rows.push(...some);
      if (some.length < PAGE_ROWS) return rows;
    }
    throw new PageError(`GET BigCommerce ${path}`, `more than ${MOST_PAGES} full pages`);
  }
}

export type BigCommerceClientOptions = {
  readonly http: Http;
  /** `{storeHash, accessToken}` */
  readonly credentials: unknown;
  readonly log: Log;
  readonly wait?: (ms: number) => Promise<void>;
};

/** The rows of a list of V2, which is a plain array. */
export function listOf(json: unknown, path: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw new PageError(`GET BigCommerce ${path}`, "JSON that is no list");
}

/** The largest page of V2 and V3. */
export const PAGE_ROWS = 250;
/** A larger order than BigCommerce allows: the server repeats itself. */
export const MOST_PAGES = 40;
/** Ids in one address. */
export const IDS_AT_ONCE = 50;

const pause = async (ms: number): Promise<void> => {
  await sleep(ms);
};

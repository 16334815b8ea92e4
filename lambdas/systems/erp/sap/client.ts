import * as z from "zod";
import type { Log } from "../../../log.ts";
import { type HttpAnswer, Refused } from "../../http/http.ts";
import { identifiersIn } from "../../http/identifiers.ts";
import { PageError } from "../../http/page-error.ts";
import { brokenJson, parseJson } from "../../http/parse-json.ts";
import { anyOf, type EntitySet, RETURNS } from "./query.ts";
import type { SapAccess } from "./sign-in.ts";

/**
 * Sends one OData V2 query at a time to SAP S/4HANA.
 *
 * A refused token is renewed once. A field that the system does not have is left out, if the product
 * can do without it. A service without a communication arrangement answers 403: it counts as not
 * granted, and only billing documents are indispensable.
 */
export class SapClient {
  readonly #access: SapAccess;
  readonly #log: Log;
  readonly #sapClient: string | undefined;
  readonly #absent = new Set<string>();
  readonly #refused = new Set<string>();
  #requests = 0;
  #isKnown = false;

  constructor(options: {
    readonly access: SapAccess;
    readonly log: Log;
    /** The client of an on-premise system, such as "100". */
    readonly sapClient?: string | undefined;
    /** Fields that are known to be absent. */
    readonly absent?: readonly string[];
  }) {
    this.#access = options.access;
    this.#log = options.log;
    this.#sapClient = options.sapClient;
    for (const field of options.absent ?? []) this.#absent.add(field);
  }

  get requests(): number {
    return this.#requests;
  }

  /** Fields and services that this system does not have, such as "A_BillingDocument.FiscalYear". */
  absent(): readonly string[] {
    return [...this.#absent].toSorted();
  }

  /** From now on, only what was absent at the first pull may be absent. */
  know(absent: readonly string[]): void {
    for (const field of absent) this.#absent.add(field);
    this.#isKnown = true;
  }

  /** Services that the communication user may not read. */
  refused(): readonly string[] {
    return [...this.#refused].toSorted();
  }

  /** One page of a query; null where the service is not granted. */
  async page(entity: EntitySet, query: ODataQuery): Promise<ODataPage | null> {
    if (this.#refused.has(entity.service)) return null;
    for (;;) {
      const fields = this.#fieldsOf(entity, query.more ?? []);
      const answer = await this.#ask(entity, this.#parameters(entity, query, fields));
      if (answer === null) {
        this.#refuse(entity);
        return null;
      }
      if (answer.status === 200) return pageOf(answer.text, what(entity));
      this.#leaveOut(entity, fields, answer.text);
    }
  }

  /** All rows with these keys; the ids are asked for some at a time. */
  async byKeys(
    entity: EntitySet,
    ids: readonly string[],
    more: readonly string[] = [],
  ): Promise<readonly unknown[]> {
    const rows: unknown[] = [];
    const once = [...new Set(ids)];
    for (let at = 0; at < once.length; at += IDS_A_QUERY) {
      const some = once.slice(at, at + IDS_A_QUERY);
      const left = new Set(some);
      // A server may give fewer rows than were asked for: the rest is asked for again.
      while (left.size > 0) {
        const page = await this.page(entity, {
          filter: anyOf(entity.key, [...left]),
          top: left.size,
          more,
        });
        const found = (page?.rows ?? []).filter((row) => left.delete(keyOf(entity, row) ?? ""));
        rows.push(...found);
        if (found.length === 0 || page?.hasMore !== true) break;
      }
    }
    return rows;
  }

  #fieldsOf({ required, optional, set }: EntitySet, more: readonly string[]): readonly string[] {
    return [...required, ...optional, ...more].filter(
      (field) => !this.#absent.has(`${set}.${field}`),
    );
  }

  #parameters(entity: EntitySet, query: ODataQuery, fields: readonly string[]): string {
    const { filter, orderBy, top, skip = 0, count = false } = query;
    const asked: [string, string][] = [
      ["$filter", filter],
      ...(orderBy === undefined ? [] : [["$orderby", orderBy] satisfies [string, string]]),
      ["$top", String(top)],
      ...(skip === 0 ? [] : [["$skip", String(skip)] satisfies [string, string]]),
      // Only what is selected is expanded.
      ["$select", fields.join(",")],
      ...(entity.expand === undefined
        ? []
        : [["$expand", entity.expand] satisfies [string, string]]),
      ...(count ? [["$inlinecount", "allpages"] satisfies [string, string]] : []),
      ...(this.#sapClient === undefined
        ? []
        : [["sap-client", this.#sapClient] satisfies [string, string]]),
    ];
    // A "+" would be read as a blank.
    return asked.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  }

  /** Null where the service is not granted. */
  async #ask(entity: EntitySet, parameters: string): Promise<HttpAnswer | null> {
    const path = `/sap/opu/odata/sap/${entity.service}/${entity.set}?${parameters}`;
    const answer = await this.#send(path);
    if (answer.status === 403) return null;
    if (answer.status !== 401) return answer;
    if (!this.#access.renew()) throw new Refused(`GET SAP ${entity.service}`, 401);
    const second = await this.#send(path);
    if (second.status === 401) {
      throw new Refused(`GET SAP ${entity.service} (with a new access token)`, 401);
    }
    return second.status === 403 ? null : second;
  }

  async #send(path: string): Promise<HttpAnswer> {
    this.#requests += 1;
    return this.#access.http.send({
      method: "GET",
      path,
      // Without this header the answer is Atom XML.
      headers: async () => ({ accept: "application/json", ...(await this.#access.headers()) }),
      troubleIn: brokenJson,
      expect: (status) => status === 400 || status === 401 || status === 403,
    });
  }

  #refuse(entity: EntitySet): void {
    if (entity.service === INDISPENSABLE) {
      const needs = `a communication arrangement with ${entity.service}, or on premises the authorisation to read it`;
      throw new Refused(`GET SAP ${entity.service}`, 403, needs);
    }
    this.#refused.add(entity.service);
    const sentence = `SAP answered 403 for ${entity.service}: give the user a communication arrangement with it, or on premises the authorisation to read it`;
    const facts = { service: entity.service };
    this.#log({ level: "warn", code: "SAP_SERVICE_REFUSED", sentence, facts });
  }

  /**
   * SAP names the unknown field in its message, and nothing else of the message is used.
   *
   * @throws PageError where the refused query has no field that can be left out
   */
  #leaveOut(entity: EntitySet, fields: readonly string[], body: string): void {
    const named = new Set(identifiersIn(messageIn(body), fields.map(bare).join(" ")));
    const optional = new Set<string>(entity.optional);
    const found = fields.filter((field) => named.has(bare(field)));
    const left = found.filter((field) => optional.has(field) || !entity.required.includes(field));
    if (left.length === 0 || left.length < found.length) {
      const names = found.map(bare).join(", ");
      const about = names === "" ? "a query that it does not understand" : `a query with ${names}`;
      throw new PageError(what(entity), `400 for ${about}`);
    }
    // A return is only the way to an order: it need not have the brand's own fields, and the service
    // may be granted long after the first pull.
    const isNeeded =
      entity.service !== RETURNS.service || left.some((field) => optional.has(field));
    if (this.#isKnown && isNeeded) {
      // Without a field that it read before, it would find differences that do not exist.
      const names = left.map((field) => `${entity.set}.${field}`).join(", ");
      throw new PageError(
        what(entity),
        `400 for ${names}, which it had at the first pull: give the field back, or add it to erp.absentFields of the brand file`,
      );
    }
    for (const field of left) {
      this.#absent.add(`${entity.set}.${field}`);
      const sentence = `SAP has no field ${field} in ${entity.set}: it is left out`;
      const facts = { field, set: entity.set };
      // A brand's own field needs to be in the credit memo only.
      const isOwn = !optional.has(field) && entity.service !== INDISPENSABLE;
      this.#log({ level: isOwn ? "info" : "warn", code: "SAP_FIELD_ABSENT", sentence, facts });
    }
  }
}

export type ODataQuery = {
  readonly filter: string;
  readonly orderBy?: string;
  readonly top: number;
  readonly skip?: number;
  readonly count?: boolean;
  /** Fields beside those of the entity set, such as the brand's own. */
  readonly more?: readonly string[];
};

export type ODataPage = {
  readonly rows: readonly unknown[];
  /** The server ended the page itself and has more rows. */
  readonly hasMore: boolean;
  /** The server's own count of all rows of the query; null where it gives none. */
  readonly total: number | null;
};

/** The text of a row's key. */
export function keyOf({ key }: EntitySet, row: unknown): string | null {
  const value: unknown = typeof row === "object" && row !== null ? Reflect.get(row, key) : null;
  return typeof value === "string" && ID.test(value) ? value : null;
}

/** Ids of documents are texts of up to ten characters, mostly digits. */
export const ID = /^[A-Za-z0-9]{1,10}$/;

function pageOf(text: string, about: string): ODataPage {
  const read = answerSchema.safeParse(parseJson(text, about));
  if (!read.success) throw new PageError(about, "JSON that is no list of OData V2");
  const { d } = read.data;
  if (Array.isArray(d)) return { rows: d, hasMore: false, total: null };
  const { results, __count: count, __next: next } = d;
  return {
    rows: results,
    hasMore: next !== undefined && next !== null && next !== "",
    total: count === undefined || count === null ? null : Number(count),
  };
}

const answerSchema = z.object({
  d: z.union([
    z.array(z.unknown()),
    z.object({
      results: z.array(z.unknown()),
      // The count is a text.
      __count: z.union([z.string().regex(/^\d{1,12}$/), z.int().nonnegative()]).nullish(),
      __next: z.string().nullish(),
    }),
  ]),
});

/** The name without the way to it: "to_Item/NetAmount" is "NetAmount". */
function bare(field: string): string {
  return field.split("/").at(-1) ?? field;
}

function messageIn(body: string): string {
  const start = body.slice(0, LONGEST_MESSAGE);
  return /"value"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(start)?.[1] ?? start;
}

function what({ service, set }: EntitySet): string {
  return `GET SAP ${service}/${set}`;
}

const INDISPENSABLE = "API_BILLING_DOCUMENT_SRV";
const LONGEST_MESSAGE = 20_000;
/** Keeps an address shorter than a gateway's limit. */
const IDS_A_QUERY = 30;

import type { ErpDocument } from "../../../refund/observation/observation.ts";
import type { Log } from "../../../log.ts";
import type { Door, Http } from "../../http/http.ts";
import type { SourcePage, Window } from "../../source.ts";
import type { Erp } from "../erp.ts";
import { ID, SapClient } from "./client.ts";
import type { ODataPage } from "./client.ts";
import { CreationClock } from "./creation-clock.ts";
import { sapCredentials } from "./credentials.ts";
import { numberOfRequest, requestId } from "./document.ts";
import type { ErpSettings } from "../erp-settings.ts";
import { afterPage, isSeen, placeOf, type Position } from "../position.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import { startOf, written } from "./paging.ts";
import {
  BILLING,
  changedBilling,
  changedRequests,
  type EntitySet,
  REQUESTS,
  RETURNS,
} from "./query.ts";
import { readDocuments, rowsWithKeys } from "./read-documents.ts";
import { sapAccess } from "./sign-in.ts";

/**
 * Reads SAP S/4HANA Cloud through its OData V2 services: credit memos, cancelled invoices, and the
 * requests from which no credit memo was made yet.
 */
export function sap(options: SapOptions): Sap {
  const { baseUrl, http, door, log, clock = Date.now } = options;
  // The first row of a page may be the last one of the page before.
  const pageSize = Math.max(2, options.pageSize ?? 500);
  const credentials = sapCredentials(options.credentials);
  const access = sapAccess({ credentials, baseUrl, http, door, clock });
  const { sapClient } = credentials;
  const absent = options.absentFields ?? [];
  const client = new SapClient({ access, log, sapClient, absent });
  const made = new CreationClock();
  const { scope = ALL, referenceFields = [], paymentFields = [] } = options;
  const own = [...referenceFields, ...paymentFields];

  const pageOf = async (
    entity: EntitySet,
    position: Position | null,
    { filter, until }: { readonly filter: string; readonly until: Instant },
    isFirst: boolean,
  ): Promise<ListPage> => {
    if (position === null) return END_OF_LIST;
    const page = await client.page(entity, {
      filter,
      orderBy: `LastChangeDateTime asc,${entity.key} asc`,
      top: pageSize,
      skip: position.skip,
      count: isFirst,
      more: own,
    });
    if (page === null) return END_OF_LIST;
    const keyed = rowsWithKeys(entity, page.rows).map((one) => {
      return { ...one, at: placeOf(one.at, position, until) };
    });
    const dated = keyed.map(({ id, at }) => (id === null || at === null ? null : { id, at }));
    const fresh = keyed.filter(
      ({ id, at }) => id === null || at === null || !isSeen(position, id, at),
    );
    const next = afterPage(position, {
      what: `GET SAP ${entity.service}/${entity.set}`,
      rows: dated.flatMap((one) => one ?? []),
      first: dated[0] ?? null,
      count: page.rows.length,
      isFull: page.hasMore || page.rows.length >= pageSize,
    });
    // When the rows of one change time are read again from the first one, later rows come again too.
    const isRepeated = position.skip > 0 && next?.skip === 0 && next.from === position.from;
    const read = isRepeated ? fresh.filter(({ at }) => at === position.from) : fresh;
    return { rows: read.map(({ row }) => row), total: page.total, next };
  };

  const documentsSince = async (
    window: Window,
    text: string | null,
  ): Promise<SourcePage<ErpDocument>> => {
    const cursor = startOf(window, text);
    const isFirst = text === null;
    const { billing: at, requests: requestedAt } = cursor;
    const { until } = window;
    const billing = await pageOf(
      BILLING,
      at,
      { filter: changedBilling(window, at?.from ?? window.since, scope), until },
      isFirst,
    );
    const requests = await pageOf(
      REQUESTS,
      requestedAt,
      { filter: changedRequests(window, requestedAt?.from ?? window.since), until },
      isFirst,
    );
    const taken = await readDocuments(
      { billing: billing.rows, requests: requests.rows },
      { client, clock: made },
      options,
    );
    const isCounted = billing.total !== null && (requests.total !== null || isRefused(client));
    return {
      ...taken,
      next: written({ billing: billing.next, requests: requests.next }),
      reported: isFirst && isCounted ? (billing.total ?? 0) + (requests.total ?? 0) : null,
      counted: billing.rows.length + requests.rows.length,
    };
  };

  const documentsById = async (ids: readonly string[]): Promise<SourcePage<ErpDocument>> => {
    const numbers = ids.filter((id) => ID.test(id));
    const requests = ids.flatMap((id) => numberOfRequest(id) ?? []);
    const rows = {
      billing: await client.byKeys(BILLING, numbers, own),
      requests: await client.byKeys(REQUESTS, requests, own),
    };
    const taken = await readDocuments(rows, { client, clock: made, isAsked: true }, options);
    const shown = new Set([
      ...rowsWithKeys(BILLING, rows.billing).map(({ id }) => id),
      ...rowsWithKeys(REQUESTS, rows.requests).map(({ id }) =>
        id === null ? null : requestId(id),
      ),
    ]);
    const notShown = ids.filter((id) => !shown.has(id));
    return { ...taken, notShown, next: null, highWater: null, reported: null };
  };

  return {
    requests: () => client.requests,
    documentsSince,
    documentsById,
    identify: async (before, asksPermissions) => {
      if (before?.absent !== null && before?.absent !== undefined) client.know(before.absent);
      if (asksPermissions) {
        // With the brand's own fields, so that the first pull learns where they are absent.
        for (const entity of [BILLING, REQUESTS, RETURNS]) {
          await client.byKeys(entity, [NO_ID], own);
        }
      }
      const { hostname } = new URL(baseUrl);
      const identity = sapClient === undefined ? hostname : `${hostname}, client ${sapClient}`;
      return { identity, absent: before?.absent ?? null, missing: client.refused() };
    },
    absent: () => client.absent(),
    stillShows: async (ids) => (await documentsById(ids)).fetched > 0,
  };
}

export type Sap = Erp & {
  /** Requests that this client has sent so far. */
  readonly requests: () => number;
};

export type SapOptions = ErpSettings & {
  readonly baseUrl: string;
  /** The secret's JSON value. */
  readonly credentials: unknown;
  readonly http: Http;
  /** Opens a client for the host that grants tokens. */
  readonly door: Door;
  readonly log: Log;
  /** Milliseconds since the epoch, for the age of a token. */
  readonly clock?: () => number;
  /** Rows a page, at least 2; 500 unless given. */
  readonly pageSize?: number;
  /** Fields that this system does not have, such as "A_BillingDocument.FiscalYear". */
  readonly absentFields?: readonly string[];
};

type ListPage = {
  readonly rows: readonly unknown[];
  readonly total: ODataPage["total"];
  readonly next: Position | null;
};

function isRefused(client: SapClient): boolean {
  return client.refused().includes(REQUESTS.service);
}

/** A number that no document has. */
const NO_ID = "0";
const END_OF_LIST: ListPage = { rows: [], total: null, next: null };
const ALL = { companies: [], documentPrefixes: [], channels: [] };

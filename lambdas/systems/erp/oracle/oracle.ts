import * as z from "zod";
import type { Log } from "../../../log.ts";
import type { ErpDocument } from "../../../refund/observation/observation.ts";
import { after, type Instant } from "../../../refund/time/instant.ts";
import { cursorIn } from "../../cursor.ts";
import type { Door, Http } from "../../http/http.ts";
import { Refused } from "../../http/http.ts";
import { PageError } from "../../http/page-error.ts";
import type { SourcePage, Window } from "../../source.ts";
import type { Erp } from "../erp.ts";
import { afterPage, isSeen, placeOf, type Position, positionSchema } from "../position.ts";
import { applicationReader } from "./applications.ts";
import { type FusionPage, OracleClient, PAGE_ROWS, what } from "./client.ts";
import { oracleCredentials } from "./credentials.ts";
import type { ErpSettings } from "../erp-settings.ts";
import { timeSchema } from "./page.ts";
import { hiddenMemos } from "./hidden-memos.ts";
import { changedMemos, FLEX_FIELDS, LINES, MEMOS, TAX_LINES, type TimeField } from "./query.ts";
import { ID, idOf, readMemos } from "./read-documents.ts";
import { oracleAccess } from "./sign-in.ts";

/**
 * Reads Oracle Fusion Receivables through its REST API: credit memos with their lines and taxes, and
 * what they were used for.
 *
 * Not every pod can search by the time of a change. Then memos are searched by the time of their
 * creation, some days back each time. A change of a line may not move the memo's own time, so the
 * daily look back reads a week.
 */
export function oracle(options: OracleOptions): Oracle {
  const { baseUrl, http, door, log, clock = Date.now } = options;
  // The first row of a page may be the last one of the page before.
  const pageSize = Math.max(2, options.pageSize ?? PAGE_ROWS);
  const credentials = oracleCredentials(options.credentials);
  const access = oracleAccess({ credentials, door, clock });
  const { absentFields: absent = [], referenceFields = [], paymentFields = [] } = options;
  const client = new OracleClient({ http, access, log, absent });
  const applications = applicationReader(client);
  const hasOwnFields = referenceFields.length + paymentFields.length > 0;
  let isDescribed = absent.includes(BY_CHANGE);
  let isEmpty = false;
  let hidden: string | null = null;

  const timeField = (): TimeField =>
    client.isAbsent(BY_CHANGE) ? "CreationDate" : "LastUpdateDate";

  /** Asks once whether the pod can search by the time of a change. */
  const describe = async (): Promise<void> => {
    if (isDescribed) return;
    isDescribed = true;
    const description = await client.describe(MEMOS);
    const attribute = attributesIn(description).find(({ name }) => name === "LastUpdateDate");
    if (attribute?.queryable === false) client.noteAbsent(BY_CHANGE, NO_CHANGE_TIME);
  };

  const expand = (): string =>
    [
      client.isAbsent(TAX_LINES) ? LINES : `${LINES}.${TAX_LINES}`,
      ...(hasOwnFields ? FLEX_FIELDS.filter((name) => !client.isAbsent(name)) : []),
    ].join(",");

  /**
   * One page of the list. Where the pod refuses the query, a short query tells whether it refuses
   * the search by the time of a change, or the children that not every pod has.
   */
  const listPage = async (
    window: Window,
    text: string | null,
  ): Promise<FusionPage & { readonly position: Position }> => {
    const before = timeField();
    for (;;) {
      const field = timeField();
      // A position by another field is none: the window is read from its beginning.
      const position =
        text === null || field !== before
          ? startOf(window, field)
          : cursorIn(text, positionSchema, "Oracle");
      const q = changedMemos(field, position.from, window);
      const orderBy = `${field}:asc,CustomerTransactionId:asc`;
      const page = await client.page(MEMOS, {
        q,
        orderBy,
        limit: pageSize,
        offset: position.skip,
        expand: expand(),
      });
      if (page === null) throw new PageError(what(MEMOS), "no list at all");
      if (page !== "refused") {
        if (page.rows.length === 0 && page.claimsMore && position.skip === 0) {
          throw new PageError(what(MEMOS), "a page without rows that claims a next one");
        }
        return { ...page, position };
      }
      const isSearchRefused =
        (await client.page(MEMOS, { q, orderBy, limit: 1, offset: 0 })) === "refused";
      const flex = hasOwnFields ? FLEX_FIELDS.find((name) => !client.isAbsent(name)) : undefined;
      if (isSearchRefused && !client.isAbsent(BY_CHANGE)) {
        client.noteAbsent(BY_CHANGE, NO_CHANGE_TIME);
      } else if (!isSearchRefused && flex !== undefined) {
        client.noteAbsent(
          flex,
          `Oracle does not show ${flex}: the brand's own fields in it are not read`,
        );
      } else if (!isSearchRefused && !client.isAbsent(TAX_LINES)) {
        client.noteAbsent(
          TAX_LINES,
          "Oracle does not show taxes with the lines: taxes are unknown",
        );
      } else {
        throw new PageError(what(MEMOS), "400 for a query that it does not understand");
      }
    }
  };

  /**
   * A user without data access gets an empty list and no error. Believed, it would call every refund
   * missing.
   */
  const checkAccess = async (): Promise<void> => {
    const page = await client.page(MEMOS, { limit: 1, offset: 0 });
    if (page === null || page === "refused" || page.rows.length > 0) return;
    throw new Refused(what(MEMOS), 200, `${NO_DATA}, or a first credit memo in the ledger`);
  };

  /** A page that begins at the time of the last row shows that row again, unless it was changed. */
  const checkEmpty = async ({ from, seen, skip }: Position): Promise<void> => {
    const [last] = skip > 0 ? [] : seen;
    if (last === undefined) return;
    const row = await client.one(`${MEMOS}/${last}`, {});
    if (row === null || timeIn(row, timeField()) !== from) return;
    throw new PageError(what(MEMOS), "a page without the row at which it begins");
  };

  const documentsSince = async (
    window: Window,
    text: string | null,
  ): Promise<SourcePage<ErpDocument>> => {
    await describe();
    const { position, ...page } = await listPage(window, text);
    if (page.rows.length === 0) {
      if (text === null) await checkAccess();
      await checkEmpty(position);
    }
    const field = timeField();
    const keyed = page.rows.map((row) => {
      return { row, id: idOf(row), at: placeOf(timeIn(row, field), position, window.until) };
    });
    const dated = keyed.map(({ id, at }) => (id === null || at === null ? null : { id, at }));
    const fresh = keyed.filter(
      ({ id, at }) => id === null || at === null || !isSeen(position, id, at),
    );
    // What the server says about more rows is not reliable, so a page with news is never the last.
    const next =
      page.rows.length === 0
        ? null
        : afterPage(position, {
            what: what(MEMOS),
            rows: dated.flatMap((one) => one ?? []),
            first: dated[0] ?? null,
            count: page.rows.length,
            isFull: page.isFull || page.claimsMore || fresh.length > 0,
          });
    // When the rows of one time are read again from the first one, later rows come again too.
    const isRepeated = position.skip > 0 && next?.skip === 0 && next.from === position.from;
    const read = isRepeated ? fresh.filter(({ at }) => at === position.from) : fresh;
    const taken = await readMemos(
      read.map(({ row }) => row),
      { client, applications },
      options,
    );
    // Of all rows of the page: an empty window is doubted by the newest row that was shown.
    const newest = dated
      .flatMap((one) => one ?? [])
      .toSorted((one, other) => (one.at < other.at ? -1 : 1))
      .at(-1);
    return {
      ...taken,
      ...(newest !== undefined && { newest: newest.id }),
      next: next === null ? null : JSON.stringify(next),
      highWater: newest?.at ?? null,
      // The server's count of a search is an estimate.
      reported: null,
      counted: read.length,
    };
  };

  const documentsById = async (ids: readonly string[]): Promise<SourcePage<ErpDocument>> => {
    const rows: unknown[] = [];
    for (const id of ids.filter((one) => ID.test(one))) {
      const row = await client.one(`${MEMOS}/${id}`, { expand: expand() });
      if (row === null) continue;
      if (idOf(row) !== id) throw new PageError(what(`${MEMOS}/${id}`), "another record");
      rows.push(row);
    }
    const taken = await readMemos(rows, { client, applications }, options);
    const shown = new Set(rows.map(idOf));
    const notShown = ids.filter((id) => !shown.has(id));
    return { ...taken, notShown, next: null, highWater: null, reported: null };
  };

  return {
    requests: () => client.requests,
    // A line may be changed without a new time of its memo.
    lookBackDays: 7,
    deletesUnseen: true,
    documentsSince,
    documentsById,
    identify: async (before, asksPermissions) => {
      if (before?.absent !== null && before?.absent !== undefined) {
        for (const name of before.absent)
          client.noteAbsent(name, `Oracle: ${name} is still absent`);
        isDescribed = true;
      }
      if (asksPermissions) {
        const page = await client.page(MEMOS, { limit: 1, offset: 0 });
        if (page === "refused") throw new PageError(what(MEMOS), "400 for its first row");
        // A user without data access gets an empty list, not an error.
        isEmpty = page !== null && page.rows.length === 0;
        hidden = await hiddenMemos(client);
      }
      const { hostname } = new URL(baseUrl);
      const missing = [
        ...client.refused(),
        ...(isEmpty ? [NO_DATA] : []),
        ...(hidden === null ? [] : [hidden]),
      ];
      return { identity: hostname, absent: before?.absent ?? null, missing };
    },
    absent: () => client.absent(),
    stillShows: async (ids) => (await documentsById(ids)).fetched > 0,
  };
}

export type Oracle = Erp & {
  /** Requests that this client has sent so far. */
  readonly requests: () => number;
};

export type OracleOptions = ErpSettings & {
  readonly baseUrl: string;
  /** The secret's JSON value. */
  readonly credentials: unknown;
  readonly http: Http;
  /** Opens a client for the host that grants tokens. */
  readonly door: Door;
  readonly log: Log;
  /** Milliseconds since the epoch, for the age of a token. */
  readonly clock?: () => number;
  /** Rows a page, at least 2; 499 unless given. */
  readonly pageSize?: number;
  /** What this pod does not have, such as "receivablesCreditMemos.LastUpdateDate". */
  readonly absentFields?: readonly string[];
};

/** Memos are searched by creation from some days before the window, because a change moves no time. */
function startOf({ since }: Window, field: TimeField): Position {
  const from = field === "CreationDate" ? after(since, -CREATION_DAYS * DAY_MS) : since;
  return { from, seen: [], skip: 0 };
}

type Attribute = { readonly name: string; readonly queryable?: boolean | undefined };

/** The attributes of the resource in its description; none where it has another shape. */
function attributesIn(description: unknown): readonly Attribute[] {
  const read = descriptionSchema.safeParse(description);
  return read.success ? (read.data.Resources[MEMOS]?.attributes ?? []) : [];
}

const descriptionSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      attributes: z.array(z.object({ name: z.string(), queryable: z.boolean().optional() })),
    }),
  ),
});

function timeIn(row: unknown, field: TimeField): Instant | null {
  return timeSchema.safeParse(Reflect.get(Object(row), field)).data ?? null;
}

const NO_DATA =
  "data access to any business unit: the list of credit memos is empty, which a user without a data role gets";
/** The search by the time of a change, by the name under which it is noted as absent. */
const BY_CHANGE = `${MEMOS}.LastUpdateDate`;
const NO_CHANGE_TIME = `Oracle cannot search credit memos by LastUpdateDate: they are searched by CreationDate, and a change of an older memo is not seen`;
const DAY_MS = 86_400_000;
/** So far back memos are read again in each pull, where only the time of creation can be searched. */
const CREATION_DAYS = 2;

import * as z from "zod";
import type { ErpDocument } from "../../../refund/observation/observation.ts";
import { PageError } from "../../http/page-error.ts";
import type { SourcePage, Window } from "../../source.ts";
import type { Erp } from "../erp.ts";
import { Archived } from "./archive.ts";
import { NetsuiteClient, type NetsuiteClientOptions } from "./client.ts";
import { deletedAmong, deletedIn, type Deletions } from "./deleted.ts";
import type { Row } from "./page.ts";
import { changedHeaders, headersById, ID, type Key, LOCAL_TIME, subsidiaries } from "./query.ts";
import { type Settings, readDocuments, type ReadDocuments } from "./read-documents.ts";

/**
 * Reads NetSuite's credit memos, cash refunds and customer refunds, with SuiteQL over REST.
 *
 * A customer refund that pays out a credit memo is not returned as a document of its own: the memo
 * is returned again with its settlement. An unreadable row is rejected with its reason, and the
 * other rows are still read. An incomplete answer is an error.
 */
export function netsuite(options: NetsuiteOptions): Erp {
  const client = new NetsuiteClient(options);
  const account = client.absences;
  const { integrationUsers, paymentFields = [] } = options;
  const archive = (): Archived => new Archived({ integrationUsers, paymentFields });

  const documentsSince = async (
    window: Window,
    cursor: string | null,
  ): Promise<SourcePage<ErpDocument>> => {
    const after = cursor === null ? null : readCursor(cursor);
    const archived = archive();
    const page = await client.page("headers", () => changedHeaders(window, after, account));
    archived.add("headers", page.rows);
    const next = client.goesOn(page) ? cursorAfter(page.rows, after) : null;
    // Deletions come with the first page, so that they are reported even if a run never reaches the
    // later pages of the window.
    const gone = after === null ? await deletedIn(window, client, archived) : NONE_DELETED;
    const taken = withDeletions(await readDocuments(page.rows, client, archived, options), gone);
    const reported = after === null ? page.totalResults : null;
    return { ...taken, next, reported, counted: page.rows.length };
  };

  const documentsById = async (
    documentIds: readonly string[],
  ): Promise<SourcePage<ErpDocument>> => {
    const archived = archive();
    const asked = documentIds.filter((id) => ID.test(id));
    const rows = await client.chunks("headers", asked, (ids, after) =>
      headersById(ids, after, account),
    );
    archived.add("headers", rows);
    const found = new Set(rows.map((row) => row["id"]));
    const gone = asked.filter((id) => !found.has(id));
    const deletions = await deletedAmong(gone, client, archived);
    const taken = withDeletions(await readDocuments(rows, client, archived, options), deletions);
    return { ...taken, next: null, reported: null };
  };

  return {
    documentsSince,
    documentsById,
    identify: async (before, whole) => {
      if (before?.absent !== null && before?.absent !== undefined) account.know(before.absent);
      // A token is valid for one account, whose id is the first part of the host name.
      const identity = new URL(options.baseUrl).hostname.split(".")[0] ?? null;
      const companyCount = whole ? await client.companyCount() : null;
      const missing = account.absentRecords();
      return { identity, absent: before?.absent ?? null, missing, companyCount };
    },
    absent: () => account.absent(),
    ownFields: async (documentIds) => client.bodyFields(documentIds.slice(0, MOST_LOOKED_AT)),
    examine: async () => {
      const rows = await client.all("companies", subsidiaries);
      const companies = rows.flatMap(({ id, name }) =>
        id === undefined ? [] : [{ id, name: name ?? null }],
      );
      return { scopes: null, companies, currency: null, timeZone: null, budget: null };
    },
    stillShows: async (documentIds) => {
      const rows = await client.chunks("headers", documentIds, (ids, after) =>
        headersById(ids, after, account),
      );
      if (rows.length > 0) return true;
      return (await deletedAmong(documentIds, client, archive())).deleted.length > 0;
    },
  };
}

export type NetsuiteOptions = NetsuiteClientOptions & Settings;

function withDeletions(taken: ReadDocuments, { deleted, rejected }: Deletions) {
  const all = [...taken.rejected, ...rejected];
  return { ...taken, deleted, rejected: all, fetched: taken.fetched + rejected.length };
}

const MOST_LOOKED_AT = 100;
const NONE_DELETED: Deletions = { deleted: [], rejected: [] };

/** The key of the last row that has one; it must come after the key of the request. */
function cursorAfter(rows: readonly Row[], after: Key | null): string {
  const keys = rows.flatMap(
    ({ cursor_ts, id }) => keySchema.safeParse({ at: cursor_ts, id }).data ?? [],
  );
  const last = keys.at(-1);
  if (last === undefined) {
    throw new PageError(
      "NetSuite SuiteQL (headers)",
      "a full page without one readable cursor_ts and id",
    );
  }
  const moved =
    after === null || last.at > after.at || (last.at === after.at && last.id !== after.id);
  if (!moved) {
    throw new PageError(
      "NetSuite SuiteQL (headers)",
      `no row after ${last.at}, id ${last.id}: the cursor did not move`,
    );
  }
  return JSON.stringify(last);
}

function readCursor(cursor: string): Key {
  const read = cursorSchema.safeParse(cursor);
  if (read.success) return read.data;
  throw new Error(
    `a NetSuite cursor: wanted {"at":"2026-11-22 02:00:00","id":"5001"}, got ${JSON.stringify(cursor.slice(0, 80))}`,
  );
}

const keySchema = z.object({ at: z.string().regex(LOCAL_TIME), id: z.string().regex(ID) });
const cursorSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue("not JSON");
      return z.NEVER;
    }
  })
  .pipe(keySchema);

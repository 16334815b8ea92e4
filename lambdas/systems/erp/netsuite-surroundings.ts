import type { Archived } from "./netsuite-archived.ts";
import type { NetsuiteClient } from "./netsuite-client.ts";
import { Links } from "./netsuite-links.ts";
import type { Row } from "./netsuite-page.ts";
import {
  type Header,
  headerRow,
  type Line,
  lineRow,
  linkRow,
  type Origin,
  originRow,
  periodRow,
  readRow,
  UnreadableRow,
} from "./netsuite-row.ts";
import { headersById, linesOf, linksOf, periodsById, sourcesById } from "./netsuite-suiteql.ts";

/**
 * What belongs to some headers and is asked for beside them: links, the credit memos that payouts
 * settle and the payouts of credit memos, origins, lines, periods.
 */
export async function surroundings(
  headers: readonly Header[],
  client: NetsuiteClient,
  archived: Archived,
): Promise<Surroundings> {
  const ask = asker(client, archived);
  const links = new Links();
  const known = new Map(headers.map((header) => [header.id, header]));

  await ask.links(headers, links);
  const payouts = headers.filter(({ type }) => type === "CustRfnd");
  const missing = payouts.flatMap(({ id }) => links.creditsOf(id)).filter((id) => !known.has(id));
  const brought = await ask.headers(missing);
  await ask.links(brought, links);

  const all = [...headers, ...brought];
  const credits = all.filter(({ type }) => type === "CustCred");
  const paidBy = new Set(credits.flatMap(({ id }) => links.payoutsOf(id)));
  const others = await ask.headers([...paidBy].filter((id) => !known.has(id)));
  for (const header of [...brought, ...others]) known.set(header.id, header);

  const nameless = credits.filter(namesNoOrder).flatMap(({ id }) => links.originsOf(id));
  return {
    links,
    brought,
    known,
    origins: await ask.origins(nameless),
    lines: await ask.lines(all.map(({ id }) => id)),
    periods: await ask.periods(all.flatMap(({ postingperiod }) => postingperiod ?? [])),
  };
}

export type Surroundings = {
  readonly links: Links;
  /** Credit memos outside the page whose payout is in it. */
  readonly brought: readonly Header[];
  /** By id: the page, what it brought, and payouts outside of it. */
  readonly known: ReadonlyMap<string, Header>;
  readonly origins: ReadonlyMap<string, Origin>;
  /** By document; a row that cannot be read stands as the reason why. */
  readonly lines: ReadonlyMap<string, readonly (Line | UnreadableRow)[]>;
  readonly periods: ReadonlyMap<string, { readonly from: string; readonly to: string }>;
};

function asker(client: NetsuiteClient, archived: Archived) {
  const { has } = client.absences;

  const each: NetsuiteClient["chunks"] = async (kind, ids, text) => {
    const rows = await client.chunks(kind, ids, text);
    archived.add(kind, rows);
    return rows;
  };

  return {
    async headers(ids: readonly string[]): Promise<Header[]> {
      const rows = await each("headers", ids, (chunk, after) => headersById(chunk, after, has));
      return rows.flatMap((row) => headerRow.safeParse(row).data ?? []);
    },

    async links(headers: readonly Header[], links: Links): Promise<void> {
      const ids = headers.filter(({ type }) => type !== "CashRfnd").map(({ id }) => id);
      const rows = await each("links", ids, (chunk, after) => linksOf(chunk, after, has));
      links.add(rows.flatMap((row) => linkRow.safeParse(row).data ?? []));
      for (const header of headers) links.addMadeFrom(header);
    },

    async origins(ids: readonly string[]): Promise<Map<string, Origin>> {
      const rows = await each("sources", ids, (chunk, after) => sourcesById(chunk, after, has));
      return new Map(
        rows.flatMap((row) => originRow.safeParse(row).data ?? []).map((row) => [row.id, row]),
      );
    },

    async lines(ids: readonly string[]): Promise<Map<string, (Line | UnreadableRow)[]>> {
      const rows = await each("lines", ids, (chunk, after) => linesOf(chunk, after, has));
      const lines = new Map<string, (Line | UnreadableRow)[]>();
      for (const row of rows) {
        const document = row["transaction"] ?? "";
        lines.set(document, [...(lines.get(document) ?? []), readLine(row)]);
      }
      return lines;
    },

    async periods(ids: readonly string[]): Promise<Map<string, { from: string; to: string }>> {
      const rows = await each("periods", ids, periodsById);
      return new Map(
        rows
          .flatMap((row) => periodRow.safeParse(row).data ?? [])
          .flatMap(({ id, startdate: from, enddate: to }) =>
            from === null || to === null ? [] : [[id, { from, to }]],
          ),
      );
    },
  };
}

function readLine(row: Row): Line | UnreadableRow {
  try {
    return readRow(lineRow, row);
  } catch (error) {
    if (error instanceof UnreadableRow) return error;
    throw error;
  }
}

function namesNoOrder(header: Header): boolean {
  return header.src_otherrefnum === null && header.src_externalid === null;
}

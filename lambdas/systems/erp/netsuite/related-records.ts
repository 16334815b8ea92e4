import type { RejectedRecord } from "../../source.ts";
import type { Archived } from "./archive.ts";
import type { NetsuiteClient } from "./client.ts";
import { Links } from "./links.ts";
import type { Row } from "./page.ts";
import {
  type Header,
  type Line,
  lineRow,
  linkRow,
  type Origin,
  pairRow,
  periodRow,
  readHeader,
  readOrigin,
  readRow,
} from "./row.ts";
import { UnreadableRow } from "../row-values.ts";
import {
  creditsLike,
  ID,
  headersById,
  linesOf,
  linksOf,
  periodsById,
  sourcesById,
} from "./query.ts";

/**
 * Reads the records that belong to these headers: links, the credit memos that payouts settle, the
 * payouts of credit memos, origins, lines and periods.
 */
export async function relatedRecords(
  headers: readonly Header[],
  client: NetsuiteClient,
  archived: Archived,
  brandCurrency: string,
): Promise<RelatedRecords> {
  const ask = asker(client, archived, brandCurrency);
  const links = new Links();
  const known = new Map(headers.map((header) => [header.id, header]));

  await ask.links(headers, links);
  const payouts = headers.filter(({ type }) => type === "CustRfnd");
  if (!client.absences.hasRecord("links")) await ask.pairs(headers, links);
  const missing = payouts.flatMap(({ id }) => links.creditsOf(id)).filter((id) => !known.has(id));
  const creditsOutsidePage = await ask.headers(missing);
  await ask.links(creditsOutsidePage, links);

  const all = [...headers, ...creditsOutsidePage];
  const credits = all.filter(({ type }) => type === "CustCred");
  const paidBy = new Set(credits.flatMap(({ id }) => links.payoutsOf(id)));
  const others = await ask.headers([...paidBy].filter((id) => !known.has(id)));
  for (const header of [...creditsOutsidePage, ...others]) known.set(header.id, header);

  const withoutOrder = all.filter(namesNoOrder);
  const direct = new Map(withoutOrder.map((header) => [header.id, links.originsOf(header.id)]));
  const near = await ask.origins([
    ...[...direct.values()].flat(),
    ...withoutOrder.flatMap(({ createdfrom }) => createdfrom ?? []),
  ]);
  // A return authorisation, invoice or deposit may name no order: then the document that it was
  // made from may name the order.
  const withoutReference = [...near.values()].filter(hasNoReference);
  await ask.linksOf(
    withoutReference.map(({ id }) => id),
    links,
  );
  const behind = new Map(
    withoutReference.map(({ id, createdfrom }) => [
      id,
      [...links.originsOf(id), ...(createdfrom === null ? [] : [createdfrom])],
    ]),
  );
  const far = await ask.origins([...behind.values()].flat());
  const originsOf = (header: Header): readonly Origin[] => {
    const first = [...(direct.get(header.id) ?? []), ...(header.createdfrom ?? "").split(" ")];
    const origins = first.flatMap((id) => near.get(id) ?? []);
    const more = origins.flatMap(({ id }) => behind.get(id) ?? []);
    return [...origins, ...more.flatMap((id) => far.get(id) ?? [])];
  };
  return {
    links,
    creditsOutsidePage,
    known,
    unreadable: ask.unreadable,
    unreadableLinks: ask.odd,
    origins: new Map(withoutOrder.map((header) => [header.id, originsOf(header)])),
    lines: await ask.lines(all.map(({ id }) => id)),
    periods: await ask.periods(all.flatMap(({ postingperiod }) => postingperiod ?? [])),
  };
}

export type RelatedRecords = {
  readonly links: Links;
  /** Credit memos outside the page whose payout is in the page. */
  readonly creditsOutsidePage: readonly Header[];
  /** By id: the headers of the page, the credit memos added to it, and payouts outside the page. */
  readonly known: ReadonlyMap<string, Header>;
  /** Ids of related documents that could not be read. */
  readonly unreadable: ReadonlySet<string>;
  /** Links that could not be read. */
  readonly unreadableLinks: readonly RejectedRecord[];
  /** By document: the documents it was made from, and the documents those were made from. */
  readonly origins: ReadonlyMap<string, readonly Origin[]>;
  /** By document; an unreadable row is replaced by its error. */
  readonly lines: ReadonlyMap<string, readonly (Line | UnreadableRow)[]>;
  readonly periods: ReadonlyMap<string, { readonly from: string; readonly to: string }>;
};

function asker(client: NetsuiteClient, archived: Archived, brandCurrency: string) {
  const account = client.absences;
  const unreadable = new Set<string>();
  const unreadableLinks: RejectedRecord[] = [];

  const each: NetsuiteClient["chunks"] = async (kind, ids, text) => {
    // A row may contain an invalid id. No query may contain it: the record of that id is not read.
    const plain = ids.filter((id) => ID.test(id));
    const rows = await client.chunks(kind, plain, text);
    archived.add(kind, rows);
    return rows;
  };

  return {
    unreadable,
    odd: unreadableLinks,

    async headers(ids: readonly string[]): Promise<Header[]> {
      const rows = await each("headers", ids, (chunk, after) => headersById(chunk, after, account));
      return rows.flatMap((row) => {
        try {
          return [readHeader(inCurrency(row, account, brandCurrency), account)];
        } catch (error) {
          if (!(error instanceof UnreadableRow)) throw error;
          unreadable.add(row["id"] ?? "");
          return [];
        }
      });
    },

    async links(headers: readonly Header[], links: Links): Promise<void> {
      const ids = headers.filter(({ type }) => type !== "CashRfnd").map(({ id }) => id);
      await this.linksOf(ids, links);
      for (const header of headers) links.addMadeFrom(header);
    },

    async linksOf(ids: readonly string[], links: Links): Promise<void> {
      const rows = await each("links", ids, (chunk, after) => linksOf(chunk, after, account));
      for (const row of rows) {
        const link = linkRow.safeParse(row);
        if (link.success) links.add([link.data]);
        else unreadableLinks.push(archived.unreadable("links", row));
      }
    },

    /** Links payouts to memos of the same customer and amount, only where the pair is unique. */
    async pairs(headers: readonly Header[], links: Links): Promise<void> {
      const ids = headers.filter(({ type }) => type === "CustRfnd").map(({ id }) => id);
      const rows = await each("pairs", ids, (chunk, after) => creditsLike(chunk, after, account));
      const pairs = rows.flatMap((row) => pairRow.safeParse(row).data ?? []);
      for (const { payout, credit } of pairs) {
        const rivals = pairs.filter((one) => one.payout === payout || one.credit === credit);
        if (rivals.length === 1) links.addPaidBy(credit, payout);
      }
    },

    async origins(ids: readonly string[]): Promise<Map<string, Origin>> {
      const rows = await each("sources", ids, (chunk, after) => sourcesById(chunk, after, account));
      const origins = rows.flatMap((row) => readOrigin(row, account.referenceFields) ?? []);
      return new Map(origins.map((origin) => [origin.id, origin]));
    },

    async lines(ids: readonly string[]): Promise<Map<string, (Line | UnreadableRow)[]>> {
      const rows = await each("lines", ids, (chunk, after) => linesOf(chunk, after, account));
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
            isDay(from) && isDay(to) ? [[id, { from, to }]] : [],
          ),
      );
    },
  };
}

function isDay(text: string | null): text is string {
  return text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
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
  const { src_otherrefnum, src_externalid, srcConfigured, configured } = header;
  const texts = [...srcConfigured, ...configured];
  return src_otherrefnum === null && src_externalid === null && texts.length === 0;
}

function hasNoReference({ otherrefnum, externalid, configured }: Origin): boolean {
  return otherrefnum === null && externalid === null && configured.length === 0;
}

/** An account without multiple currencies names no currency anywhere: it uses the brand's. */
export function inCurrency(
  row: Row,
  { has }: { readonly has: (name: string) => boolean },
  brandCurrency: string,
): Row {
  return has("currency_code") ? row : { ...row, currency_code: brandCurrency };
}

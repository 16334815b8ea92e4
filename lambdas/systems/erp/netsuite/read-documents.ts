import type { ErpDocument } from "../../../refund/observation/observation.ts";
import type { RejectedRecord, SourcePage } from "../../source.ts";
import type { Archived } from "./archive.ts";
import type { NetsuiteClient } from "./client.ts";
import { erpDocument, referencesOfRow, type DocumentInput } from "./document.ts";
import type { Row } from "./page.ts";
import { type Header, readHeader } from "./row.ts";
import { UnreadableRow } from "../row-values.ts";
import { ID } from "./query.ts";
import { inCurrency, relatedRecords, type RelatedRecords } from "./related-records.ts";

/** Converts header rows and their related records to documents; an unreadable row is rejected. */
export async function readDocuments(
  rows: readonly Row[],
  client: NetsuiteClient,
  archived: Archived,
  { integrationUsers, brandCurrency }: Settings,
): Promise<ReadDocuments> {
  const { referenceFields } = client.absences;
  const rejected: RejectedRecord[] = [];
  const reject = (row: Row, error: unknown): void => {
    if (!(error instanceof UnreadableRow)) throw error;
    rejected.push({
      id: row["id"] ?? null,
      ...(!ID.test(row["id"] ?? "") && { again: null }),
      reason: error.message,
      raw: archived.rejected(row),
      mayBe: {
        references: referencesOfRow(row, referenceFields),
        currency: row["currency_code"] ?? null,
        total: row["foreigntotal"] ?? null,
      },
    });
  };

  const rowOf = new Map<string, Row>();
  const headers = new Map<string, Header>();
  for (const rawRow of rows) {
    const row = inCurrency(rawRow, client.absences, brandCurrency);
    try {
      const header = readHeader(row, client.absences);
      headers.set(header.id, header);
      rowOf.set(header.id, row);
    } catch (error) {
      reject(row, error);
    }
  }
  const repeated = rows.length - rejected.length - headers.size;

  const related = await relatedRecords([...headers.values()], client, archived, brandCurrency);
  rejected.push(...related.unreadableLinks);
  const observations: ErpDocument[] = [];
  const settlements: string[] = [];
  for (const header of [...headers.values(), ...related.creditsOutsidePage]) {
    if (isSettlement(header, related)) {
      settlements.push(header.id);
      continue;
    }
    const unread = unreadCredit(header, related);
    if (unread !== null) {
      const why = `it pays out credit ${unread}, which cannot be read`;
      reject(rowOf.get(header.id) ?? { id: header.id }, new UnreadableRow(why));
      continue;
    }
    try {
      const sourceKnown = client.absences.has("source");
      observations.push(
        erpDocument(documentInput(header, related, { integrationUsers, sourceKnown })),
      );
    } catch (error) {
      reject(rowOf.get(header.id) ?? { id: header.id }, error);
    }
  }

  const newest = [...headers.values()]
    .toSorted((one, other) => (one.modified_utc < other.modified_utc ? -1 : 1))
    .at(-1);
  // A memo from outside the page is counted in place of its payout, so that each row counts once.
  const settled = Math.max(0, settlements.length - related.creditsOutsidePage.length);
  return {
    raw: archived.bodies,
    observations,
    rejected,
    ...(settlements.length > 0 && { partOf: settlements }),
    skipped: {
      ...(settled > 0 ? { settlement_of_credit_memo: settled } : {}),
      ...(repeated > 0 ? { repeated_row: repeated } : {}),
    },
    highWater: newest?.modified_utc ?? null,
    ...(newest !== undefined && { newest: newest.id }),
    fetched: observations.length + rejected.length + settled + repeated,
  };
}

export type Settings = {
  readonly integrationUsers: readonly string[];
  /** The currency of an account without multiple currencies. */
  readonly brandCurrency: string;
};

export type ReadDocuments = Pick<
  SourcePage<ErpDocument>,
  "raw" | "observations" | "rejected" | "partOf" | "skipped" | "highWater" | "newest" | "fetched"
>;

/** Without its credit memo, such a payout would look like a document that belongs to no refund. */
function unreadCredit({ id, type }: Header, { links, unreadable }: RelatedRecords): string | null {
  if (type !== "CustRfnd") return null;
  return links.creditsOf(id).find((credit) => unreadable.has(credit)) ?? null;
}

/** A payout is part of its memo's document; without the memo it is a document of its own. */
function isSettlement({ id, type }: Header, { links, known }: RelatedRecords): boolean {
  return type === "CustRfnd" && links.creditsOf(id).some((credit) => known.has(credit));
}

function documentInput(
  header: Header,
  { links, known, lines, origins, periods }: RelatedRecords,
  machines: Pick<DocumentInput, "integrationUsers" | "sourceKnown">,
): DocumentInput {
  const own = (lines.get(header.id) ?? []).map((line) => {
    if (line instanceof UnreadableRow) throw line;
    return line;
  });
  const isCredit = header.type === "CustCred";
  const payouts = isCredit ? links.payoutsOf(header.id).flatMap((id) => known.get(id) ?? []) : [];
  return {
    header,
    lines: own.length === 0 ? null : own,
    origins: origins.get(header.id) ?? [],
    payout: links.payout(header, payouts),
    periods,
    ...machines,
  };
}

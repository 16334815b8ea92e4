import type { ErpSettings } from "../erp-settings.ts";
import { UnreadableRow } from "../row-values.ts";
import type { ErpDocument } from "../../../refund/observation/observation.ts";
import { problems } from "../../problems.ts";
import type { RejectedRecord, SourcePage } from "../../source.ts";
import { writtenReferences } from "../references.ts";
import type { ApplicationReader } from "./applications.ts";
import { archived, archivedRow } from "./archive.ts";
import type { OracleClient } from "./client.ts";
import { creditMemo } from "./document.ts";
import { type LineRow, lineSchema, type MemoRow, memoSchema } from "./page.ts";
import { LINES, MEMOS, TAX_LINES } from "./query.ts";

/**
 * Converts rows of credit memos to documents; an unreadable row is rejected alone.
 *
 * A child may come as a part only, or not at all: then it is read by its own address. Memos of other
 * business units are counted and left out.
 */
export async function readMemos(
  rows: readonly unknown[],
  {
    client,
    applications,
  }: { readonly client: OracleClient; readonly applications: ApplicationReader },
  settings: ErpSettings,
): Promise<ReadMemos> {
  const { referenceFields = [], paymentFields = [], scope } = settings;
  const own = [...referenceFields, ...paymentFields];
  const rejected: RejectedRecord[] = [];
  const observations: ErpDocument[] = [];
  const memos: { readonly memo: MemoRow; readonly row: unknown }[] = [];
  let others = 0;
  for (const row of rows) {
    const read = memoSchema.safeParse(row);
    if (!read.success) rejected.push(rejection(row, problems(read.error), own));
    else if (isOthers(read.data, scope?.companies ?? [])) others += 1;
    else memos.push({ memo: read.data, row });
  }
  const appliedOf = await applications(memos.map(({ memo }) => memo));
  for (const { memo, row } of memos) {
    try {
      const lines = await linesOf(memo, client);
      observations.push(creditMemo(memo, { lines, applied: appliedOf(memo) }, settings));
    } catch (error) {
      if (!(error instanceof UnreadableRow)) throw error;
      rejected.push(rejection(row, error.message, own));
    }
  }
  const skipped = others > 0 ? { other_business_unit: others } : {};
  return {
    raw: rows.length === 0 ? [] : [archived(rows, own)],
    observations,
    rejected,
    skipped,
    fetched: observations.length + rejected.length + others,
  };
}

export type ReadMemos = Pick<
  SourcePage<ErpDocument>,
  "raw" | "observations" | "rejected" | "skipped" | "fetched"
>;

/** The id of a row that may be unreadable otherwise. */
export function idOf(row: unknown): string | null {
  const id = textIn(row, "CustomerTransactionId");
  return id !== null && ID.test(id) ? id : null;
}

export const ID = /^[1-9]\d{0,18}$/;

/** The lines with their taxes; null where the pod does not show them. */
async function linesOf(memo: MemoRow, client: OracleClient): Promise<readonly LineRow[] | null> {
  const path = `${MEMOS}/${memo.CustomerTransactionId}/child/${LINES}`;
  const given = memo.receivablesCreditMemoLines;
  const more =
    given !== null && !given.hasMore
      ? []
      : await client.all(path, expandOf(client), given?.items.length ?? 0);
  if (more === null) return null;
  const lines = [...(given?.items ?? []), ...more.map((row) => parsedLine(row))];
  return Promise.all(lines.map(async (line) => withTaxes(line, path, client)));
}

async function withTaxes(line: LineRow, path: string, client: OracleClient): Promise<LineRow> {
  const { CustomerTransactionLineId: id, receivablesCreditMemoLineTaxLines: given } = line;
  const isWhole = given !== null && !given.hasMore;
  if (isWhole || client.isAbsent(TAX_LINES) || id === null || id === undefined) return line;
  const rows = await client.all(`${path}/${id}/child/${TAX_LINES}`, {}, given?.items.length ?? 0);
  if (rows === null) return line;
  const read = lineSchema.shape.receivablesCreditMemoLineTaxLines.safeParse(rows);
  if (!read.success) throw new UnreadableRow(`${TAX_LINES}: ${problems(read.error)}`);
  const items = [...(given?.items ?? []), ...(read.data?.items ?? [])];
  return { ...line, receivablesCreditMemoLineTaxLines: { items, hasMore: false } };
}

function expandOf(client: OracleClient): { readonly expand?: string } {
  return client.isAbsent(TAX_LINES) ? {} : { expand: TAX_LINES };
}

function parsedLine(row: unknown): LineRow {
  const read = lineSchema.safeParse(row);
  if (read.success) return read.data;
  throw new UnreadableRow(`${LINES}: ${problems(read.error)}`);
}

function isOthers({ BusinessUnit: unit }: MemoRow, wanted: readonly string[]): boolean {
  return unit !== null && wanted.length > 0 && !wanted.includes(unit);
}

/** The readable fields of an unreadable row are kept: it may be the booking of a refund. */
function rejection(row: unknown, reason: string, own: readonly string[]): RejectedRecord {
  const id = idOf(row);
  const [order, cross] = [textIn(row, "PurchaseOrder"), textIn(row, "CrossReference")];
  return {
    id,
    ...(id === null && { again: null }),
    reason,
    raw: JSON.stringify(archivedRow(row, own)),
    mayBe: {
      references: writtenReferences(
        [
          ["order", order],
          ["other_reference", cross],
        ],
        new Set(),
      ),
      currency: textIn(row, "CreditMemoCurrency"),
      total: textIn(row, "EnteredAmount")?.replace(/^-/, "") ?? null,
    },
  };
}

function textIn(row: unknown, name: string): string | null {
  const value: unknown = typeof row === "object" && row !== null ? Reflect.get(row, name) : null;
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

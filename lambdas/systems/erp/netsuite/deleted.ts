import type { DeletedRecord, RejectedRecord, Window } from "../../source.ts";
import type { Archived } from "./archive.ts";
import type { NetsuiteClient } from "./client.ts";
import type { Row } from "./page.ts";
import { deletedRow, readRow } from "./row.ts";
import { deletedById, deletedSince } from "./query.ts";

/**
 * Refund documents that were deleted. A credit memo that a person deletes can become a write-off,
 * and no query for changes shows it. Empty where the role may not read deleted records.
 */
export async function deletedIn(
  window: Window,
  client: NetsuiteClient,
  archived: Archived,
): Promise<Deletions> {
  const rows = await client.all("deleted", (after) =>
    deletedSince(window, after === null ? null : keyOf(after), client.absences),
  );
  return refundDocuments(rows, archived);
}

/** The deleted ones of these ids: an id that was not found may also be hidden from the role. */
export async function deletedAmong(
  ids: readonly string[],
  client: NetsuiteClient,
  archived: Archived,
): Promise<Deletions> {
  const rows = await client.chunks("deleted", ids, (some, after) =>
    deletedById(some, after, client.absences),
  );
  return refundDocuments(rows, archived);
}

export type Deletions = {
  readonly deleted: readonly DeletedRecord[];
  /** Rows that cannot be read. */
  readonly rejected: readonly RejectedRecord[];
};

/** An id is unique only within its type: a deleted customer may have the same id as a document. */
function refundDocuments(rows: readonly Row[], archived: Archived): Deletions {
  archived.add("deleted", rows);
  const deleted = new Map<string, DeletedRecord>();
  const rejected: RejectedRecord[] = [];
  for (const row of rows) {
    const read = deletedRow.safeParse(row);
    if (!read.success) {
      rejected.push(archived.unreadable("deletions", row));
      continue;
    }
    const { type, recordid: id, deleted_utc: at, deletedby: by } = read.data;
    const isRefund = REFUND_TYPES.has((type ?? "").toLowerCase().replace(/[^a-z]/g, ""));
    if (isRefund) deleted.set(id, { id, at, by });
  }
  return { deleted: [...deleted.values()], rejected };
}

function keyOf(row: Row): { at: string; id: string } {
  const { cursor_ts: at, recordid: id } = readRow(deletedRow, row);
  return { at, id };
}

const REFUND_TYPES: ReadonlySet<string> = new Set([
  "creditmemo",
  "cashrefund",
  "customerrefund",
  "custcred",
  "cashrfnd",
  "custrfnd",
]);

import type { DeletedRecord, Window } from "../source.ts";
import type { Archived } from "./netsuite-archived.ts";
import type { NetsuiteClient } from "./netsuite-client.ts";
import type { Row } from "./netsuite-page.ts";
import { deletedRow, readRow } from "./netsuite-row.ts";
import { deletedById, deletedSince } from "./netsuite-suiteql.ts";

/**
 * Refund documents that somebody deleted. A credit memo deleted by hand is a write-off in the
 * making, and no change query shows it. Empty where the role may not read deleted records.
 */
export async function deletedIn(
  window: Window,
  client: NetsuiteClient,
  archived: Archived,
): Promise<DeletedRecord[]> {
  const rows = await client.all("deleted", (after) =>
    deletedSince(window, after === null ? null : keyOf(after), client.absences),
  );
  return refundDocuments(rows, archived);
}

/** Those of these ids that were deleted: an id may also just be hidden from the role. */
export async function deletedAmong(
  ids: readonly string[],
  client: NetsuiteClient,
  archived: Archived,
): Promise<DeletedRecord[]> {
  const rows = await client.chunks("deleted", ids, (some, after) =>
    deletedById(some, after, client.absences),
  );
  return refundDocuments(rows, archived);
}

/** An id is unique within its type only: a deleted customer may carry a document's number. */
function refundDocuments(rows: readonly Row[], archived: Archived): DeletedRecord[] {
  archived.add("deleted", rows);
  const records = rows
    .flatMap((row) => deletedRow.safeParse(row).data ?? [])
    .filter(({ type }) => REFUND_TYPES.has((type ?? "").toLowerCase().replace(/[^a-z]/g, "")))
    .map(({ recordid: id, deleted_utc: at, deletedby: by }): [string, DeletedRecord] => [
      id,
      { id, at, by },
    ]);
  return [...new Map(records).values()];
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

import { orderPartition } from "../keys.ts";
import type { ErpDocument, Observation } from "../../refund/observation/observation.ts";
import type { Instant } from "../../refund/time/instant.ts";
import { payoutsOf } from "../../refund/observation/live-documents.ts";
import { locationDays, locationsOn } from "../store/locations.ts";
import type { DocumentLocation } from "../store/locations.ts";
import type { Table } from "../ports.ts";
import type { StoredRecord } from "../store/record-item.ts";

export type MayBeStored = (
  document: Pick<ErpDocument, "documentId" | "createdAt" | "createdAtIsLatest">,
) => boolean;

/** Documents that this order did not have before, and documents with a new payout. */
export function newLocations(
  order: string,
  seen: readonly Observation[],
  stored: readonly StoredRecord[],
): DocumentLocation[] {
  const known = new Map(
    stored.flatMap(({ documents }) => documents.map((document) => [document.documentId, document])),
  );
  return seen.flatMap((document): DocumentLocation[] => {
    if (document.role !== "erp") return [];
    const before = known.get(document.documentId);
    const samePayouts =
      before !== undefined && payoutsOf(before).join(" ") === payoutsOf(document).join(" ");
    return samePayouts ? [] : [{ document, pk: orderPartition(order) }];
  });
}

/**
 * The orders that lose documents, with these documents. A document that is new in its order, and
 * may have been read before, may be stored under another order. Its own change time proves nothing:
 * the reference may have been corrected on the order or invoice behind it.
 */
export async function leftOrders(
  table: Table,
  locations: readonly DocumentLocation[],
  unnamed: readonly ErpDocument[],
  {
    mayBeStored,
    watchedSince,
  }: { readonly mayBeStored: MayBeStored; readonly watchedSince: Instant | null },
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const gone = new Map<string, Set<string>>();
  const candidates = [
    ...locations.map(({ document, pk }) => ({ document, pk })),
    ...unnamed.map((document) => ({ document, pk: "" })),
  ].filter(({ document }) => mayBeStored(document));
  const days = new Set(candidates.flatMap(({ document }) => locationDays(document, watchedSince)));
  const byDay = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();
  for (const day of days) byDay.set(day, await locationsOn(table, day));
  for (const { document, pk } of candidates) {
    const { documentId } = document;
    for (const day of locationDays(document, watchedSince)) {
      for (const other of byDay.get(day)?.get(documentId) ?? []) {
        if (other !== pk) gone.set(other, (gone.get(other) ?? new Set()).add(documentId));
      }
    }
  }
  return gone;
}

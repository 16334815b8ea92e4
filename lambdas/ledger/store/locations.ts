import { createHash } from "node:crypto";

import * as z from "zod";

import type { ErpDocument } from "../../refund/observation/observation.ts";
import { after } from "../../refund/time/instant.ts";
import type { Instant } from "../../refund/time/instant.ts";
import { payoutsOf } from "../../refund/observation/live-documents.ts";
import { utcDays } from "../../refund/time/business-day.ts";
import type { Item, Table } from "../ports.ts";

/**
 * Notes, for each document id, every order under which the document was ever stored.
 *
 * A document that names another order after a correction, or that was deleted, must leave its old
 * match. But a changed document shows only its new order, and a deletion shows only an id. So each
 * page writes one item with the documents that it stored under a new order. The key of the item is
 * the day on which the documents were created, because no edit changes that day. One item for each
 * document would cost one more write for each refund.
 */
export async function noteLocations(
  table: Table,
  locations: readonly DocumentLocation[],
  {
    retentionMs,
    watchedSince,
  }: { readonly retentionMs: number; readonly watchedSince: Instant | null },
): Promise<void> {
  const byDay = new Map<string, Set<string>>();
  for (const { document, pk } of locations) {
    const day = locationDay(document, watchedSince);
    const names = byDay.get(day) ?? new Set();
    byDay.set(day, names.add(`${document.documentId}|${pk}`));
    // The payout of a credit may be deleted without the credit.
    for (const payout of payoutsOf(document)) names.add(`${payout}|${pk}`);
  }
  for (const [day, names] of byDay) {
    const all = [...names].toSorted();
    for (let at = 0; at < all.length; at += MOST_NAMES) {
      await table.put(itemOf(day, all.slice(at, at + MOST_NAMES), retentionMs), "any");
    }
  }
}

export type DocumentLocation = {
  readonly document: Pick<
    ErpDocument,
    "documentId" | "createdAt" | "createdAtIsLatest" | "modifiedAt" | "settlement"
  >;
  /** The partition of the order's records. */
  readonly pk: string;
};

/** The day under which a document is noted; for an older document, the first watched day. */
function locationDay(
  { createdAt }: Pick<ErpDocument, "createdAt">,
  watchedSince: Instant | null,
): string {
  return (watchedSince !== null && watchedSince > createdAt ? watchedSince : createdAt).slice(
    0,
    10,
  );
}

/**
 * The days under which a document may be noted. Where the ERP tells only when it was made at the
 * latest, an earlier version may have been noted under one of the two days before.
 */
export function locationDays(
  document: Pick<ErpDocument, "createdAt" | "createdAtIsLatest">,
  watchedSince: Instant | null,
): readonly string[] {
  const day = locationDay(document, watchedSince);
  if (document.createdAtIsLatest !== true) return [day];
  const first = locationDay(
    { createdAt: after(document.createdAt, -UNSURE_DAYS * DAY_MS) },
    watchedSince,
  );
  return utcDays(`${first}T00:00:00.000Z`, `${day}T00:00:00.000Z`);
}

const DAY_MS = 86_400_000;
const UNSURE_DAYS = 2;

/** Partitions of the orders that had the documents created on this day, by document id. */
export async function locationsOn(
  table: Table,
  day: string,
): Promise<ReadonlyMap<string, Set<string>>> {
  const locations = new Map<string, Set<string>>();
  for (const item of await table.query(partition(day))) {
    for (const name of itemSchema.parse(item).documents) {
      const at = name.indexOf("|");
      const id = name.slice(0, at);
      locations.set(id, (locations.get(id) ?? new Set()).add(name.slice(at + 1)));
    }
  }
  return locations;
}

/** Partitions that had these documents, searched from the newest day: a deletion has only an id. */
export async function locationsOfIds(
  table: Table,
  ids: ReadonlySet<string>,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const day of utcDays(from, to).toReversed()) {
    if (found.size === ids.size) break;
    const locations = await locationsOn(table, day);
    for (const id of ids) {
      const partitions = locations.get(id);
      if (partitions !== undefined) found.set(id, partitions);
    }
  }
  return found;
}

/** The same page gives the same item, so a page that is committed again adds nothing. */
function itemOf(day: string, documents: readonly string[], retentionMs: number): Item {
  const hash = createHash("sha256").update(documents.join("\n")).digest("base64url");
  const expiresAt = Math.ceil((Date.parse(`${day}T00:00:00Z`) + retentionMs) / 1_000);
  return { pk: partition(day), sk: hash.slice(0, 12), documents, expiresAt };
}

function partition(day: string): string {
  return `homes#${day}`;
}

const MOST_NAMES = 400;
const itemSchema = z.object({ documents: z.array(z.string()) });

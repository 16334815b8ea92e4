import { createHash } from "node:crypto";

import * as z from "zod";

import type { ErpDocument } from "../../refund/observation/observation.ts";
import type { Instant } from "../../refund/time/instant.ts";
import { payoutsOf } from "../../refund/observation/live-documents.ts";
import { utcDays } from "../../refund/time/business-day.ts";
import type { Item, Table } from "../ports.ts";

/**
 * From a document's id to every order under which it was ever stored.
 *
 * A document that names another order after a correction, or that was deleted, must leave the match
 * it made: but a change shows only where it belongs now, and a deletion only an id. One item a page
 * lists what the page stored anew, under the day on which the documents were created, which no edit
 * changes; an item for each document would cost each refund one more write.
 */
export async function noteHomes(
  table: Table,
  homes: readonly Home[],
  {
    retentionMs,
    watchedSince,
  }: { readonly retentionMs: number; readonly watchedSince: Instant | null },
): Promise<void> {
  const byDay = new Map<string, Set<string>>();
  for (const { document, pk } of homes) {
    const day = homeDay(document, watchedSince);
    const names = byDay.get(day) ?? new Set();
    byDay.set(day, names.add(`${document.documentId}|${pk}`));
    // A payout of a credit may be deleted by itself.
    for (const payout of payoutsOf(document)) names.add(`${payout}|${pk}`);
  }
  for (const [day, names] of byDay) {
    const all = [...names].toSorted();
    for (let at = 0; at < all.length; at += MOST_NAMES) {
      await table.put(itemOf(day, all.slice(at, at + MOST_NAMES), retentionMs), "any");
    }
  }
}

export type Home = {
  readonly document: Pick<ErpDocument, "documentId" | "createdAt" | "modifiedAt" | "settlement">;
  /** The partition of the order's records. */
  readonly pk: string;
};

/** The day under which a document's homes are noted: an old one's under the first that was watched. */
export function homeDay(
  { createdAt }: Pick<ErpDocument, "createdAt">,
  watchedSince: Instant | null,
): string {
  return (watchedSince !== null && watchedSince > createdAt ? watchedSince : createdAt).slice(
    0,
    10,
  );
}

/** The partitions of the orders under which documents created on this day were stored, by id. */
export async function homesOn(
  table: Table,
  day: string,
): Promise<ReadonlyMap<string, Set<string>>> {
  const homes = new Map<string, Set<string>>();
  for (const item of await table.query(partition(day))) {
    for (const name of itemSchema.parse(item).documents) {
      const at = name.indexOf("|");
      const id = name.slice(0, at);
      homes.set(id, (homes.get(id) ?? new Set()).add(name.slice(at + 1)));
    }
  }
  return homes;
}

/** Where documents of these ids lived, searched from the newest day back: a deletion tells no more. */
export async function homesOfIds(
  table: Table,
  ids: ReadonlySet<string>,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const day of utcDays(from, to).toReversed()) {
    if (found.size === ids.size) break;
    const homes = await homesOn(table, day);
    for (const id of ids) {
      const partitions = homes.get(id);
      if (partitions !== undefined) found.set(id, partitions);
    }
  }
  return found;
}

/** The same page gives the same item: committed again after a crash, it adds nothing. */
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

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

import * as z from "zod";

import { PREFIXES } from "../../names.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { Unreadable } from "../../refund/policy.ts";
import { unreadableSchema } from "../../refund/tie-out/comparing/unreadable-documents.ts";
import type { RejectedRecord } from "../../systems/source.ts";
import type { Item, Objects, Table } from "../ports.ts";
import type { Source } from "./source-state.ts";

/** An entry in the list of records that could not be read. */
export type Quarantined = {
  readonly source: Source;
  readonly name: string;
  readonly reason: string;
  /** First and last seen unreadable. */
  readonly since: Instant;
  readonly seenAt: Instant;
  /** The source must be read from this time to find it again: the beginning of its window. */
  readonly from: Instant;
  /** What could be read of an ERP document; null for a record of the storefront. */
  readonly mayBe: Unreadable | null;
};

/**
 * The name under which a rejected record is stored: its own id when the source can be asked for it,
 * otherwise a hash. An id that is very long, or that is broken text, cannot be used in a key.
 */
export function quarantineName(one: Pick<RejectedRecord, "id" | "raw" | "again">): string {
  const { id, raw } = one;
  if (id !== null && againRef(one) !== null) return id;
  const hash = createHash("sha256").update(raw.toWellFormed()).digest("hex").slice(0, 16);
  return id === null ? `unnamed-${hash}` : `odd-${hash}`;
}

/** Whether the source cannot be asked for the record with this name. */
export function isNameless(name: string): boolean {
  return /^(?:unnamed|odd)-/.test(name);
}

/** The id with which to read the record again; null when no usable id is known. */
export function againRef({ id, again = id }: Pick<RejectedRecord, "id" | "again">): string | null {
  return again !== null && PLAIN_ID.test(again) ? again : null;
}

/** Writes the raw record first: an entry without its raw record would be useless. */
export async function quarantine(
  to: { readonly table: Table; readonly objects: Objects },
  { source, since: from }: { readonly source: Source; readonly since: Instant },
  rejected: RejectedRecord,
  now: Instant,
): Promise<void> {
  const name = quarantineName(rejected);
  const raw = `${PREFIXES.quarantine}${source}/${encodeURIComponent(name)}.json.gz`;
  await to.objects.put(raw, gzipSync(rejected.raw), "application/json");
  const key = { pk: PARTITION, sk: `${source}#${name}` };
  const before = await to.table.get(key);
  const known = before === null ? null : entryOf(before);
  const since = known?.since ?? now;
  const first = known !== null && known.from < from ? known.from : from;
  const mayBe = source === "erp" ? { since, ...(rejected.mayBe ?? NOTHING_READ) } : null;
  const reason = rejected.reason.toWellFormed().slice(0, 500);
  const entry = { source, reason, since, seenAt: now, from: first, raw };
  await to.table.put({ ...key, ...entry, mayBe: JSON.stringify(mayBe) }, "any");
}

export async function release(table: Table, source: Source, name: string): Promise<void> {
  await table.remove({ pk: PARTITION, sk: `${source}#${name}` });
}

export async function readQuarantine(table: Table): Promise<readonly Quarantined[]> {
  return (await table.query(PARTITION, { consistent: true })).map(entryOf);
}

function entryOf(item: Item): Quarantined {
  const { sk, mayBe, ...entry } = entrySchema.parse(item);
  const parsed: unknown = JSON.parse(mayBe);
  return {
    ...entry,
    name: sk.slice(entry.source.length + 1),
    mayBe: unreadableSchema.nullable().parse(parsed),
  };
}

const PARTITION = "quarantine";
const PLAIN_ID = /^[\w:.-]{1,120}$/;
const NOTHING_READ = { references: [], currency: null, total: null };

const entrySchema = z.object({
  sk: z.string(),
  source: z.enum(["storefront", "erp"]),
  reason: z.string(),
  since: z.string(),
  seenAt: z.string(),
  from: z.string(),
  mayBe: z.string(),
});

import { EXCEPTION_STATUSES } from "../refund/sync-record.ts";
import * as z from "zod";

import { pairLoose } from "../refund/circumstantial.ts";
import type { ErpDocument } from "../refund/observation.ts";
import type { Resolution, SyncRecord } from "../refund/sync-record.ts";
import type { Rules } from "./commit-page.ts";
import { loosePartition } from "./loose-documents.ts";
import { orderKey, planOrder, readCollection } from "./order-book.ts";
import type { RecordChange } from "./order-book.ts";
import type { Item, Key, Table } from "./ports.ts";
import { changedItem, resolutionsOf, storedRecord } from "./record-item.ts";
import type { StoredRecord } from "./record-item.ts";

/**
 * Rule 5 over one collection: refunds that found no document, and documents that name no order, of
 * one currency and amount. The whole collection is paired anew each time, so the order in which its
 * members came does not matter and a second equal candidate undoes a link that was unique before.
 */
export type CollectionPlan = {
  readonly pk: string;
  /** The collection as it is now: the refunds that look here and the documents. */
  readonly records: readonly SyncRecord[];
  readonly changes: readonly RecordChange[];
  /** Notes of refunds that look no more. */
  readonly gone: readonly Key[];
};

/** A refund past its time without a document: circumstance may know one. */
export function looksByCircumstance({ refund, documents, status }: SyncRecord): boolean {
  return refund !== null && documents.length === 0 && EXCEPTION_STATUSES.has(status);
}

/** Where this refund looks for a document, as notes to put beside the documents there. */
export function lookingFor(record: SyncRecord): Item[] {
  const { refund } = record;
  if (refund === null || record.order === null) return [];
  const amounts = [
    { currency: refund.currency, settled: refund.settled },
    ...(refund.presentment === null ? [] : [refund.presentment]),
  ];
  return amounts.map(({ currency, settled }) => ({
    pk: loosePartition(currency, settled),
    sk: record.id,
    order: record.order ?? "",
  }));
}

export async function planCollection(
  table: Table,
  pk: string,
  rules: Rules,
  /** What a person says now, by document; what was said before is with the documents. */
  words: ReadonlyMap<string, Resolution> = new Map(),
): Promise<CollectionPlan> {
  const items = await table.query(pk, { consistent: true });
  const kept = items.filter(({ sk }) => sk.startsWith("document:")).map(storedRecord);
  const notes = items
    .filter(({ sk }) => sk.startsWith("refund:"))
    .map((item) => noteSchema.parse(item));
  const lookers: Looker[] = [];
  const gone: Key[] = [];
  for (const note of notes) {
    const looker = await lookerFor(table, note, rules);
    if (looker === null) gone.push({ pk: note.pk, sk: note.sk });
    else lookers.push(looker);
  }
  const documents = kept.flatMap((stored) => stored.documents);
  const refunds = lookers.map(({ record }) => record);
  const resolutions = new Map([...resolutionsOf(kept), ...words]);
  const paired = pairLoose({ refunds, documents, resolutions }, rules.policy, rules.horizon);
  const byId = new Map(paired.map((record) => [record.id, record]));
  return {
    pk,
    records: paired,
    gone,
    changes: [
      ...lookers
        .filter(({ record, stored }) => isOurs(byId.get(record.id), stored, pk))
        .flatMap(({ record, stored }) =>
          change(byId.get(record.id) ?? record, stored, { pk: stored.key.pk, loose: pk }, rules),
        ),
      ...kept.flatMap((stored) =>
        change(byId.get(stored.key.sk) ?? taken(stored, rules), stored, { pk, loose: null }, rules),
      ),
    ],
  };
}

export async function writeCollection(table: Table, plan: CollectionPlan): Promise<boolean> {
  for (const { item, before } of plan.changes) {
    if (!(await table.put(item, before?.version ?? 0))) return false;
  }
  for (const key of plan.gone) await table.remove(key);
  return true;
}

type Looker = { readonly record: SyncRecord; readonly stored: StoredRecord };

/** A refund in two currencies looks in two collections; the one that found nothing has no say. */
function isOurs(paired: SyncRecord | undefined, stored: StoredRecord, pk: string): boolean {
  return stored.loose === null || stored.loose === pk || (paired?.documents.length ?? 0) > 0;
}

/** The refund as its own order tells it, without what circumstance found before. */
async function lookerFor(
  table: Table,
  note: { readonly sk: string; readonly order: string },
  rules: Rules,
): Promise<Looker | null> {
  const collection = await readCollection(table, orderKey(note.order), true);
  const stored = collection.find(({ key }) => key.sk === note.sk);
  if (stored === undefined) return null;
  const alone = collection.map((one) => ({ ...one, loose: null, ambiguous: [] }));
  const { records } = planOrder({ order: note.order, stored: alone, seen: [], ...rules });
  const record = records.find(({ id }) => id === note.sk);
  const looks = record !== undefined && record.refund !== null && record.documents.length === 0;
  return looks ? { record, stored } : null;
}

/** A document that a refund's record holds now: its own item says only that it is accounted for. */
function taken(stored: StoredRecord, { policy, horizon }: Rules): SyncRecord {
  const documents: readonly ErpDocument[] = stored.documents;
  const [alone] = pairLoose({ refunds: [], documents }, policy, horizon);
  if (alone === undefined) throw new Error(`${stored.key.sk} holds no document`);
  return { ...alone, status: "matched", mismatches: [], openedAt: null, dueAt: null };
}

function change(
  record: SyncRecord,
  stored: StoredRecord,
  at: { readonly pk: string; readonly loose: string | null },
  { retentionMs }: Rules,
): RecordChange[] {
  const item = changedItem(record, at, stored, retentionMs);
  return item === null ? [] : [{ record, before: stored, item }];
}

const noteSchema = z.object({ pk: z.string(), sk: z.string(), order: z.string() });

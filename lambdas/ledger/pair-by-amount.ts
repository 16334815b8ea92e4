import { amountPartition, orderPartition } from "./keys.ts";
import { isDocumentRecord, isRefundRecord } from "../refund/record/record-id.ts";
import { amountKeys } from "../refund/observation/amount-key.ts";
import pLimit from "p-limit";
import * as z from "zod";

import { EXCEPTION_STATUSES } from "../refund/record/sync-record.ts";
import { pairByCircumstance } from "../refund/tie-out/pair-by-circumstance.ts";
import { clockStart } from "../refund/observation/refund-figures.ts";
import type { ErpDocument } from "../refund/observation/observation.ts";
import type { Resolution, SyncRecord } from "../refund/record/sync-record.ts";
import type { Rules } from "./rules.ts";
import { planOrder, readCollection } from "./order-records.ts";
import type { RecordChange } from "./order-records.ts";
import type { Item, Key, Table } from "./ports.ts";
import { changedItem, resolutionsOf, storedRecord } from "./store/record-item.ts";
import type { StoredRecord } from "./store/record-item.ts";

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
  /** How many refunds were too many to be looked at one by one; null when they were. */
  readonly tooMany: number | null;
};

/** A refund past its time without a document: circumstance may know one. */
export function mayPairByCircumstance({ refund, documents, status }: SyncRecord): boolean {
  return refund !== null && documents.length === 0 && EXCEPTION_STATUSES.has(status);
}

/** Where this refund looks for a document, as notes to put beside the documents there. */
export function searchNotes(record: SyncRecord): Item[] {
  const { refund, order } = record;
  if (refund === null || order === null) return [];
  return amountKeys(refund).map((key) => ({
    pk: amountPartition(key),
    sk: record.id,
    order,
    at: clockStart(refund),
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
  const kept = items.filter(({ sk }) => isDocumentRecord(sk)).map(storedRecord);
  const notes = items.filter(({ sk }) => isRefundRecord(sk)).map((item) => noteSchema.parse(item));
  const near = notes.filter((note) => isNear(note, kept, rules));
  if (near.length > MOST_LOOKERS) return tooLarge(pk, kept, near.length, rules, words);
  const limit = pLimit(AT_ONCE);
  const looked = await limit.map(near, async (note) => ({
    note,
    looker: await searchingRefund(table, note, rules),
  }));
  const lookers = looked.flatMap(({ looker }) => looker ?? []);
  const gone = looked.flatMap(({ note, looker }) =>
    looker === null ? [{ pk: note.pk, sk: note.sk }] : [],
  );
  const documents = kept.flatMap((stored) => stored.documents);
  const refunds = lookers.map(({ record }) => record);
  const resolutions = new Map([...resolutionsOf(kept), ...words]);
  const paired = pairByCircumstance(
    { refunds, documents, resolutions },
    rules.policy,
    rules.horizon,
  );
  const byId = new Map(paired.map((record) => [record.id, record]));
  return {
    pk,
    records: paired,
    gone,
    tooMany: null,
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

/** Only a refund within the window of a document that lies here can be its own. */
function isNear(
  { at }: { readonly at: string },
  kept: readonly StoredRecord[],
  { policy }: Rules,
): boolean {
  const time = Date.parse(at);
  return kept.some(({ documents }) =>
    documents.some(({ createdAt }) => Math.abs(Date.parse(createdAt) - time) <= policy.windowMs),
  );
}

/**
 * More refunds of one amount than can be looked at: equal candidates by the hundred are ambiguous
 * whatever else they are. The documents are told without them, except those that a refund holds.
 */
function tooLarge(
  pk: string,
  kept: readonly StoredRecord[],
  lookers: number,
  rules: Rules,
  words: ReadonlyMap<string, Resolution>,
): CollectionPlan {
  const free = kept.filter(({ status }) => status !== "matched");
  const documents = free.flatMap((stored) => stored.documents);
  const resolutions = new Map([...resolutionsOf(free), ...words]);
  const alone = pairByCircumstance(
    { refunds: [], documents, resolutions },
    rules.policy,
    rules.horizon,
  );
  const byId = new Map(alone.map((record) => [record.id, record]));
  return {
    pk,
    records: alone,
    gone: [],
    tooMany: lookers,
    changes: free.flatMap((stored) => {
      const record = byId.get(stored.key.sk);
      return record === undefined ? [] : change(record, stored, { pk, loose: null }, rules);
    }),
  };
}

type SearchingRefund = { readonly record: SyncRecord; readonly stored: StoredRecord };

/** A refund in two currencies looks in two collections; the one that found nothing has no say. */
function isOurs(paired: SyncRecord | undefined, stored: StoredRecord, pk: string): boolean {
  return stored.loose === null || stored.loose === pk || (paired?.documents.length ?? 0) > 0;
}

/** The refund as its own order tells it, without what circumstance found before. */
async function searchingRefund(
  table: Table,
  note: { readonly sk: string; readonly order: string },
  rules: Rules,
): Promise<SearchingRefund | null> {
  const collection = await readCollection(table, orderPartition(note.order), true);
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
  const [alone] = pairByCircumstance({ refunds: [], documents }, policy, horizon);
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

const noteSchema = z.object({ pk: z.string(), sk: z.string(), order: z.string(), at: z.string() });
const AT_ONCE = 12;
const MOST_LOOKERS = 400;

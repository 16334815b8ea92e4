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
 * Rule 5 for one collection: refunds without a document, and documents that name no order, with the
 * same currency and amount. The whole collection is paired again each time. So the order of arrival
 * does not matter, and a second equal candidate removes a link that was unique before.
 */
export type CollectionPlan = {
  readonly pk: string;
  /** The collection as it is now: the refunds that search here, and the documents. */
  readonly records: readonly SyncRecord[];
  readonly changes: readonly RecordChange[];
  /** Notes of refunds that no longer search. */
  readonly gone: readonly Key[];
  /** Number of refunds when there are too many to evaluate; null when all were evaluated. */
  readonly tooMany: number | null;
  /** Collections whose document a refund gave back, because it found one here. */
  readonly released: readonly string[];
};

/** Whether rule 5 may find a document: the refund is an exception without a document. */
export function mayPairByCircumstance({ refund, documents, status }: SyncRecord): boolean {
  return refund !== null && documents.length === 0 && EXCEPTION_STATUSES.has(status);
}

/** Notes that this refund searches for a document, one for each amount where it may be. */
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
  /** New resolutions by a person, by document; earlier ones are stored with the documents. */
  newResolutions: ReadonlyMap<string, Resolution> = new Map(),
  /** A document has left: a refund that was paired with it is not near to what remains. */
  isVacated = false,
): Promise<CollectionPlan> {
  const items = await table.query(pk, { consistent: true });
  const kept = items.filter(({ sk }) => isDocumentRecord(sk)).map(storedRecord);
  const notes = items.filter(({ sk }) => isRefundRecord(sk)).map((item) => noteSchema.parse(item));
  const near = notes.filter((note) => isVacated || isNear(note, kept, rules));
  if (near.length > MOST_SEARCHING) return tooLarge(pk, kept, near.length, rules, newResolutions);
  const limit = pLimit(AT_ONCE);
  const results = await limit.map(near, async (note) => ({
    note,
    looker: await searchingRefund(table, note, rules),
  }));
  const searchingRefunds = results
    .flatMap(({ looker }) => looker ?? [])
    .filter(({ stored }) => !isPairedBefore(stored, pk));
  const gone = results.flatMap(({ note, looker }) =>
    looker === null ? [{ pk: note.pk, sk: note.sk }] : [],
  );
  const documents = kept.flatMap((stored) => stored.documents);
  const refunds = searchingRefunds.map(({ record }) => record);
  const resolutions = new Map([...resolutionsOf(kept), ...newResolutions]);
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
    released: searchingRefunds.flatMap(({ record, stored }) =>
      stored.loose !== null &&
      stored.loose !== pk &&
      stored.documents.length > 0 &&
      (byId.get(record.id)?.documents.length ?? 0) > 0
        ? [stored.loose]
        : [],
    ),
    changes: [
      ...searchingRefunds
        .filter(({ record, stored }) => mayChange(byId.get(record.id), stored, pk))
        .flatMap(({ record, stored }) =>
          change(byId.get(record.id) ?? record, stored, { pk: stored.key.pk, loose: pk }, rules),
        ),
      ...kept.flatMap((stored) =>
        change(
          byId.get(stored.key.sk) ?? accountedFor(stored, rules),
          stored,
          { pk, loose: null },
          rules,
        ),
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

/** Only a refund within the matching window of a document in this collection can belong to it. */
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
 * The plan when too many refunds of one amount search: hundreds of equal candidates are ambiguous
 * in any case. The documents are evaluated without the refunds, except documents that a refund has.
 */
function tooLarge(
  pk: string,
  kept: readonly StoredRecord[],
  searchingRefunds: number,
  rules: Rules,
  newResolutions: ReadonlyMap<string, Resolution>,
): CollectionPlan {
  const free = kept.filter(({ status }) => status !== "matched");
  const documents = free.flatMap((stored) => stored.documents);
  const resolutions = new Map([...resolutionsOf(free), ...newResolutions]);
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
    released: [],
    tooMany: searchingRefunds,
    changes: free.flatMap((stored) => {
      const record = byId.get(stored.key.sk);
      return record === undefined ? [] : change(record, stored, { pk, loose: null }, rules);
    }),
  };
}

type SearchingRefund = { readonly record: SyncRecord; readonly stored: StoredRecord };

/**
 * A refund may search in several collections: in two currencies, or for a part and for the whole. The
 * first of them in the order of their keys has it, as in `pairByCircumstance`.
 */
function isPairedBefore({ loose, documents }: StoredRecord, pk: string): boolean {
  return loose !== null && loose < pk && documents.length > 0;
}

/**
 * A refund in two currencies searches in two collections. A collection that found nothing must not
 * overwrite the result of the other one.
 */
function mayChange(paired: SyncRecord | undefined, stored: StoredRecord, pk: string): boolean {
  return stored.loose === null || stored.loose === pk || (paired?.documents.length ?? 0) > 0;
}

/** The refund as its own order's rules evaluate it, without an earlier result of rule 5. */
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
  const stillSearches =
    record !== undefined && record.refund !== null && record.documents.length === 0;
  return stillSearches ? { record, stored } : null;
}

/** A document that is now part of a refund's record: its own item only has the status `matched`. */
function accountedFor(stored: StoredRecord, { policy, horizon }: Rules): SyncRecord {
  const documents: readonly ErpDocument[] = stored.documents;
  const [alone] = pairByCircumstance({ refunds: [], documents }, policy, horizon);
  if (alone === undefined) throw new Error(`${stored.key.sk} has no document`);
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
const MOST_SEARCHING = 400;

import { amountPartition, namedPartition, placeOfDocument } from "./keys.ts";
import { documentRecordId } from "../refund/record/record-id.ts";
import type { Rules } from "./rules.ts";
import * as z from "zod";

import { unsignedAmountKey, pairByCircumstance } from "../refund/tie-out/pair-by-circumstance.ts";
import type { ErpDocument, StorefrontRefund } from "../refund/observation/observation.ts";
import { namesOfRefund, statedIds } from "../refund/observation/refund-id.ts";
import { laterDocument } from "../refund/observation/newest.ts";
import { refundIdsOf } from "../refund/observation/refund-id.ts";
import { weakOrderOf } from "../refund/observation/order-reference.ts";
import type { SyncRecord } from "../refund/record/sync-record.ts";
import type { Policy } from "../refund/policy.ts";
import type { DueEntry } from "./store/due.ts";
import type { Item, Key, Table } from "./ports.ts";
import { changedItem, resolutionsOf, storedRecord } from "./store/record-item.ts";

/**
 * Documents that name no order are stored by currency and amount. A refund without a document
 * searches there. Each document also has a note that says where it is stored and, for each text
 * that may be the id of a refund, a pointer under that id.
 */
export type DocumentPlan = {
  readonly record: SyncRecord;
  readonly item: Item;
  readonly expected: number;
  readonly pointers: readonly Item[];
  /** Key of the document before its amount or currency was edited. */
  readonly movedFrom: Key | null;
  readonly due: readonly DueEntry[];
};

/** Null when nothing about the document changed. */
export async function planDocument(
  table: Table,
  document: ErpDocument,
  rules: Rules,
): Promise<DocumentPlan | null> {
  const home = {
    pk: amountPartition(unsignedAmountKey(document.currency, document.total)),
    sk: documentSk(document),
  };
  const item = await table.get(home);
  const stored = item === null ? null : storedRecord(item);
  const known = stored?.documents[0];
  const newest = known === undefined ? document : laterDocument(known, document);
  if (known !== undefined && JSON.stringify(known) === JSON.stringify(newest)) return null;
  const resolutions = resolutionsOf(stored === null ? [] : [stored]);
  const alone = { refunds: [], documents: [newest], resolutions };
  const [record] = pairByCircumstance(alone, rules.policy, rules.horizon);
  if (record === undefined) return null;
  const changed = changedItem(record, { pk: home.pk, loose: null }, stored, rules.retentionMs);
  if (changed === null) return null;
  return {
    record,
    item: changed,
    expected: stored?.version ?? 0,
    pointers: pointersTo(home, newest, rules.policy),
    movedFrom: await previousPartition(table, newest, home),
    due: [
      { record: home, at: rules.now },
      ...(record.dueAt === null ? [] : [{ record: home, at: record.dueAt }]),
    ],
  };
}

/**
 * Writes the pointers first: a pointer to nothing is ignored, but a document without a pointer is
 * never found.
 */
export async function writeDocument(table: Table, plan: DocumentPlan): Promise<boolean> {
  for (const pointer of plan.pointers) await table.put(pointer, "any");
  const written = await table.put(plan.item, plan.expected);
  if (written && plan.movedFrom !== null) await table.remove(plan.movedFrom);
  return written;
}

/**
 * Documents in other partitions that contain the id of this refund, or the id or number of its
 * order, each with its partition.
 */
export async function documentsNaming(
  table: Table,
  refund: Pick<StorefrontRefund, "refundId" | "refundNumber" | "orderId">,
  order: string,
): Promise<readonly FoundDocument[]> {
  const { refundId, orderId } = refund;
  const names = new Set([refundId, ...namesOfRefund(refund), orderId, sourceNumberName(order)]);
  const pointers = await Promise.all(
    [...names].map(async (name) => table.query(namedPartition(name))),
  );
  const items = await Promise.all(
    pointers
      .flat()
      .map(async (pointer) => table.get({ pk: pointerSchema.parse(pointer).home, sk: pointer.sk })),
  );
  return items.flatMap((item) => {
    if (item === null) return [];
    const { documents } = storedRecord(item);
    return documents.map((document) => ({ document, pk: item.pk }));
  });
}

export type FoundDocument = { readonly document: ErpDocument; readonly pk: string };

/**
 * Pointers to a document that is stored with the order it names, but states the id of a refund or an
 * order that is not this one. The refund finds the document by such a pointer.
 */
export function pointersFromOrder(document: ErpDocument, pk: string): readonly Item[] {
  const ids = statedIds(document).slice(0, MOST_POINTERS);
  return ids.map((id) => ({ pk: namedPartition(id), sk: documentSk(document), home: pk }));
}

/** Pointers to a document that moves to this order, because a refund of the order holds it. */
export function pointersToOrder(document: ErpDocument, pk: string): readonly Item[] {
  const home = { ...placeOfDocument(document.documentId), home: pk };
  return [home, ...pointersFromOrder(document, pk)];
}

/** The partition in a pointer to this document; null when it has no pointer. */
export async function partitionInPointer(
  table: Table,
  document: ErpDocument,
): Promise<string | null> {
  for (const id of statedIds(document).slice(0, MOST_POINTERS)) {
    const pointer = await table.get({ pk: namedPartition(id), sk: documentSk(document) });
    if (pointer !== null) return pointerSchema.parse(pointer).home;
  }
  return null;
}

/** Key of a document that names no order; null when it has always named one. */
export async function partitionOfDocument(table: Table, documentId: string): Promise<Key | null> {
  const note = await table.get(placeOfDocument(documentId));
  return note === null
    ? null
    : { pk: pointerSchema.parse(note).home, sk: documentRecordId(documentId) };
}

async function previousPartition(
  table: Table,
  document: ErpDocument,
  home: Key,
): Promise<Key | null> {
  const before = await partitionOfDocument(table, document.documentId);
  return before === null || before.pk === home.pk ? null : before;
}

function pointersTo(home: Key, document: ErpDocument, policy: Policy): Item[] {
  const weak = weakOrderOf(document, policy);
  const names = [
    ...(weak === null ? [] : [sourceNumberName(weak)]),
    ...refundIdsOf(document).slice(0, MOST_POINTERS),
  ];
  return [
    { ...placeOfDocument(document.documentId), home: home.pk },
    ...names.map((name) => ({ pk: namedPartition(name), sk: home.sk, home: home.pk })),
  ];
}

/** Pointer name for an order number that may be only the ERP's own number of a source document. */
function sourceNumberName(order: string): string {
  return `source-${order}`;
}

function documentSk({ documentId }: ErpDocument): string {
  return documentRecordId(documentId);
}

const MOST_POINTERS = 6;
const pointerSchema = z.object({ home: z.string() });

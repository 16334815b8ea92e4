import { amountPartition, orderPartition } from "./keys.ts";
import type {
  ErpDocument,
  Observation,
  StorefrontRefund,
} from "../refund/observation/observation.ts";
import type { Instant } from "../refund/time/instant.ts";
import { pairByCircumstance } from "../refund/tie-out/pair-by-circumstance.ts";
import { laterDocument, laterRefund } from "../refund/observation/newest.ts";
import { amountKey } from "../refund/observation/amount-key.ts";
import { amountKeys } from "../refund/observation/amount-key.ts";
import { orderOf, weakOrderOf } from "../refund/observation/order-reference.ts";
import { namesOfRefund, refundIdsOf } from "../refund/observation/refund-id.ts";
import { EXCEPTION_STATUSES } from "../refund/record/sync-record.ts";
import type { SyncRecord } from "../refund/record/sync-record.ts";
import type { Policy } from "../refund/policy.ts";
import { tieOut } from "../refund/tie-out/tie-out.ts";
import { orderOfRefund } from "../refund/observation/order-reference.ts";
import type { Item, Key, Table } from "./ports.ts";
import { changedItem, resolutionsOf, storedRecord } from "./store/record-item.ts";
import type { StoredRecord } from "./store/record-item.ts";

/** The order an observation belongs to, normalised; null for a document that names none. */
export function orderNamedBy(seen: Observation, policy: Policy): string | null {
  return seen.role === "erp" ? orderOf(seen, policy) : orderOfRefund(seen, policy);
}

export async function readCollection(
  table: Table,
  pk: string,
  consistent = false,
): Promise<readonly StoredRecord[]> {
  const items = await table.query(pk, { consistent });
  return items.map(storedRecord);
}

/** The changes to one order's items after new observations. */
export type OrderPlan = {
  readonly order: string;
  readonly records: readonly SyncRecord[];
  readonly changes: readonly RecordChange[];
  /**
   * Keys to remove: documents that had their own item and are now part of their refund's item, and
   * notes of refunds that no longer search.
   */
  readonly absorbed: readonly Key[];
};

export type RecordChange = {
  readonly record: SyncRecord;
  readonly before: StoredRecord | null;
  readonly item: Item;
};

export function planOrder(input: {
  readonly order: string;
  readonly stored: readonly StoredRecord[];
  readonly seen: readonly Observation[];
  /** Documents that belong to another order now, by id. */
  readonly gone?: ReadonlySet<string>;
  readonly policy: Policy;
  /** Both sources are complete through this instant: nothing later is called missing. */
  readonly horizon: Instant;
  readonly retentionMs: number;
}): OrderPlan {
  const { order, stored, seen, gone, policy, horizon, retentionMs } = input;
  const refunds = newestById(
    [...stored.flatMap(({ refund }) => refund ?? []), ...seen.filter(isRefund)],
    ({ refundId }) => refundId,
    laterRefund,
  );
  const documents = newestById(
    [...stored.flatMap(({ documents: kept }) => kept), ...seen.filter(isDocument)],
    ({ documentId }) => documentId,
    laterDocument,
  ).filter(
    (document) =>
      gone?.has(document.documentId) !== true && namesOrderOrRefund(document, refunds, policy),
  );

  const resolutions = resolutionsOf(stored);
  const before = new Map(stored.map((record) => [record.key.sk, record]));
  const records = tieOut({ order, refunds, documents, resolutions }, policy, horizon).map(
    (record) => withCircumstance(record, before.get(record.id), policy, horizon),
  );
  const changes = records.flatMap((record): RecordChange[] => {
    const previous = before.get(record.id) ?? null;
    const at = {
      pk: orderPartition(order),
      loose: stillSearches(record, policy) ? (previous?.loose ?? null) : null,
    };
    const item = changedItem(record, at, previous, retentionMs);
    return item === null ? [] : [{ record, before: previous, item }];
  });
  const kept = new Set(records.map(({ id }) => id));
  const absorbed = [
    ...stored.filter(({ key }) => !kept.has(key.sk)).map(({ key }) => key),
    ...changes.flatMap(({ record, before: previous }) => notesToRemove(record, previous)),
  ];
  return { order, records, changes, absorbed };
}

/**
 * Keeps the document that rule 5 found for this refund while the order's own rules find nothing
 * better. When the collection of equal amounts changes, the watch evaluates it again as a whole.
 */
function withCircumstance(
  record: SyncRecord,
  stored: StoredRecord | undefined,
  policy: Policy,
  horizon: Instant,
): SyncRecord {
  if (stored === undefined || stored.loose === null) return record;
  if (record.refund === null || record.documents.length > 0) return record;
  const found = stored.documents.filter((document) => orderOf(document, policy) === null);
  const paired = pairByCircumstance({ refunds: [record], documents: found }, policy, horizon);
  const again = found.length === 0 ? record : paired.find(({ id }) => id === record.id);
  const ambiguous = [...new Set([...record.ambiguous, ...stored.ambiguous])];
  return { ...(again ?? record), ambiguous };
}

/** Search notes that are no longer needed, because the refund's own order has found a document. */
function notesToRemove({ id, documents }: SyncRecord, previous: StoredRecord | null): Key[] {
  const refund = previous?.refund ?? null;
  const searched = previous !== null && refund !== null && EXCEPTION_STATUSES.has(previous.status);
  if (!searched || previous.documents.length > 0 || documents.length === 0) return [];
  return amountKeys(refund).map((key) => ({ pk: amountPartition(key), sk: id }));
}

/** A refund searches by amount as long as no document names the refund or its order. */
function stillSearches({ documents, refund }: SyncRecord, policy: Policy): boolean {
  const refunds = refund === null ? [] : [refund];
  return !documents.some((document) => namesOrderOrRefund(document, refunds, policy));
}

/** False for a document found by circumstance: the order's rules do not use it. */
export function namesOrderOrRefund(
  document: ErpDocument,
  refunds: readonly StorefrontRefund[],
  policy: Policy,
): boolean {
  if (orderOf(document, policy) !== null) return true;
  const ids = refundIdsOf(document);
  const isNamed = (refund: StorefrontRefund): boolean =>
    [refund.refundId, refund.orderId, ...namesOfRefund(refund)].some((name) => ids.includes(name));
  if (refunds.some(isNamed)) return true;
  const weak = weakOrderOf(document, policy);
  const key = amountKey(document.currency, document.total);
  return refunds.some(
    (refund) => orderOfRefund(refund, policy) === weak && amountKeys(refund).includes(key),
  );
}

/**
 * Writes the refund records first and then removes the documents that are now part of them. After a
 * crash in between, a document is stored twice; the next plan finds and removes it. In the opposite
 * order the document would be lost.
 *
 * @returns false when another run wrote one of the records since they were read
 */
export async function writePlan(table: Table, plan: OrderPlan): Promise<boolean> {
  for (const { item, before } of plan.changes) {
    if (!(await table.put(item, before?.version ?? 0))) return false;
  }
  for (const key of plan.absorbed) await table.remove(key);
  return true;
}

function newestById<Seen>(
  all: readonly Seen[],
  idOf: (seen: Seen) => string,
  newest: (known: Seen, read: Seen) => Seen,
): Seen[] {
  const byId = new Map<string, Seen>();
  for (const seen of all) {
    const known = byId.get(idOf(seen));
    byId.set(idOf(seen), known === undefined ? seen : newest(known, seen));
  }
  return [...byId.values()];
}

function isRefund(seen: Observation): seen is StorefrontRefund {
  return seen.role === "storefront";
}

function isDocument(seen: Observation): seen is ErpDocument {
  return seen.role === "erp";
}

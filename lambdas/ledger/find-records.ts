import { isAmountPartition, orderPartition } from "./keys.ts";
import { documentRecordId, platformIdIn, refundRecordId } from "../refund/record/record-id.ts";
import { after } from "../refund/time/instant.ts";
import { normaliseOrder } from "../refund/observation/order-number.ts";
import type { Instant } from "../refund/time/instant.ts";
import type { SyncRecord } from "../refund/record/sync-record.ts";
import type { Policy } from "../refund/policy.ts";
import { utcDays } from "../refund/time/business-day.ts";
import { readDecisions } from "./store/event-log.ts";
import { partitionOfDocument } from "./documents-without-order.ts";
import type { Item, Key, Stores } from "./ports.ts";
import { storedRecord } from "./store/record-item.ts";
import { reevaluateStored } from "./reevaluate.ts";

/**
 * The records of an order, or the record with this id (of a refund or an ERP document), evaluated
 * as of an instant; empty when there is none.
 *
 * Records are stored by order, so an order number is read directly. An id is searched among the
 * open records and then in the last 35 days of the log, the newest day first.
 */
export async function findRecords(
  stores: Stores,
  wanted: string,
  policy: Policy,
  at: Instant,
): Promise<readonly FoundRecord[]> {
  const order = normaliseOrder(wanted, policy.orderPrefixes);
  const ofOrder = order === null ? [] : await collection(stores, orderPartition(order), policy, at);
  if (ofOrder.length > 0) return ofOrder;
  const key = await keyOf(stores, idsOf(wanted), at);
  if (key === null) return [];
  const items = await stores.table.query(key.pk, { consistent: true });
  const own = items.find(({ sk }) => sk === key.sk);
  if (own !== undefined && isAmountPartition(key.pk) && own["status"] === "matched") {
    const holders = await recordsWithDocument(stores, items, key.sk, policy, at);
    // A document that is void or reversed is matched without a refund.
    if (holders.length > 0) return holders;
  }
  return recordsAmong(items, key.pk, policy, at).filter(({ record }) => record.id === key.sk);
}

/** The record that has this document, among the orders whose refunds search in its partition. */
async function recordsWithDocument(
  stores: Stores,
  partitionItems: readonly Item[],
  documentKey: string,
  policy: Policy,
  at: Instant,
): Promise<readonly FoundRecord[]> {
  const orders = new Set(
    partitionItems.flatMap(({ order }) => (typeof order === "string" ? order : [])),
  );
  for (const order of orders) {
    const found = await collection(stores, orderPartition(order), policy, at);
    const holders = found.filter(({ record }) =>
      record.documents.some(({ documentId }) => documentRecordId(documentId) === documentKey),
    );
    if (holders.length > 0) return holders;
  }
  return [];
}

export type FoundRecord = { readonly key: Key; readonly record: SyncRecord };

async function collection(
  { table }: Stores,
  pk: string,
  policy: Policy,
  at: Instant,
): Promise<FoundRecord[]> {
  return recordsAmong(await table.query(pk, { consistent: true }), pk, policy, at);
}

function recordsAmong(
  items: readonly Item[],
  pk: string,
  policy: Policy,
  at: Instant,
): FoundRecord[] {
  // The partition of an amount also has notes of refunds that search for a document.
  const stored = items.filter((item) => item["sides"] !== undefined).map(storedRecord);
  return reevaluateStored(stored, policy, at).map((record) => ({
    key: { pk, sk: record.id },
    record,
  }));
}

function idsOf(wanted: string): ReadonlySet<string> {
  return new Set([wanted, refundRecordId(wanted), documentRecordId(wanted)]);
}

async function keyOf(stores: Stores, ids: ReadonlySet<string>, at: Instant): Promise<Key | null> {
  const open = (await stores.table.queryOpen()).find(({ sk }) => ids.has(sk));
  if (open !== undefined) return { pk: open.pk, sk: open.sk };
  const from = after(at, -LOG_DAYS * DAY_MS);
  for (const day of utcDays(from, at).toReversed()) {
    const decision = (await readDecisions(stores.objects, [day])).findLast(({ recordId }) =>
      ids.has(recordId),
    );
    if (decision === undefined) continue;
    if (decision.order !== null)
      return { pk: orderPartition(decision.order), sk: decision.recordId };
    return partitionOfDocument(stores.table, platformIdIn(decision.recordId));
  }
  return null;
}

const LOG_DAYS = 35;
const DAY_MS = 86_400_000;

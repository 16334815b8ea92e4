import type { Instant } from "../refund/observation.ts";
import type { SyncRecord } from "../refund/sync-record.ts";
import type { Rules } from "./commit-page.ts";
import { writeDue } from "./due.ts";
import type { DueEntry, DueItem } from "./due.ts";
import { orderKey } from "./order-book.ts";
import { lookingFor, looksByCircumstance } from "./pair-collection.ts";
import type { Stores } from "./ports.ts";
import { settleCollections, settleOrders } from "./settle-orders.ts";

/**
 * Looks at what one due item names: the order's rules at this hour first, then circumstance for the
 * refunds that are still without a document.
 *
 * @returns every record looked at, as it is now
 */
export async function settleDue(
  ports: Stores,
  { records: names, kind }: DueItem,
  rules: Rules,
): Promise<readonly SyncRecord[]> {
  const partitions = new Set(names.map(({ pk }) => pk));
  const named = new Set(names.map(({ pk, sk }) => `${pk}|${sk}`));
  const collections = new Set([...partitions].filter((pk) => pk.startsWith("loose#")));
  const settled = new Map<string, SyncRecord>();
  const next: DueEntry[] = [];
  const orders = [...partitions].filter((pk) => pk.startsWith(ORDER));
  const plans = await settleOrders(
    ports,
    orders.map((pk) => pk.slice(ORDER.length)),
    rules,
  );
  for (const { order, records } of plans) {
    const pk = orderKey(order);
    for (const record of records.filter(({ id }) => named.has(`${pk}|${id}`))) {
      settled.set(record.id, record);
      next.push(...nextLook(pk, record, kind, rules));
    }
    for (const note of records.filter(looksByCircumstance).flatMap(lookingFor)) {
      await ports.table.put(note, "any");
      collections.add(note.pk);
    }
  }
  const paired = await settleCollections(ports, [...collections], rules);
  for (const { pk, changes, records } of paired) {
    // Also a document that did not change just now: a person may have resolved it.
    for (const one of records) {
      if (one.refund === null && named.has(`${pk}|${one.id}`)) settled.set(one.id, one);
    }
    for (const { record } of changes) settled.set(record.id, record);
  }
  await writeDue(ports.table, next, rules.now);
  return [...settled.values()];
}

/**
 * When to look again. A record that is due but must still wait (a source is behind) is looked at in
 * the next quarter of an hour. Every refund is looked at once at its checkpoint, whatever happened:
 * what came due in its time has that look before it; what came at once is told of it here.
 */
function nextLook(
  pk: string,
  record: SyncRecord,
  kind: DueItem["kind"],
  { policy, now }: Rules,
): DueEntry[] {
  const key = { pk, sk: record.id };
  if (record.status === "pending") return [{ record: key, at: later(record.dueAt, now) }];
  const checkpoint = kind === "later" ? null : checkpointOf(record, policy.checkpointAfterMs);
  return checkpoint !== null && checkpoint > now ? [{ record: key, at: checkpoint }] : [];
}

function checkpointOf({ refund }: SyncRecord, afterMs: number): Instant | null {
  return refund === null ? null : new Date(Date.parse(refund.processedAt) + afterMs).toISOString();
}

function later(dueAt: Instant | null, now: Instant): Instant {
  const soon = new Date(Date.parse(now) + RETRY_MS).toISOString();
  return dueAt !== null && dueAt > soon ? dueAt : soon;
}

const RETRY_MS = 15 * 60_000;
const ORDER = orderKey("");

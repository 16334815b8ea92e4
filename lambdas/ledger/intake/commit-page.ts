import { isOrderPartition, orderInPartition, orderPartition } from "../keys.ts";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

import pLimit from "p-limit";

import { PREFIXES } from "../../names.ts";
import { after } from "../../refund/time/instant.ts";
import type { ErpDocument, Observation } from "../../refund/observation/observation.ts";
import type { Instant } from "../../refund/time/instant.ts";
import { normaliseRefundId, statedIds } from "../../refund/observation/refund-id.ts";
import { EXCEPTION_STATUSES } from "../../refund/record/sync-record.ts";
import type { Policy } from "../../refund/policy.ts";
import type { RejectedRecord } from "../../systems/source.ts";
import { writeDue } from "../store/due.ts";
import type { DueEntry } from "../store/due.ts";
import { appendDecisions } from "../store/event-log.ts";
import { noteLocations } from "../store/locations.ts";
import type { DocumentLocation } from "../store/locations.ts";
import { leftOrders, newLocations } from "./left-orders.ts";
import type { MayBeStored } from "./left-orders.ts";
import {
  partitionInPointer,
  partitionOfDocument,
  planDocument,
  pointersFromOrder,
  writeDocument,
} from "../documents-without-order.ts";
import type { DocumentPlan } from "../documents-without-order.ts";
import {
  orderNamedBy,
  namesOrderOrRefund,
  planOrder,
  readCollection,
  writePlan,
} from "../order-records.ts";
import type { OrderPlan } from "../order-records.ts";
import { orderByAmount } from "./order-by-amount.ts";
import { policyVersion } from "../policy.ts";
import { ItemRefused } from "../ports.ts";
import type { Item, Key, Stores } from "../ports.ts";
import { quarantine } from "../store/quarantine.ts";
import type { StoredRecord } from "../store/record-item.ts";
import type { Source } from "../store/source-state.ts";
import type { Rules } from "../rules.ts";

export type Commit = {
  readonly source: Source;
  readonly observations: readonly Observation[];
  readonly rejected: readonly RejectedRecord[];
  /** The page's bodies as received. */
  readonly raw: readonly string[];
  /** The source must be read from this time to find the page's records again. */
  readonly since: Instant;
  /** The beginning of the source's first window. */
  readonly watchedSince: Instant | null;
  /** Collections that were just read for this page, by partition: they are not read twice. */
  readonly collections?: ReadonlyMap<string, readonly StoredRecord[]>;
};

export type Committed = {
  /** How many records changed. */
  readonly changed: number;
  /** The outcome of each observation, by its id. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Records that cannot be stored: they go into quarantine like unreadable records. */
  readonly refused: readonly RejectedRecord[];
};

type Outcome = "added" | "edited" | "unchanged";

/**
 * Stores one page: first raw page, quarantine, log and due list, then the records.
 *
 * With this order, the same page can be committed again after a crash at any point, and the result
 * is the same: everything before the records is written again under the same keys. The due list
 * comes before the records, because a record without a due entry would never be evaluated again.
 *
 * @param mayBeStored whether a document that is new in its order may be stored under another order
 */
export async function commitPage(
  ports: Stores,
  page: Commit,
  rules: Rules,
  mayBeStored: MayBeStored,
): Promise<Committed> {
  let changed = 0;
  let outcomes: Committed["outcomes"] | null = null;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const plan = await planPage(ports, page, rules, { mayBeStored, isRetry: attempt > 1 });
    // Only the first plan counts: a later plan finds what this run itself has written.
    outcomes ??= plan.outcomes;
    if (plan.isEmpty && page.rejected.length === 0) return { changed, outcomes, refused: [] };
    await writeAhead(ports, page, plan, rules);
    changed += plan.orders.reduce((sum, { changes }) => sum + changes.length, plan.loose.length);
    const { isWritten, refused } = await writePage(ports, plan, page);
    for (const one of refused) await quarantine(ports, page, one, rules.now);
    if (isWritten) return { changed, outcomes, refused };
  }
  throw new Error(
    `other runs changed records of a page of the ${page.source} ${MOST_ATTEMPTS} times meanwhile: left for the next run`,
  );
}

type PagePlan = {
  /** Orders that lose a document come first, so that a document is never in two matches. */
  readonly orders: readonly OrderPlan[];
  readonly loose: readonly DocumentPlan[];
  /** Old keys of documents that name an order now. */
  readonly oldKeys: readonly Key[];
  readonly locations: readonly DocumentLocation[];
  readonly pointers: readonly Item[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly isEmpty: boolean;
};

async function planPage(
  { table }: Stores,
  page: Commit,
  rules: Rules,
  { mayBeStored, isRetry }: { readonly mayBeStored: MayBeStored; readonly isRetry: boolean },
): Promise<PagePlan> {
  const collections = new Map<string, Promise<readonly StoredRecord[]>>();
  const read = async (order: string): Promise<readonly StoredRecord[]> => {
    const pk = orderPartition(order);
    const known = isRetry ? undefined : page.collections?.get(pk);
    if (known !== undefined) return known;
    const reading = collections.get(pk) ?? readCollection(table, pk, isRetry);
    collections.set(pk, reading);
    return reading;
  };
  const byOrder = new Map<string, Observation[]>();
  const unnamed: ErpDocument[] = [];
  const pointers: Item[] = [];
  for (const seen of page.observations) {
    let order =
      orderNamedBy(seen, rules.policy) ??
      (seen.role === "erp"
        ? await orderByAmount(seen, page.observations, rules.policy, read)
        : null);
    if (seen.role === "erp" && order !== null && statedIds(seen).length > 0) {
      const stored = await read(order);
      if (
        !hasRefundOf(seen, [...stored.flatMap(({ refund }) => refund ?? []), ...page.observations])
      ) {
        const otherPartition = await partitionInPointer(table, seen);
        if (otherPartition === null)
          pointers.push(...pointersFromOrder(seen, orderPartition(order)));
        else if (isOrderPartition(otherPartition)) order = orderInPartition(otherPartition);
      }
    }
    // A document that names no order, and that a refund has moved to its own order before.
    if (seen.role === "erp" && order === null && mayHaveMoved(seen, mayBeStored)) {
      const at = await partitionOfDocument(table, seen.documentId);
      const moved = at !== null && isOrderPartition(at.pk) ? orderInPartition(at.pk) : null;
      const refunds = (moved === null ? [] : await read(moved)).flatMap(
        ({ refund }) => refund ?? [],
      );
      if (namesOrderOrRefund(seen, refunds, rules.policy)) order = moved;
    }
    if (order !== null) byOrder.set(order, [...(byOrder.get(order) ?? []), seen]);
    else if (seen.role === "erp") unnamed.push(seen);
  }
  const limit = pLimit(AT_ONCE);
  const named = await limit.map([...byOrder], async ([order, seen]) => ({
    order,
    seen,
    stored: await read(order),
  }));
  const locations = named.flatMap(({ order, seen, stored }) => newLocations(order, seen, stored));
  const gone = await leftOrders(table, locations, unnamed, {
    mayBeStored,
    watchedSince: page.watchedSince,
  });
  const goneFrom = (order: string): ReadonlySet<string> => gone.get(orderPartition(order)) ?? NONE;
  const orders = named.map((input) =>
    planOrder({ ...input, gone: goneFrom(input.order), ...rules }),
  );
  const others = [...gone.keys()].filter((pk) => !byOrder.has(orderInPartition(pk)));
  const leaving = await limit.map(others, async (pk) => {
    const order = orderInPartition(pk);
    return planOrder({
      order,
      seen: [],
      stored: await read(order),
      gone: goneFrom(order),
      ...rules,
    });
  });
  const loose = await limit.map(unnamed, async (document) => planDocument(table, document, rules));
  const oldKeys = await limit.map(
    page.observations.filter((seen) => mayHaveMoved(seen, mayBeStored)),
    async (seen) =>
      orderNamedBy(seen, rules.policy) === null
        ? null
        : partitionOfDocument(table, seen.documentId),
  );
  const changedOrders = [...leaving, ...orders].filter(
    ({ changes, absorbed }) => changes.length > 0 || absorbed.length > 0,
  );
  const changedWithoutOrder = loose.flatMap((plan) => plan ?? []);
  const outcomes = new Map<string, Outcome>();
  for (const { seen, stored } of named) {
    for (const one of seen) outcomes.set(idOf(one), outcomeOf(one, stored));
  }
  for (const [index, { documentId }] of unnamed.entries()) {
    const plan = loose[index] ?? null;
    outcomes.set(
      documentId,
      plan === null ? "unchanged" : plan.expected === 0 ? "added" : "edited",
    );
  }
  return {
    orders: changedOrders,
    loose: changedWithoutOrder,
    oldKeys: oldKeys.flatMap((key) => key ?? []),
    locations,
    pointers,
    outcomes,
    isEmpty: changedOrders.length === 0 && changedWithoutOrder.length === 0,
  };
}

async function writeAhead(
  ports: Stores,
  page: Commit,
  { orders, loose, oldKeys, locations, pointers }: PagePlan,
  { policy, now, retentionMs }: Rules,
): Promise<void> {
  const { source, raw, rejected } = page;
  await archive(ports, source, raw, now);
  for (const one of rejected) await quarantine(ports, page, one, now);
  const records = [
    ...orders.flatMap(({ changes }) => changes.map(({ record }) => record)),
    ...loose.map(({ record }) => record),
  ];
  const by = { now, job: `pull-${source}`, policy: policyVersion(policy) };
  await appendDecisions(ports.objects, records, by);
  const due = [
    ...orders.flatMap((plan) => dueOf(plan, policy, now)),
    ...loose.flatMap((plan) => plan.due),
    ...oldKeys.map((record) => ({ record, at: now })),
  ];
  await writeDue(ports.table, due, now);
  for (const pointer of pointers) await ports.table.put(pointer, "any");
  await noteLocations(ports.table, locations, { retentionMs, watchedSince: page.watchedSince });
}

async function archive(
  { objects }: Stores,
  source: Source,
  raw: readonly string[],
  now: Instant,
): Promise<void> {
  const day = now.slice(0, 10).replaceAll("-", "/");
  for (const body of raw) {
    const name = createHash("sha256").update(body).digest("hex").slice(0, 24);
    await objects.put(
      `${PREFIXES.raw}${source}/${day}/${name}.json.gz`,
      gzipSync(body),
      "application/json",
    );
  }
}

/** The due entries for the watch after these changes. */
function dueOf(plan: OrderPlan, policy: Policy, now: Instant): DueEntry[] {
  return plan.changes.flatMap(({ record, before }): DueEntry[] => {
    const key = { pk: orderPartition(plan.order), sk: record.id };
    const wasOpen = before !== null && EXCEPTION_STATUSES.has(before.status);
    const entries: DueEntry[] = [];
    if (wasOpen || EXCEPTION_STATUSES.has(record.status)) entries.push({ record: key, at: now });
    else if (before === null || record.status === "pending" || record.dueAt !== null) {
      const began = record.refund?.processedAt ?? record.documents[0]?.createdAt ?? now;
      entries.push({ record: key, at: record.dueAt ?? after(began, policy.staleAfterMs) });
    }
    const loose = before?.loose ?? null;
    if (loose !== null) entries.push({ record: { pk: loose, sk: record.id }, at: now });
    return entries;
  });
}

/**
 * The old item of a document that names an order now is removed last: until then the document is
 * stored twice, so it is never lost.
 */
async function writePage(
  { table }: Stores,
  { orders, loose, oldKeys }: PagePlan,
  { observations }: Commit,
): Promise<{ readonly isWritten: boolean; readonly refused: readonly RejectedRecord[] }> {
  const refused: RejectedRecord[] = [];
  const setApart = (error: unknown, ids: ReadonlySet<string>): true => {
    if (!(error instanceof ItemRefused)) throw error;
    const held = observations.filter((seen) => ids.has(idOf(seen)));
    refused.push(...held.map((seen) => refusedRecord(seen, error)));
    return true;
  };
  const limit = pLimit(AT_ONCE);
  const written = await limit.map(orders, async (plan) =>
    writePlan(table, plan).catch((error: unknown) => setApart(error, idsIn(plan))),
  );
  const writtenWithoutOrder = await limit.map(loose, async (plan) =>
    writeDocument(table, plan).catch((error: unknown) =>
      setApart(error, new Set(plan.record.documents.map(({ documentId }) => documentId))),
    ),
  );
  const isWritten = [...written, ...writtenWithoutOrder].every(Boolean);
  if (isWritten) for (const key of oldKeys) await table.remove(key);
  return { isWritten, refused };
}

function outcomeOf(seen: Observation, stored: readonly StoredRecord[]): Outcome {
  const known: readonly Observation[] = stored.flatMap(({ refund, documents }) => [
    ...(refund === null ? [] : [refund]),
    ...documents,
  ]);
  const before = known.find((one) => one.role === seen.role && idOf(one) === idOf(seen));
  if (before === undefined) return "added";
  return JSON.stringify(before) === JSON.stringify(seen) ? "unchanged" : "edited";
}

function idsIn({ changes }: OrderPlan): ReadonlySet<string> {
  return new Set(
    changes.flatMap(({ record: { refund, documents } }) => [
      ...(refund === null ? [] : [refund.refundId]),
      ...documents.map(({ documentId }) => documentId),
    ]),
  );
}

function refusedRecord(seen: Observation, { message }: ItemRefused): RejectedRecord {
  const mayBe =
    seen.role === "erp"
      ? { mayBe: { references: seen.references, currency: seen.currency, total: seen.total } }
      : {};
  return { id: idOf(seen), reason: message, raw: JSON.stringify(seen), ...mayBe };
}

export function idOf(seen: Observation): string {
  return seen.role === "erp" ? seen.documentId : seen.refundId;
}

/** False for a new document: never edited, and not there when the source was read before. */
function mayHaveMoved(seen: Observation, mayBeStored: MayBeStored): seen is ErpDocument {
  if (seen.role !== "erp") return false;
  return mayBeStored(seen) || seen.modifiedAt !== seen.createdAt;
}

/** Whether the document states the id of one of these refunds, or of its order. */
function hasRefundOf(document: ErpDocument, seen: readonly Observation[]): boolean {
  const ids = statedIds(document);
  return seen.some(
    (one) =>
      one.role === "storefront" &&
      (ids.includes(normaliseRefundId(one.refundId)) || ids.includes(one.orderId)),
  );
}

const NONE: ReadonlySet<string> = new Set();
const MOST_ATTEMPTS = 5;
const AT_ONCE = 12;

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

import pLimit from "p-limit";

import { PREFIXES } from "../names.ts";
import type { ErpDocument, Instant, Observation } from "../refund/observation.ts";
import { EXCEPTION_STATUSES } from "../refund/sync-record.ts";
import type { Policy } from "../refund/sync-record.ts";
import { writeDue } from "./due.ts";
import type { DueEntry } from "./due.ts";
import { appendDecisions } from "./event-log.ts";
import { homeOf, planLoose, writeLoose } from "./loose-documents.ts";
import type { LoosePlan } from "./loose-documents.ts";
import { orderKey, orderNamedBy, planOrder, readCollection, writePlan } from "./order-book.ts";
import type { OrderPlan } from "./order-book.ts";
import { policyVersion } from "./policy.ts";
import type { Key, Stores } from "./ports.ts";
import { quarantine } from "./quarantine.ts";
import type { Rejected } from "./quarantine.ts";
import type { Source } from "./source-state.ts";

export type Commit = {
  readonly source: Source;
  readonly observations: readonly Observation[];
  readonly rejected: readonly Rejected[];
  /** The page's bodies as received. */
  readonly raw: readonly string[];
};

export type Rules = {
  readonly policy: Policy;
  /** Both sources are complete through this instant. */
  readonly horizon: Instant;
  readonly now: Instant;
  readonly retentionMs: number;
};

/**
 * Takes one page in: raw page, quarantine, log and due list first, then the records.
 *
 * In this order a crash anywhere leaves a state from which the same page, committed again, reaches
 * the same end: what is written ahead is written under the same keys again, and a record without
 * its place in the due list would be the one thing that nobody looks at any more.
 *
 * @returns how many records changed
 */
export async function commitPage(ports: Stores, page: Commit, rules: Rules): Promise<number> {
  let changed = 0;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const plan = await planPage(ports, page, rules, attempt > 1);
    if (plan.isEmpty && page.rejected.length === 0) return changed;
    await writeAhead(ports, page, plan, rules);
    changed += plan.orders.reduce((sum, { changes }) => sum + changes.length, plan.loose.length);
    if (await writePage(ports, plan)) return changed;
  }
  throw new Error(
    `a page of the ${page.source} met other writers ${MOST_ATTEMPTS} times: left for the next run`,
  );
}

type PagePlan = {
  readonly orders: readonly OrderPlan[];
  readonly loose: readonly LoosePlan[];
  /** Where documents lived that have come to name an order. */
  readonly left: readonly Key[];
  readonly isEmpty: boolean;
};

async function planPage(
  { table }: Stores,
  page: Commit,
  rules: Rules,
  consistent: boolean,
): Promise<PagePlan> {
  const byOrder = new Map<string, Observation[]>();
  const unnamed: ErpDocument[] = [];
  for (const seen of page.observations) {
    const order = orderNamedBy(seen, rules.policy);
    if (order !== null) byOrder.set(order, [...(byOrder.get(order) ?? []), seen]);
    else if (seen.role === "erp") unnamed.push(seen);
  }
  const limit = pLimit(AT_ONCE);
  const orders = await limit.map([...byOrder], async ([order, seen]) =>
    planOrder({
      order,
      seen,
      stored: await readCollection(table, orderKey(order), consistent),
      ...rules,
    }),
  );
  const loose = await limit.map(unnamed, async (document) => planLoose(table, document, rules));
  const left = await limit.map(page.observations.filter(mayHaveLeftHome), async (seen) =>
    orderNamedBy(seen, rules.policy) === null ? null : homeOf(table, seen.documentId),
  );
  const changedOrders = orders.filter(
    ({ changes, absorbed }) => changes.length > 0 || absorbed.length > 0,
  );
  const changedLoose = loose.flatMap((plan) => plan ?? []);
  return {
    orders: changedOrders,
    loose: changedLoose,
    left: left.flatMap((key) => key ?? []),
    isEmpty: changedOrders.length === 0 && changedLoose.length === 0,
  };
}

async function writeAhead(
  ports: Stores,
  { source, raw, rejected }: Commit,
  { orders, loose, left }: PagePlan,
  { policy, now }: Rules,
): Promise<void> {
  await archive(ports, source, raw, now);
  for (const one of rejected) await quarantine(ports, source, one, now);
  const records = [
    ...orders.flatMap(({ changes }) => changes.map(({ record }) => record)),
    ...loose.map(({ record }) => record),
  ];
  const by = { now, job: `pull-${source}`, policy: policyVersion(policy) };
  await appendDecisions(ports.objects, records, by);
  const due = [
    ...orders.flatMap((plan) => dueOf(plan, policy, now)),
    ...loose.flatMap((plan) => plan.due),
    ...left.map((record) => ({ record, at: now })),
  ];
  await writeDue(ports.table, due, now);
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

/** What time, or the watch, has to look at after these changes. */
function dueOf(plan: OrderPlan, policy: Policy, now: Instant): DueEntry[] {
  return plan.changes.flatMap(({ record, before }): DueEntry[] => {
    const key = { pk: orderKey(plan.order), sk: record.id };
    const wasOpen = before !== null && EXCEPTION_STATUSES.has(before.status);
    const entries: DueEntry[] = [];
    if (wasOpen || EXCEPTION_STATUSES.has(record.status)) entries.push({ record: key, at: now });
    else if (before === null || record.status === "pending") {
      const began = record.refund?.processedAt ?? record.documents[0]?.createdAt ?? now;
      entries.push({ record: key, at: record.dueAt ?? after(began, policy.staleAfterMs) });
    }
    const loose = before?.loose ?? null;
    if (loose !== null) entries.push({ record: { pk: loose, sk: record.id }, at: now });
    return entries;
  });
}

/** The old home of a document goes last: until then it stands in both, never in none. */
function after(instant: Instant, ms: number): Instant {
  return new Date(Date.parse(instant) + ms).toISOString();
}

async function writePage({ table }: Stores, { orders, loose, left }: PagePlan): Promise<boolean> {
  const limit = pLimit(AT_ONCE);
  const written = await limit.map(orders, async (plan) => writePlan(table, plan));
  const writtenLoose = await limit.map(loose, async (plan) => writeLoose(table, plan));
  if (![...written, ...writtenLoose].every(Boolean)) return false;
  for (const key of left) await table.remove(key);
  return true;
}

/** A document that was never edited is where it was first put. */
function mayHaveLeftHome(seen: Observation): seen is ErpDocument {
  return seen.role === "erp" && seen.modifiedAt !== seen.createdAt;
}

const MOST_ATTEMPTS = 5;
const AT_ONCE = 12;

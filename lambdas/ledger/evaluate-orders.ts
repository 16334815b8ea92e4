import { documentRecordId } from "../refund/record/record-id.ts";
import { isAmountPartition, isOrderPartition, orderInPartition, orderPartition } from "./keys.ts";
import pLimit from "p-limit";

import type { ErpDocument } from "../refund/observation/observation.ts";
import type { Instant } from "../refund/time/instant.ts";
import type { Rules } from "./rules.ts";
import { noteLocations } from "./store/locations.ts";
import { readSourceState } from "./store/source-state.ts";
import { appendDecisions } from "./store/event-log.ts";
import { documentsNaming, pointersToOrder } from "./documents-without-order.ts";
import { planOrder, readCollection, writePlan } from "./order-records.ts";
import type { OrderPlan, RecordChange } from "./order-records.ts";
import { planCollection, writeCollection } from "./pair-by-amount.ts";
import type { CollectionPlan } from "./pair-by-amount.ts";
import { mayPairByCircumstance } from "./pair-by-amount.ts";
import { policyVersion } from "./policy.ts";
import type { Stores } from "./ports.ts";

/**
 * Evaluates these orders again as of the horizon (see `Rules`): all are planned, then logged in one
 * object, then written.
 */
export async function evaluateOrders(
  ports: Stores,
  orders: readonly string[],
  rules: Rules,
): Promise<readonly PlanWithMoved[]> {
  return evaluateOne(ports, rules, orders, {
    plan: async (order, consistent) => planAgain(ports, order, rules, consistent),
    write: async (plan) => {
      if (plan.moved.length > 0) {
        const { watchedSince } = await readSourceState(ports.table, "erp");
        await noteMoved(ports, plan, rules, watchedSince);
      }
      return writePlan(ports.table, plan);
    },
  });
}

/** The same for collections of equal amounts (rule 5). */
export async function evaluateAmounts(
  ports: Stores,
  collections: readonly string[],
  rules: Rules,
  vacated: ReadonlySet<string>,
): Promise<readonly CollectionPlan[]> {
  return evaluateOne(ports, rules, collections, {
    plan: async (pk) => planCollection(ports.table, pk, rules, new Map(), vacated.has(pk)),
    write: async (plan) => writeCollection(ports.table, plan),
  });
}

/** When another run changed one of the names meanwhile, only that one is planned again. */
async function evaluateOne<Plan extends { readonly changes: readonly RecordChange[] }>(
  ports: Stores,
  rules: Rules,
  names: readonly string[],
  how: {
    readonly plan: (name: string, consistent: boolean) => Promise<Plan>;
    readonly write: (plan: Plan) => Promise<boolean>;
  },
): Promise<readonly Plan[]> {
  const limit = pLimit(AT_ONCE);
  const written: Plan[] = [];
  let open = names;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS && open.length > 0; attempt += 1) {
    const planned = await limit.map([...open], async (name) => ({
      name,
      plan: await how.plan(name, attempt > 1),
    }));
    await logChanges(
      ports,
      planned.flatMap(({ plan }) => plan.changes),
      rules,
    );
    const tried = await limit.map(planned, async ({ name, plan }) => ({
      name,
      plan,
      isWritten: await how.write(plan),
    }));
    written.push(...tried.filter(({ isWritten }) => isWritten).map(({ plan }) => plan));
    open = tried.filter(({ isWritten }) => !isWritten).map(({ name }) => name);
  }
  if (open.length === 0) return written;
  throw new Error(
    `other runs changed ${open.join(", ")} ${MOST_ATTEMPTS} times meanwhile: left for the next run`,
  );
}

async function planAgain(
  { table }: Stores,
  order: string,
  rules: Rules,
  consistent: boolean,
): Promise<PlanWithMoved> {
  const stored = await readCollection(table, orderPartition(order), consistent);
  const first = planOrder({ order, stored, seen: [], ...rules });
  const missing = first.records.filter(mayPairByCircumstance);
  const named = await Promise.all(
    missing.map(async ({ refund }) =>
      refund === null ? [] : documentsNaming(table, refund, order),
    ),
  );
  const found = named.flat();
  if (found.length === 0) return { ...first, moved: [], vacated: [] };
  const all = planOrder({ order, stored, seen: found.map(({ document }) => document), ...rules });
  // The order's rules leave a document alone that names it only by a number and has another amount.
  const held = new Set(
    all.records.flatMap(({ documents }) => documents.map(({ documentId }) => documentId)),
  );
  const taken = found.filter(({ document }) => held.has(document.documentId));
  if (taken.length === 0) return { ...first, moved: [], vacated: [] };
  const seen = taken.map(({ document }) => document);
  const plan = taken.length === found.length ? all : planOrder({ order, stored, seen, ...rules });
  const moved = taken.filter(({ pk }) => pk !== orderPartition(order));
  const fromAmounts = moved.filter(({ pk }) => isAmountPartition(pk));
  const orders = new Set(moved.flatMap(({ pk }) => (isOrderPartition(pk) ? [pk] : [])));
  const left = await Promise.all(
    [...orders].map(async (pk) => {
      const gone = new Set(moved.map(({ document }) => document.documentId));
      const other = await readCollection(table, pk, consistent);
      const from = orderInPartition(pk);
      return planOrder({ order: from, stored: other, seen: [], gone, ...rules });
    }),
  );
  return {
    ...plan,
    changes: [...left.flatMap(({ changes }) => changes), ...plan.changes],
    absorbed: [
      ...left.flatMap(({ absorbed }) => absorbed),
      ...plan.absorbed,
      ...fromAmounts.map(({ pk, document }) => ({ pk, sk: documentRecordId(document.documentId) })),
    ],
    moved: moved.map(({ document }) => document),
    vacated: [...new Set(fromAmounts.map(({ pk }) => pk))],
  };
}

/** With the documents that move here from elsewhere, because they name a refund of this order. */
export type PlanWithMoved = OrderPlan & {
  readonly moved: readonly ErpDocument[];
  /** Partitions of equal amounts that lost a document: their other records are evaluated again. */
  readonly vacated: readonly string[];
};

/**
 * Notes the new partition of these documents before they are moved: a deletion, or another version,
 * must find them there.
 */
async function noteMoved(
  { table }: Stores,
  { order, moved }: PlanWithMoved,
  { retentionMs }: Rules,
  watchedSince: Instant | null,
): Promise<void> {
  if (moved.length === 0) return;
  const pk = orderPartition(order);
  for (const document of moved) {
    for (const pointer of pointersToOrder(document, pk)) await table.put(pointer, "any");
  }
  const locations = moved.map((document) => ({ document, pk }));
  await noteLocations(table, locations, { retentionMs, watchedSince });
}

async function logChanges(
  { objects }: Stores,
  changes: readonly RecordChange[],
  { now, policy }: Rules,
): Promise<void> {
  const records = changes.map(({ record }) => record);
  await appendDecisions(objects, records, { now, job: "watch", policy: policyVersion(policy) });
}

const MOST_ATTEMPTS = 5;
const AT_ONCE = 12;

import { asOf } from "../refund/as-of.ts";
import { looseKey, pairLoose } from "../refund/circumstantial.ts";
import { newestDocument, newestRefund } from "../refund/newest.ts";
import type { ErpDocument, Instant, StorefrontRefund } from "../refund/observation.ts";
import { EXCEPTION_STATUSES } from "../refund/sync-record.ts";
import type { Policy, Resolution, SyncRecord } from "../refund/sync-record.ts";
import { tieOut } from "../refund/tie-out.ts";
import type { LoggedDecision } from "./event-log.ts";
import { planOrder } from "./order-book.ts";
import { resolutionsOf } from "./record-item.ts";
import type { StoredRecord } from "./record-item.ts";

/**
 * Tells records again from the log, as they were at an instant: the sides as last seen, judged as of
 * then. So a digest of yesterday is the same at seven as at noon, however often it is made.
 */
export function retellDecisions(
  decisions: readonly LoggedDecision[],
  policy: Policy,
  at: Instant,
): readonly SyncRecord[] {
  const orders = new Map<string | null, Sides>();
  for (const decision of decisions) {
    const sides = orders.get(decision.order) ?? newSides();
    orders.set(decision.order, sides);
    remember(sides, decision);
  }
  const unnamed = orders.get(null) ?? newSides();
  orders.delete(null);

  const records = [...orders].flatMap(([order, { refunds, documents, resolutions }]) => {
    const seen = { order, refunds: [...refunds.values()], documents: [...documents.values()] };
    return tieOut({ ...asOf(seen, at), resolutions }, policy, at);
  });
  return pairAll(records, unnamed, policy, at);
}

/** Open exceptions as the table has them, judged as of an instant. */
export function retellStored(
  stored: readonly StoredRecord[],
  policy: Policy,
  at: Instant,
): readonly SyncRecord[] {
  return [...groupByPartition(stored)].flatMap(([pk, items]) =>
    pk.startsWith("order#")
      ? planOrder({
          order: pk.slice("order#".length),
          stored: items,
          seen: [],
          policy,
          horizon: at,
          retentionMs: 0,
        }).records
      : pairLoose(
          {
            refunds: [],
            documents: items.flatMap(({ documents }) => documents),
            resolutions: resolutionsOf(items),
          },
          policy,
          at,
        ),
  );
}

type Sides = {
  readonly refunds: Map<string, StorefrontRefund>;
  readonly documents: Map<string, ErpDocument>;
  readonly resolutions: Map<string, Resolution>;
};

function newSides(): Sides {
  return { refunds: new Map(), documents: new Map(), resolutions: new Map() };
}

function remember(
  { refunds, documents, resolutions }: Sides,
  { recordId, refund, documents: seen, resolution }: LoggedDecision,
): void {
  if (refund !== null) {
    const known = refunds.get(refund.refundId);
    refunds.set(refund.refundId, known === undefined ? refund : newestRefund(known, refund));
  }
  for (const document of seen) {
    const known = documents.get(document.documentId);
    documents.set(
      document.documentId,
      known === undefined ? document : newestDocument(known, document),
    );
  }
  if (resolution !== null) resolutions.set(recordId, resolution);
}

/** Rule 5, collection by collection, for what the orders' own rules left without a document. */
function pairAll(
  records: readonly SyncRecord[],
  { documents: unnamed, resolutions }: Sides,
  policy: Policy,
  at: Instant,
): SyncRecord[] {
  const byKey = new Map<string, { refunds: SyncRecord[]; documents: ErpDocument[] }>();
  const collection = (key: string): { refunds: SyncRecord[]; documents: ErpDocument[] } => {
    const known = byKey.get(key) ?? { refunds: [], documents: [] };
    byKey.set(key, known);
    return known;
  };
  const taken = new Set(records.flatMap(({ documents }) => documents.map((d) => d.documentId)));
  for (const document of unnamed.values()) {
    if (document.createdAt <= at && !taken.has(document.documentId))
      collection(looseKey(document.currency, document.total)).documents.push(document);
  }
  const settled: SyncRecord[] = [];
  for (const record of records) {
    const { refund, documents, status } = record;
    const looks = refund !== null && documents.length === 0 && EXCEPTION_STATUSES.has(status);
    const key = looks ? looseKey(refund.currency, refund.settled) : null;
    if (key !== null && byKey.has(key)) collection(key).refunds.push(record);
    else settled.push(record);
  }
  return [
    ...settled,
    ...[...byKey.values()].flatMap((seen) => pairLoose({ ...seen, resolutions }, policy, at)),
  ];
}

function groupByPartition(stored: readonly StoredRecord[]): Map<string, StoredRecord[]> {
  const groups = new Map<string, StoredRecord[]>();
  for (const record of stored) {
    groups.set(record.key.pk, [...(groups.get(record.key.pk) ?? []), record]);
  }
  return groups;
}

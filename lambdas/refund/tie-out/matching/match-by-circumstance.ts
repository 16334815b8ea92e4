import { plainId, SHORTEST_ID } from "../../observation/same-payment.ts";
import { sameCustomer, samePayment } from "../../observation/same-payment.ts";
import { msOf } from "../../time/instant.ts";
import { nameOf } from "../../observation/document-names.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import type { Instant } from "../../time/instant.ts";
import { allOrdersOf, orderOf } from "../../observation/order-reference.ts";
import { awaitsPayment, clockStart } from "../../observation/refund-figures.ts";
import { ownershipOf } from "../../observation/ownership.ts";
import {
  namesOfRefund,
  normaliseRefundId,
  refundIdsOf,
  statedOrderIds,
  statedRefundIds,
} from "../../observation/refund-id.ts";
import type { MatchRule, SyncRecord } from "../../record/sync-record.ts";
import type { Policy } from "../../policy.ts";
import { TimeIndex } from "./time-index.ts";
import type { Near } from "./time-index.ts";

export type Paired = {
  readonly record: SyncRecord;
  readonly document: ErpDocument;
  readonly how: {
    readonly rule: MatchRule;
    readonly reason: string;
    /** Proven by an id, so there is nothing to wait for. */
    readonly atOnce: boolean;
  };
};

type Result = {
  readonly pairs: readonly Paired[];
  readonly ambiguousRefunds: readonly { record: SyncRecord; documentIds: readonly string[] }[];
  readonly ambiguousDocuments: readonly { document: ErpDocument; refundIds: readonly string[] }[];
};

/** Rule 5 for one currency and one amount: by id, by payment, by customer, else by time alone. */
export function pairOne(
  records: readonly SyncRecord[],
  documents: readonly ErpDocument[],
  policy: Policy,
  now: Instant,
): Result {
  const refunds = records.flatMap((record) => sideOf(record));
  const free = new Set(documents.filter((document) => orderOf(document, policy) === null));
  const waiting = new Set(refunds);
  const pairs: Paired[] = [];
  const pair = (side: Side, document: ErpDocument, how: Paired["how"]): void => {
    waiting.delete(side);
    free.delete(document);
    pairs.push({ record: side.record, document, how });
  };
  for (const [side, document] of pairsByKey([...waiting], [...free], idsOf, namedIds)) {
    const reason = `${nameOf(document)} carries the refund's id ${side.refund.refundId}, but no order`;
    pair(side, document, { rule: "reference", reason, atOnce: true });
  }
  for (const [side, document] of pairsByKey([...waiting], [...free], paymentsOf, paymentIds)) {
    if (!fits(side, document, policy)) continue;
    const reason = `${nameOf(document)} names no order, but the same payment, currency and amount`;
    pair(side, document, { rule: "circumstantial", reason, atOnce: true });
  }
  for (const document of free) {
    if (ownershipOf(document, policy) !== "ours") free.delete(document);
  }
  // A refund without settled money needs no document yet: it counts as a rival, but it is paired
  // only by its id or its payment.
  const due = ({ refund, at }: Side): boolean =>
    !awaitsPayment(refund) && msOf(now) >= at + policy.staleAfterMs;
  const same = uniqueInTime([...waiting], [...free], policy, sameName);
  for (const [side, document] of same.pairs) {
    const only = "the only document of this customer with the same currency and amount";
    const reason = `${nameOf(document)} names no order; it is ${only} within the window`;
    if (due(side)) pair(side, document, { rule: "circumstantial", reason, atOnce: false });
  }
  const any = uniqueInTime([...waiting], [...free], policy, possibleName);
  for (const [side, document] of any.pairs) {
    const only = "the only document with the same currency and amount";
    const reason = `${nameOf(document)} names no order; it is ${only} within the window`;
    if (due(side)) pair(side, document, { rule: "circumstantial", reason, atOnce: false });
  }
  return { pairs, ambiguousRefunds: any.refunds, ambiguousDocuments: any.documents };
}

type Side = { readonly record: SyncRecord; readonly refund: StorefrontRefund; readonly at: number };

function sideOf(record: SyncRecord): readonly Side[] {
  const { refund } = record;
  return refund === null ? [] : [{ record, refund, at: msOf(clockStart(refund)) }];
}

/** The pairs that share a key which no other refund and no other document has. */
function pairsByKey(
  sides: readonly Side[],
  documents: readonly ErpDocument[],
  keysOf: (side: Side) => readonly string[],
  keysOfDocument: (document: ErpDocument) => readonly string[],
): readonly (readonly [Side, ErpDocument])[] {
  const byKey = new Map<string, Set<Side>>();
  for (const side of sides) {
    for (const key of keysOf(side)) byKey.set(key, (byKey.get(key) ?? new Set()).add(side));
  }
  const claims = new Map<Side, ErpDocument[]>();
  const claimed: [Side, ErpDocument][] = [];
  for (const document of documents) {
    const named = new Set(keysOfDocument(document).flatMap((key) => [...(byKey.get(key) ?? [])]));
    const [side, another] = named;
    if (side === undefined || another !== undefined) continue;
    const others = claims.get(side);
    if (others === undefined) claims.set(side, [document]);
    else others.push(document);
    claimed.push([side, document]);
  }
  return claimed.filter(([side]) => claims.get(side)?.length === 1);
}

/**
 * The pairs in which each is the only candidate of the other: same amount, within the window, and
 * no contradiction in the customer, the payment, or a refund or order that the document names.
 */
function uniqueInTime(
  sides: readonly Side[],
  documents: readonly ErpDocument[],
  { windowMs, ...policy }: Policy,
  candidates: Candidates,
): Unique {
  const refundsNear = new TimeIndex(
    sides,
    ({ at }) => at,
    ({ refund }) => refund.customerKey,
  );
  const documentsNear = new TimeIndex(
    documents,
    ({ createdAt }) => msOf(createdAt),
    ({ customerKey }) => customerKey,
  );
  const result: Unique = { pairs: [], refunds: [], documents: [] };
  const paired = new Set<ErpDocument>();
  for (const side of sides) {
    const found = candidates(documentsNear, side.at, windowMs, side.refund.customerKey);
    const [only] = found.first;
    if (only === undefined) continue;
    const rivals = candidates(refundsNear, msOf(only.createdAt), windowMs, only.customerKey);
    if (found.count === 1 && rivals.count === 1) {
      if (!fits(side, only, { windowMs, ...policy })) continue;
      result.pairs.push([side, only]);
      paired.add(only);
    } else {
      const documentIds = found.first.map(({ documentId }) => documentId);
      result.refunds.push({ record: side.record, documentIds });
    }
  }
  for (const document of documents) {
    if (paired.has(document)) continue;
    const found = candidates(refundsNear, msOf(document.createdAt), windowMs, document.customerKey);
    const refundIds = found.first.map(({ refund }) => refund.refundId);
    if (found.count > 0) result.documents.push({ document, refundIds: refundIds.toSorted() });
  }
  return result;
}

type Unique = {
  readonly pairs: (readonly [Side, ErpDocument])[];
  readonly refunds: { record: SyncRecord; documentIds: readonly string[] }[];
  readonly documents: { document: ErpDocument; refundIds: readonly string[] }[];
};

type Candidates = <Item>(
  index: TimeIndex<Item>,
  at: number,
  reach: number,
  name: string | null,
) => Near<Item>;

const sameName: Candidates = (index, at, reach, name) =>
  name === null ? { count: 0, first: [] } : index.named(at, reach, name);

const possibleName: Candidates = (index, at, reach, name) => index.possible(at, reach, name);

function fits({ record, refund, at }: Side, document: ErpDocument, policy: Policy): boolean {
  if (Math.abs(msOf(document.createdAt) - at) > policy.windowMs) return false;
  if (samePayment(refund, document) === "no" || sameCustomer(refund, document) === "no")
    return false;
  const stated = statedRefundIds(document);
  if (stated.length > 0 && !stated.includes(normaliseRefundId(refund.refundId))) return false;
  const orderIds = statedOrderIds(document);
  if (orderIds.length > 0 && !orderIds.includes(refund.orderId)) return false;
  const orders = allOrdersOf(document, policy);
  return orders.length === 0 || (record.order !== null && orders.includes(record.order));
}

function idsOf({ refund }: Side): readonly string[] {
  return namesOfRefund(refund);
}

function namedIds(document: ErpDocument): readonly string[] {
  return refundIdsOf(document);
}

function paymentsOf({ refund }: Side): readonly string[] {
  return refund.transactions.flatMap(({ references }) => references.map(plainId));
}

/**
 * The payment fields, and every text in the references that looks like an id, because people paste
 * payment ids into any field.
 */
function paymentIds({ paymentReferences, references }: ErpDocument): readonly string[] {
  const pasted = references.flatMap(({ text }) => text.split(/[\s,;|]+/));
  return [...paymentReferences, ...pasted.filter((token) => token.length >= SHORTEST_ID)].map(
    plainId,
  );
}

import { unsignedAmountKey, pairByCircumstance } from "./pair-by-circumstance.ts";
import { amountKey } from "../observation/amount-key.ts";
import { amountKeys } from "../observation/amount-key.ts";
import type { ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { Instant } from "../time/instant.ts";
import { orderOf, orderOfRefund, weakOrderOf } from "../observation/order-reference.ts";
import {
  normaliseRefundId,
  refundIdsOf,
  statedOrderIds,
  statedRefundIds,
} from "../observation/refund-id.ts";
import type { Resolution, SyncRecord } from "../record/sync-record.ts";
import type { Policy } from "../policy.ts";
import { tieOut } from "./tie-out.ts";

/**
 * Ties out all refunds and documents: first order by order, then by circumstance for the documents
 * that name no order. The records are the same as those that the ledger makes order by order. It
 * makes one pass over each side and never compares all pairs.
 */
export function tieOutAll(
  seen: {
    readonly refunds: Iterable<StorefrontRefund>;
    readonly documents: Iterable<ErpDocument>;
    readonly resolutions?: ReadonlyMap<string, Resolution>;
  },
  policy: Policy,
  now: Instant,
): SyncRecord[] {
  const { orders, unnamed } = byOrder(seen.refunds, seen.documents, policy);
  const resolutions = seen.resolutions === undefined ? {} : { resolutions: seen.resolutions };
  const records: SyncRecord[] = [];
  const candidates: SyncRecord[] = [];
  const unnamedAmounts = new Set(
    unnamed.map(({ currency, total }) => unsignedAmountKey(currency, total)),
  );
  for (const [order, { refunds, documents }] of orders) {
    for (const record of tieOut({ order, refunds, documents, ...resolutions }, policy, now)) {
      (mayBePaired(record, unnamedAmounts) ? candidates : records).push(record);
    }
  }
  if (unnamed.length === 0) return records;
  const paired = pairByCircumstance(
    { refunds: candidates, documents: unnamed, ...resolutions },
    policy,
    now,
  );
  for (const record of paired) records.push(record);
  return records;
}

type Sides = { readonly refunds: StorefrontRefund[]; readonly documents: ErpDocument[] };

function byOrder(
  refunds: Iterable<StorefrontRefund>,
  documents: Iterable<ErpDocument>,
  policy: Policy,
): { readonly orders: ReadonlyMap<string, Sides>; readonly unnamed: readonly ErpDocument[] } {
  const orders = new Map<string, Sides>();
  const orderByRefund = new Map<string, string>();
  for (const refund of refunds) {
    const order = orderOfRefund(refund, policy);
    const sides = orders.get(order);
    if (sides === undefined) orders.set(order, { refunds: [refund], documents: [] });
    else sides.refunds.push(refund);
    orderByRefund.set(normaliseRefundId(refund.refundId), order);
    orderByRefund.set(refund.orderId, order);
  }
  const unnamed: ErpDocument[] = [];
  for (const document of documents) {
    const order =
      orderOfOnly(statedRefundIds(document), orderByRefund) ??
      orderOfOnly(statedOrderIds(document), orderByRefund) ??
      orderOf(document, policy) ??
      orderOfOnly(refundIdsOf(document), orderByRefund) ??
      orderByAmount(document, orders, policy);
    const sides = order === null ? undefined : orders.get(order);
    if (order === null) unnamed.push(document);
    else if (sides === undefined) orders.set(order, { refunds: [], documents: [document] });
    else sides.documents.push(document);
  }
  return { orders, unnamed };
}

/**
 * The ERP's own number of a source document names an order only if a refund of it has that amount.
 */
function orderByAmount(
  document: ErpDocument,
  orders: ReadonlyMap<string, Sides>,
  policy: Policy,
): string | null {
  const order = weakOrderOf(document, policy);
  const refunds = order === null ? [] : (orders.get(order)?.refunds ?? []);
  const key = amountKey(document.currency, document.total);
  return refunds.some((refund) => amountKeys(refund).includes(key)) ? order : null;
}

/**
 * The order of the only refund (or the only order, by its id) that these ids name. A clear refund
 * id is stronger than an order number, because the order field may contain the customer's own
 * purchase order number.
 */
function orderOfOnly(
  ids: readonly string[],
  orderByRefund: ReadonlyMap<string, string>,
): string | null {
  const orders = new Set(ids.flatMap((id) => orderByRefund.get(id) ?? []));
  const [only, another] = orders;
  return only === undefined || another !== undefined ? null : only;
}

/** A refund can be paired only if a document without an order has the same amount. */
function mayBePaired(record: SyncRecord, unnamedAmounts: ReadonlySet<string>): boolean {
  const { refund, documents } = record;
  if (refund === null || documents.length > 0 || unnamedAmounts.size === 0) return false;
  return record.status !== "matched" && amountKeys(refund).some((key) => unnamedAmounts.has(key));
}

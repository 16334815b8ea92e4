import { byText } from "../collections/order.ts";
import { lifecycleOf } from "../record/lifecycle.ts";
import type { Sides } from "./evaluate-order.ts";
import { newestDocument, newestRefund } from "../observation/newest.ts";
import type { ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { Instant } from "../time/instant.ts";
import type { OrderSeen } from "../record/order-observations.ts";
import { agreeingPair } from "./fast-path/agreeing-pair.ts";
import { unbookedRefund } from "./fast-path/unbooked-refund.ts";
import { clockStart } from "../observation/refund-figures.ts";
import { evaluateOverTime } from "./evaluate-over-time.ts";
import { applyResolution } from "../record/apply-resolution.ts";
import type { HistoryEntry, SyncRecord } from "../record/sync-record.ts";
import type { Policy } from "../policy.ts";
import type { Evaluation } from "../record/evaluation.ts";

/**
 * Ties out one order: a record for every refund, and one for every document that belongs to none,
 * in the order of their ids.
 *
 * Pure: the same sides, policy, resolutions and instant give the same records, in any order of
 * arrival and with any number of repeats. The rules are those of `evaluateOrder`; the times are the
 * times of the two sides.
 */
export function tieOut(seen: OrderSeen, policy: Policy, now: Instant): SyncRecord[] {
  const resolved = seen.resolutions !== undefined && seen.resolutions.size > 0;
  const fastRecord = resolved ? null : usualOrder(seen, policy, now);
  if (fastRecord !== null) return [fastRecord];
  const sides: Sides = {
    order: seen.order,
    refunds: once(seen.refunds, refundIdOf, newestRefund).toSorted(byStart),
    documents: once(seen.documents, documentIdOf, newestDocument).toSorted(byCreation),
  };
  const { evaluations, histories } = evaluateOverTime(sides, policy, now);
  const records = evaluations.map((evaluation) => {
    const record = recordOf(evaluation, histories.get(evaluation.id) ?? []);
    return applyResolution(record, seen.resolutions?.get(record.id), now);
  });
  return records.toSorted((one, other) => byText(one.id, other.id));
}

/**
 * The fast path for nearly every order: one refund, and one document that agrees or differs only in
 * its total, or no document. Null for every other order.
 */
function usualOrder(
  { order, refunds, documents }: OrderSeen,
  policy: Policy,
  now: Instant,
): SyncRecord | null {
  const [refund, another] = refunds;
  const [document, second] = documents;
  if (refund === undefined || another !== undefined || second !== undefined) return null;
  return document === undefined
    ? unbookedRefund(order, refund, policy, now)
    : agreeingPair(order, refund, document, policy);
}

/** Makes the record from an evaluation and its history. */
export function recordOf(evaluation: Evaluation, entries: readonly HistoryEntry[]): SyncRecord {
  const { history, openedAt, resolvedAt } = lifecycleOf(entries);
  const resolved = evaluation.status === "matched" && resolvedAt !== null;
  // The fields are listed one by one: object spread took more time than everything else for a
  // refund.
  return {
    id: evaluation.id,
    order: evaluation.order,
    refund: evaluation.refund,
    documents: evaluation.documents,
    match: evaluation.match,
    status: resolved ? "resolved" : evaluation.status,
    mismatches: evaluation.mismatches,
    benign: evaluation.benign,
    ambiguous: evaluation.ambiguous,
    gapMs: evaluation.gapMs,
    openedAt,
    resolvedAt,
    exposure: evaluation.exposure,
    currency: evaluation.currency,
    dueAt: evaluation.dueAt,
    history,
    resolution: null,
    ownership: evaluation.ownership,
  };
}

/** The same record may have been seen more than once: its newest version counts. */
function once<Seen>(
  all: readonly Seen[],
  idOf: (seen: Seen) => string,
  newest: (one: Seen, other: Seen) => Seen,
): readonly Seen[] {
  if (all.length < 2) return all;
  const byId = new Map<string, Seen>();
  for (const seen of all) {
    const known = byId.get(idOf(seen));
    byId.set(idOf(seen), known === undefined ? seen : newest(known, seen));
  }
  return [...byId.values()];
}

function refundIdOf({ refundId }: StorefrontRefund): string {
  return refundId;
}

function documentIdOf({ documentId }: ErpDocument): string {
  return documentId;
}

function byStart(one: StorefrontRefund, other: StorefrontRefund): number {
  return byText(clockStart(one), clockStart(other)) || byText(one.refundId, other.refundId);
}

function byCreation(one: ErpDocument, other: ErpDocument): number {
  return byText(one.createdAt, other.createdAt) || byText(one.documentId, other.documentId);
}

import { otherPeriod } from "../comparing/accounting-period.ts";
import { refundRecordId } from "../../record/record-id.ts";
import { hasHabit } from "../comparing/compare-habit.ts";
import { lateBy, paysOutStoreCredit } from "../comparing/compare-identity.ts";
import { staleWords, waitingWords } from "../../record/lifecycle.ts";
import { instantOf, msOf } from "../../time/instant.ts";
import { nameOf } from "../../observation/document-names.ts";
import { zeroOf } from "../../money/minor-units.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { plainDifference } from "./total-difference.ts";
import { isPlainDocument, isPlainRefund, namedBy } from "./eligible.ts";
import { ownershipOf } from "../../observation/ownership.ts";
import { clockStart, isNothing, knownSince } from "../../observation/refund-figures.ts";
import type { Mismatch } from "../../record/mismatch.ts";
import type { HistoryEntry, Match, Status, SyncRecord } from "../../record/sync-record.ts";
import type { Policy } from "../../policy.ts";

/**
 * The record of an order with one refund and one document that are equal in everything, to the last
 * character, or in everything but the total; in time or late. This is nearly every order. Null for
 * every other order, which the full rules evaluate.
 *
 * The result is always the same as that of the full rules (a property test compares them). It only
 * saves the time of the full rules for a million plain refunds.
 */
export function agreeingPair(
  order: string | null,
  refund: StorefrontRefund,
  document: ErpDocument,
  policy: Policy,
): SyncRecord | null {
  if (!isPlainRefund(refund) || !isPlainDocument(document)) return null;
  if (document.currency !== refund.currency || paysOutStoreCredit(refund, document)) return null;
  if (hasHabit(refund, [document], policy)) return null;
  const agrees = document.total === refund.settled;
  if (agrees && (!sameParts(refund, document) || !sameGoods(refund, document))) return null;
  const totalMismatch = agrees ? null : plainDifference(refund, document, policy);
  if (!agrees && totalMismatch === null) return null;
  const named = namedBy(refund, document, policy);
  if (named === null) return null;
  if (named === "order" && ownershipOf(document, policy) !== "ours") return null;
  const known = knownSince(refund);
  const start = msOf(clockStart(refund));
  const arrived = document.createdAt;
  const delay = msOf(arrived) - start;
  if (arrived <= known || delay < 0 || msOf(known) - start >= policy.staleAfterMs) return null;
  if (otherPeriod(refund, document, policy.timeZone) !== null) return null;
  const late = delay > policy.staleAfterMs ? lateBy(delay, policy, refund.currency) : null;
  const limit = late === null ? null : instantOf(start + policy.staleAfterMs);
  const status = totalMismatch !== null ? "mismatched" : late === null ? "matched" : "resolved";
  const history: HistoryEntry[] = [{ at: known, status: "pending", why: waitingWords(policy) }];
  if (limit !== null) history.push({ at: limit, status: "stale", why: staleWords(policy) });
  history.push({ at: arrived, status, why: wordsFor(status, document, late) });
  return {
    id: refundRecordId(refund.refundId),
    order,
    refund,
    documents: [document],
    match: matchOf(named, agrees, refund, document),
    status,
    mismatches:
      totalMismatch === null && late === null ? NONE : [...listOf(totalMismatch), ...listOf(late)],
    benign: NONE,
    ambiguous: NONE,
    gapMs: msOf(arrived) - msOf(clockStart(refund)),
    openedAt: limit ?? (totalMismatch === null ? null : arrived),
    resolvedAt: status === "resolved" ? arrived : null,
    exposure:
      totalMismatch === null ? zeroOf(refund.currency) : totalMismatch.difference.replace("-", ""),
    currency: refund.currency,
    dueAt: null,
    history,
    resolution: null,
    ownership: null,
  };
}

const NONE: readonly never[] = [];

function sameParts({ components }: StorefrontRefund, { tax, shipping }: ErpDocument): boolean {
  if (tax === null && shipping === null) return true;
  return (
    (tax === null || tax === components.tax) &&
    (shipping === null || shipping === components.shipping) &&
    (components.shippingTax === null || isNothing(components.shippingTax))
  );
}

/** If no line can balance another one, equal totals hide no difference. */
function sameGoods(refund: StorefrontRefund, { lines }: ErpDocument): boolean {
  if (lines === null) return true;
  return lines.every(
    ({ kind, sku }) =>
      kind === "tax" ||
      kind === "shipping" ||
      kind === "discount" ||
      (kind === "item" && sku !== null && refund.lines.some((line) => line.sku === sku)),
  );
}

function wordsFor(status: Status, document: ErpDocument, late: Mismatch | null): string {
  const name = nameOf(document);
  if (status === "mismatched") return `${name} differs: amount`;
  return late === null ? `${name} agrees` : `${name} agrees, ${late.actual} after the refund`;
}

function matchOf(
  named: "id" | "order",
  agrees: boolean,
  { refundId, settled, currency }: StorefrontRefund,
  document: ErpDocument,
): Match {
  const name = nameOf(document);
  if (named === "id") {
    const reason = `${name} carries the refund's id ${refundId}`;
    return { rule: "reference", reason, sharedWith: NONE };
  }
  if (agrees) {
    const reason = `${name} is for the same order and the same total, ${settled} ${currency}`;
    return { rule: "order_amount", reason, sharedWith: NONE };
  }
  const reason = `${name} is the only document left of this order; the amounts differ`;
  return { rule: "order", reason, sharedWith: NONE };
}

function listOf(mismatch: Mismatch | null): readonly Mismatch[] {
  return mismatch === null ? NONE : [mismatch];
}

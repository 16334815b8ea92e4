import { Matches } from "./matching/matches.ts";
import type { Ambiguity } from "./matching/matches.ts";
import { findDuplicates } from "./matching/find-duplicates.ts";
import { separateEnded } from "../observation/live-documents.ts";
import { matchByAmount } from "./matching/match-by-amount.ts";
import { matchByOrder } from "./matching/match-by-order.ts";
import { matchByParts } from "./matching/match-by-parts.ts";
import { matchByReference, namesAnother } from "./matching/match-by-reference.ts";
import { matchVoidDocuments } from "./matching/match-void-documents.ts";
import { matchNothingToBook } from "./matching/match-nothing-to-book.ts";
import type { ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { Instant } from "../time/instant.ts";
import { carriesId, weakOrderOf } from "../observation/order-reference.ts";
import { nothingToBook } from "../observation/nothing-to-book.ts";
import { normaliseRefundId } from "../observation/refund-id.ts";
import type { Policy } from "../policy.ts";
import type { Evaluation } from "../record/evaluation.ts";
import { evaluateLink } from "./evaluate-link.ts";
import {
  evaluateVoid,
  evaluateDocument,
  evaluateRefund,
  evaluateEndedDocument,
} from "./evaluate-unmatched.ts";

/** The refunds and the documents of one order, each once, in order of time and then of id. */
export type Sides = {
  readonly order: string | null;
  readonly refunds: readonly StorefrontRefund[];
  readonly documents: readonly ErpDocument[];
};

/**
 * Ties out one order at one instant. The rules run in order of strength, and each rule uses only
 * what the stronger rules left. Then every refund and every document gets an evaluation.
 */
export function evaluateOrder(sides: Sides, policy: Policy, now: Instant): readonly Evaluation[] {
  const { order, refunds, documents } = sides;
  // The history of every order that the ERP books begins without documents.
  if (documents.length === 0) {
    return refunds.map((refund) => evaluateRefund(refund, order, NOTHING_NAMED, policy, now));
  }
  const { live, dead } = separateEnded(documents);
  const matches = new Matches(refunds, live);
  matchByReference(matches);
  const needless = setAside(matches, refunds);
  matchByAmount(matches, policy);
  setAsideWeak(matches, refunds, policy);
  matchByParts(matches, policy);
  const repeats = findDuplicates(matches, policy);
  matchNothingToBook(matches, needless);
  matchByOrder(matches, policy);
  const ended = matchVoidDocuments(refunds, matches, dead);

  const waitsOf = (one: StorefrontRefund | ErpDocument): Ambiguity =>
    matches.ambiguities.get(one) ?? NOTHING_NAMED;
  const evaluations: Evaluation[] = [];
  const linked = new Set<StorefrontRefund | ErpDocument>();
  for (const link of matches.links.values()) {
    for (const one of [...link.refunds, ...link.documents, ...link.extra]) linked.add(one);
    evaluations.push(...evaluateLink(link, { order, dead }, policy, now));
  }
  for (const refund of refunds) {
    if (linked.has(refund)) continue;
    const end = ended.of.get(refund);
    evaluations.push(
      end === undefined
        ? evaluateRefund(refund, order, waitsOf(refund), policy, now)
        : evaluateVoid(refund, end.dead, end.match, order, policy, now),
    );
  }
  for (const document of live) {
    if (linked.has(document)) continue;
    const told = { ...waitsOf(document), repeats: repeats.has(document) };
    evaluations.push(evaluateDocument(document, order, told, policy, now));
  }
  for (const spent of ended.spent) evaluations.push(evaluateEndedDocument(spent, order));
  return evaluations;
}

/**
 * A document that names the order only by the ERP's own number is matched only if its amount is
 * equal.
 */
function setAsideWeak(
  matches: Matches,
  refunds: readonly StorefrontRefund[],
  policy: Policy,
): void {
  for (const document of matches.documents) {
    if (weakOrderOf(document, policy) === null) continue;
    if (refunds.some(({ orderId }) => carriesId(document, orderId))) continue;
    matches.leaveAmbiguous(
      [],
      [document],
      "only the ERP's own number of its source document looks like this order's number",
    );
  }
}

const NOTHING_NAMED: Ambiguity = { ambiguous: [], note: null };

/**
 * Removes from the matches what the weaker rules must not use: refunds that need no booking, and
 * documents that clearly name a refund which this order does not have.
 */
function setAside(
  matches: Matches,
  refunds: readonly StorefrontRefund[],
): readonly StorefrontRefund[] {
  const needless = [...matches.refunds].filter((refund) => nothingToBook(refund) !== null);
  for (const refund of needless) matches.refunds.delete(refund);
  if (matches.documents.size === 0) return needless;
  const known = new Set(refunds.map(({ refundId }) => normaliseRefundId(refundId)));
  for (const document of matches.documents) {
    if (!namesAnother(document, known)) continue;
    matches.leaveAmbiguous([], [document], "it names a refund that this order does not have");
  }
  return needless;
}

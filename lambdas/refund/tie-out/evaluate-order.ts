import { Desk } from "./matching/matches.ts";
import type { Waits } from "./matching/matches.ts";
import { findDuplicates } from "./matching/find-duplicates.ts";
import { sortOut } from "../observation/live-documents.ts";
import { matchByAmount } from "./matching/match-by-amount.ts";
import { matchByOrder } from "./matching/match-by-order.ts";
import { matchByParts } from "./matching/match-by-parts.ts";
import { matchByReference, namesAnother } from "./matching/match-by-reference.ts";
import { matchDead } from "./matching/match-void-documents.ts";
import { matchNeedless } from "./matching/match-nothing-to-book.ts";
import type { ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { Instant } from "../time/instant.ts";
import { carriesId, weakOrderOf } from "../observation/order-reference.ts";
import { nothingToBook } from "../observation/refund-figures.ts";
import { normaliseRefundId } from "../observation/refund-id.ts";
import type { Policy } from "../policy.ts";
import type { Verdict } from "../record/evaluation.ts";
import { verdictsOfLink } from "./evaluate-link.ts";
import {
  verdictOfDead,
  verdictOfDocument,
  verdictOfRefund,
  verdictOfSpent,
} from "./evaluate-unmatched.ts";

/** What one order's two sides hold, each once, in order of time and then id. */
export type Sides = {
  readonly order: string | null;
  readonly refunds: readonly StorefrontRefund[];
  readonly documents: readonly ErpDocument[];
};

/**
 * Ties out one order at one instant: the rules in order of strength, each taking from what the
 * stronger ones left, then a verdict on every refund and every document.
 */
export function judge(sides: Sides, policy: Policy, now: Instant): readonly Verdict[] {
  const { order, refunds, documents } = sides;
  // Every history of an order that the ERP books begins so.
  if (documents.length === 0) {
    return refunds.map((refund) => verdictOfRefund(refund, order, NOTHING_NAMED, policy, now));
  }
  const { live, dead } = sortOut(documents);
  const desk = new Desk(refunds, live);
  matchByReference(desk);
  const needless = setAside(desk, refunds);
  matchByAmount(desk, policy);
  setAsideWeak(desk, refunds, policy);
  matchByParts(desk, policy);
  const repeats = findDuplicates(desk, policy);
  matchNeedless(desk, needless);
  matchByOrder(desk, policy);
  const ended = matchDead(refunds, desk, dead);

  const waitsOf = (one: StorefrontRefund | ErpDocument): Waits =>
    desk.waits.get(one) ?? NOTHING_NAMED;
  const verdicts: Verdict[] = [];
  const linked = new Set<StorefrontRefund | ErpDocument>();
  for (const link of desk.links.values()) {
    for (const one of [...link.refunds, ...link.documents, ...link.extra]) linked.add(one);
    verdicts.push(...verdictsOfLink(link, { order, dead }, policy, now));
  }
  for (const refund of refunds) {
    if (linked.has(refund)) continue;
    const end = ended.of.get(refund);
    verdicts.push(
      end === undefined
        ? verdictOfRefund(refund, order, waitsOf(refund), policy, now)
        : verdictOfDead(refund, end.dead, end.match, order, policy, now),
    );
  }
  for (const document of live) {
    if (linked.has(document)) continue;
    const told = { ...waitsOf(document), repeats: repeats.has(document) };
    verdicts.push(verdictOfDocument(document, order, told, policy, now));
  }
  for (const spent of ended.spent) verdicts.push(verdictOfSpent(spent, order));
  return verdicts;
}

/** A document that names the order only by the ERP's own number is never matched without its amount. */
function setAsideWeak(desk: Desk, refunds: readonly StorefrontRefund[], policy: Policy): void {
  for (const document of desk.documents) {
    if (weakOrderOf(document, policy) === null) continue;
    if (refunds.some(({ orderId }) => carriesId(document, orderId))) continue;
    desk.abstain([], [document], "only the ERP's own number of its source looks like this order");
  }
}

const NOTHING_NAMED: Waits = { ambiguous: [], note: null };

/**
 * Takes from the desk what the weaker rules must not touch: refunds for which nothing is to be booked,
 * and documents that plainly name a refund which is not here.
 */
function setAside(desk: Desk, refunds: readonly StorefrontRefund[]): readonly StorefrontRefund[] {
  const needless = [...desk.refunds].filter((refund) => nothingToBook(refund) !== null);
  for (const refund of needless) desk.refunds.delete(refund);
  if (desk.documents.size === 0) return needless;
  const known = new Set(refunds.map(({ refundId }) => normaliseRefundId(refundId)));
  for (const document of desk.documents) {
    if (!namesAnother(document, known)) continue;
    desk.abstain([], [document], "it names a refund that this order does not have");
  }
  return needless;
}

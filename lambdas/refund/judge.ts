import { Desk, documentRecordId, refundRecordId } from "./desk.ts";
import { findDuplicates } from "./find-duplicates.ts";
import { sortOut } from "./live-documents.ts";
import { matchByAmount } from "./match-by-amount.ts";
import { matchByOrder } from "./match-by-order.ts";
import { matchByParts } from "./match-by-parts.ts";
import { matchByReference, namesAnother } from "./match-by-reference.ts";
import { matchDead } from "./match-dead.ts";
import { matchNeedless } from "./match-needless.ts";
import type { ErpDocument, Instant, StorefrontRefund } from "./observation.ts";
import { nothingToBook } from "./refund-figures.ts";
import { normaliseRefundId } from "./refund-spelling.ts";
import type { Policy } from "./sync-record.ts";
import type { Verdict } from "./verdict.ts";
import { verdictsOfLink } from "./verdict-of-link.ts";
import {
  verdictOfDead,
  verdictOfDocument,
  verdictOfRefund,
  verdictOfSpent,
} from "./verdict-of-waiting.ts";
import type { Waits } from "./verdict-of-waiting.ts";

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
  const { live, dead } = sortOut(sides.documents);
  const desk = new Desk(sides.refunds, live);
  matchByReference(desk);
  const needless = setAside(desk, sides.refunds);
  matchByAmount(desk, policy);
  matchByParts(desk, policy);
  const repeats = findDuplicates(desk, policy);
  matchNeedless(desk, needless);
  matchByOrder(desk, policy);
  const ended = matchDead(sides.refunds, desk, dead);

  const waitsOf = (id: string): Waits => ({
    ambiguous: desk.candidates.get(id) ?? [],
    note: desk.notes.get(id) ?? null,
  });
  const verdicts: Verdict[] = [];
  const linked = new Set<StorefrontRefund | ErpDocument>();
  for (const link of desk.links.values()) {
    for (const one of [...link.refunds, ...link.documents, ...link.extra]) linked.add(one);
    verdicts.push(...verdictsOfLink(link, { order: sides.order, dead }, policy, now));
  }
  for (const refund of sides.refunds) {
    if (linked.has(refund)) continue;
    const end = ended.of.get(refund);
    verdicts.push(
      end === undefined
        ? verdictOfRefund(
            refund,
            sides.order,
            waitsOf(refundRecordId(refund.refundId)),
            policy,
            now,
          )
        : verdictOfDead(refund, end.dead, end.match, sides.order, policy, now),
    );
  }
  for (const document of live) {
    if (linked.has(document)) continue;
    const waits = waitsOf(documentRecordId(document.documentId));
    const told = { ...waits, repeats: repeats.has(document) };
    verdicts.push(verdictOfDocument(document, sides.order, told, policy, now));
  }
  for (const spent of ended.spent) verdicts.push(verdictOfSpent(spent, sides.order));
  return verdicts;
}

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

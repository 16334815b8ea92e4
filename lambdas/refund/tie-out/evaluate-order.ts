import { Matches } from "./matching/matches.ts";
import type { Ambiguity } from "./matching/matches.ts";
import { findDuplicates } from "./matching/find-duplicates.ts";
import { isNetOnly, separateVoid } from "../observation/live-documents.ts";
import { matchByAmount } from "./matching/match-by-amount.ts";
import { matchByCents, matchByOrder } from "./matching/match-by-order.ts";
import { matchByParts } from "./matching/match-by-parts.ts";
import { idsOfRefunds, matchByReference, namesAnother } from "./matching/match-by-reference.ts";
import { matchVoidDocuments } from "./matching/match-void-documents.ts";
import { setDraftsAside } from "./matching/set-drafts-aside.ts";
import { matchNothingToBook } from "./matching/match-nothing-to-book.ts";
import type { ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { Instant } from "../time/instant.ts";
import { amountKey, amountKeys } from "../observation/amount-key.ts";
import { nameOf } from "../observation/document-names.ts";
import { ownershipOf, ownershipWords } from "../observation/ownership.ts";
import { carriesId, weakOrderOf } from "../observation/order-reference.ts";
import { nothingToBook } from "../observation/nothing-to-book.ts";
import { statedOrderIds } from "../observation/refund-id.ts";
import { SHORTEST_ID } from "../observation/same-payment.ts";
import type { Policy } from "../policy.ts";
import type { Evaluation } from "../record/evaluation.ts";
import { evaluateLink } from "./evaluate-link.ts";
import {
  evaluateVoid,
  evaluateDocument,
  evaluateRefund,
  evaluateVoidDocument,
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
    return refunds.map((refund) => evaluateRefund(refund, order, NOT_AMBIGUOUS, policy, now));
  }
  const { valid, voided } = setDraftsAside(separateVoid(documents), refunds);
  const matches = new Matches(refunds, valid);
  matchByReference(matches);
  const proved = new Set(valid.filter((document) => carriesOrder(document, refunds)));
  const notToBook = setAside(matches, refunds, proved, policy);
  matchByAmount(matches, policy);
  setAsideWeak(matches, refunds, policy);
  // A total without tax is no part of a sum.
  const requests = [...matches.documents].filter(isNetOnly);
  for (const request of requests) matches.documents.delete(request);
  matchByParts(matches, policy);
  matchByCents(matches, policy);
  const repeats = findDuplicates(matches, policy);
  matchNothingToBook(matches, notToBook);
  for (const request of requests) matches.documents.add(request);
  matchByOrder(matches, policy);
  const voidMatches = matchVoidDocuments(refunds, matches, voided, policy);

  const ambiguityOf = (one: StorefrontRefund | ErpDocument): Ambiguity =>
    matches.ambiguities.get(one) ?? NOT_AMBIGUOUS;
  const evaluations: Evaluation[] = [];
  const linked = new Set<StorefrontRefund | ErpDocument>();
  for (const link of matches.links.values()) {
    for (const one of [...link.refunds, ...link.documents, ...link.extra]) linked.add(one);
    evaluations.push(...evaluateLink(link, { order, voided }, policy, now));
  }
  for (const refund of refunds) {
    if (linked.has(refund)) continue;
    const end = voidMatches.of.get(refund);
    evaluations.push(
      end === undefined
        ? evaluateRefund(refund, order, ambiguityOf(refund), policy, now)
        : evaluateVoid(refund, end.voided, end.match, order, policy, now),
    );
  }
  for (const document of valid) {
    if (linked.has(document)) continue;
    const ambiguity = {
      ...ambiguityOf(document),
      repeats: repeats.has(document),
      isProved: proved.has(document),
    };
    evaluations.push(evaluateDocument(document, order, ambiguity, policy, now));
  }
  for (const unused of voidMatches.unused) evaluations.push(evaluateVoidDocument(unused, order));
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

/** The whole id of an order is no coincidence: such a document is this shop's. */
function carriesOrder(document: ErpDocument, refunds: readonly StorefrontRefund[]): boolean {
  const stated = statedOrderIds(document);
  return refunds.some(
    ({ orderId }) =>
      orderId.length >= SHORTEST_ID && (stated.includes(orderId) || carriesId(document, orderId)),
  );
}

/** A document that may be another business's stays a candidate, and a person can decide. */
function nameUnclear(matches: Matches, document: ErpDocument, policy: Policy): void {
  const key = amountKey(document.currency, document.total);
  const why = `${nameOf(document)} names this order, but ${ownershipWords(document, policy)}`;
  for (const refund of matches.refunds) {
    const known = matches.ambiguities.get(refund)?.ambiguous ?? [];
    if (!amountKeys(refund).includes(key) && matches.refunds.size > 1) continue;
    matches.ambiguities.set(refund, { ambiguous: [...known, document.documentId], note: why });
  }
}

const NOT_AMBIGUOUS: Ambiguity = { ambiguous: [], note: null };

/**
 * Removes from the matches what the weaker rules must not use: refunds that need no booking, and
 * documents that clearly name a refund which this order does not have.
 */
function setAside(
  matches: Matches,
  refunds: readonly StorefrontRefund[],
  proved: ReadonlySet<ErpDocument>,
  policy: Policy,
): readonly StorefrontRefund[] {
  const notToBook = [...matches.refunds].filter((refund) => nothingToBook(refund) !== null);
  for (const refund of notToBook) matches.refunds.delete(refund);
  if (matches.documents.size === 0) return notToBook;
  const known = idsOfRefunds(refunds);
  for (const document of matches.documents) {
    const ownership = ownershipOf(document, policy);
    const isOther = ownership !== "ours" && !proved.has(document);
    if (isOther || ownership === "outside_scope") {
      matches.leaveAmbiguous([], [document], ownershipWords(document, policy));
      if (ownership === "unclear") nameUnclear(matches, document, policy);
    } else if (namesAnother(document, known)) {
      const why = "it carries the id of a refund or an order that is not this one";
      matches.leaveAmbiguous([], [document], why);
    }
  }
  return notToBook;
}

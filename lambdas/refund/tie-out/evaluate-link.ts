import { isUnpaid, ofAmount, ofWords } from "../record/mismatch.ts";
import { benignCases } from "./comparing/benign-cases.ts";
import { compareBatch, compareMoney, totalOf } from "./comparing/compare-amounts.ts";
import { compareHabit } from "./comparing/compare-habit.ts";
import { compareIdentity } from "./comparing/compare-identity.ts";
import { paidMismatch, paidOut } from "./comparing/compare-paid.ts";
import { refundRecordId } from "../record/record-id.ts";
import type { Link } from "./matching/matches.ts";
import { firstPostedMs } from "./first-posting.ts";
import { instantOf, inWords, msOf } from "../time/instant.ts";
import { nameOf } from "../observation/document-names.ts";
import type { VoidDocument } from "../observation/live-documents.ts";
import { Money } from "../money/money.ts";
import { exposureOf } from "./comparing/exposure.ts";
import { zeroOf } from "../money/minor-units.ts";
import { paidFromBank } from "../observation/tenders.ts";
import type { ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { Instant } from "../time/instant.ts";
import { missingInStorefront } from "./comparing/missing.ts";
import { isClaim, nothingToBook } from "../observation/nothing-to-book.ts";
import {
  awaitsPayment,
  clockStart,
  figuresIn,
  isPartlyPaid,
  toBook,
} from "../observation/refund-figures.ts";
import type { Mismatch } from "../record/mismatch.ts";
import type { Status } from "../record/sync-record.ts";
import type { Policy } from "../policy.ts";
import type { Evaluation } from "../record/evaluation.ts";

/** One evaluation for each refund of a link. */
export function evaluateLink(
  link: Link,
  { order, voided }: { readonly order: string | null; readonly voided: readonly VoidDocument[] },
  policy: Policy,
  now: Instant,
): readonly Evaluation[] {
  const [document] = link.documents;
  const batch =
    link.refunds.length > 1 && document !== undefined
      ? compareBatch(link.refunds, document, policy)
      : null;
  const arrivedMs = firstPostedMs(link, voided);
  return link.refunds.map((refund, index) => {
    // A batch has only one difference. It belongs to the batch's first refund.
    const money = batch === null ? null : index === 0 ? batch : [];
    return evaluateRefundOfLink({ refund, link, money, arrivedMs, order, policy, now });
  });
}

type RefundOfLink = {
  readonly refund: StorefrontRefund;
  readonly link: Link;
  /** The mismatches of amounts if they are compared already (for a batch); else null. */
  readonly money: readonly Mismatch[] | null;
  readonly arrivedMs: number;
  readonly order: string | null;
  readonly policy: Policy;
  readonly now: Instant;
};

function evaluateRefundOfLink({
  refund,
  link,
  money,
  arrivedMs,
  order,
  policy,
  now,
}: RefundOfLink): Evaluation {
  const { documents, extra, rule } = link;
  const whyNotToBook = nothingToBook(refund);
  const mismatches =
    whyNotToBook === null
      ? [
          ...duplicates(refund, link),
          ...(money ?? compareMoney(refund, documents, policy)),
          ...compareIdentity(refund, documents, arrivedMs, policy),
          ...(isClaim(refund) ? [missingInStorefront(refund, refund.settled)] : []),
        ]
      : bookedForNothing(refund, documents, whyNotToBook);
  const approval = approvalDue(refund, documents, policy, now);
  if (approval.unapproved !== null && !approval.open) mismatches.push(approval.unapproved);
  const habit =
    whyNotToBook === null && link.refunds.length === 1 && !awaitsPayment(refund)
      ? compareHabit(refund, documents, policy, now)
      : NO_HABIT;
  mismatches.push(...habit.mismatches.filter((one) => !mismatches.some(isLike(one))));
  const outcome = statusOf(refund, mismatches, link, approval.open);
  // A gap that is only known to be at most so long is no gap.
  const gapMs = documents.some(isMadeBefore) ? null : arrivedMs - msOf(clockStart(refund));
  return {
    id: refundRecordId(refund.refundId),
    order,
    refund,
    documents: [...documents, ...extra],
    match: {
      rule,
      reason: link.reason,
      sharedWith: link.refunds.filter((one) => one !== refund).map(({ refundId }) => refundId),
    },
    ...outcome,
    mismatches,
    benign: benignCases(refund, whyNotToBook, gapMs, documents, mismatches),
    ambiguous: [],
    gapMs,
    exposure:
      outcome.status === "mismatched" || outcome.status === "duplicated"
        ? exposureOf(refund, documents, mismatches)
        : zeroOf(refund.currency),
    currency: refund.currency,
    dueAt: approval.open ? approval.dueAt : habit.dueAt,
    ownership: null,
  };
}

const NO_HABIT = { mismatches: [], dueAt: null };

function isLike({ kind, leg }: Mismatch): (other: Mismatch) => boolean {
  return (other) => other.kind === kind && other.leg === leg;
}

function isMadeBefore({ createdAtIsLatest }: ErpDocument): boolean {
  return createdAtIsLatest === true;
}

/** A refund that the ERP booked again: the difference is the extra amount. */
function duplicates(refund: StorefrontRefund, { documents, extra }: Link): Mismatch[] {
  const [document] = documents;
  if (extra.length === 0 || document === undefined) return [];
  const { currency } = document;
  const same = extra.filter((one) => one.currency === currency);
  if (same.length === 0) {
    // It was booked again in another currency. The refund's own amount in that currency is the
    // nearest exact amount.
    const [other] = extra;
    const ours = figuresIn(refund, other?.currency ?? "");
    const once = ours === null ? refund : { ...ours };
    const amount = toBook(once);
    const twice = totalOf([{ total: amount }, { total: amount }], once.currency);
    return [
      ofAmount({
        kind: "duplicate_in_erp",
        expected: amount,
        actual: twice,
        currency: once.currency,
      }),
    ];
  }
  const once = totalOf(documents, currency);
  return [
    ofAmount({
      kind: "duplicate_in_erp",
      expected: once,
      actual: totalOf([...documents, ...same], currency),
      currency,
    }),
  ];
}

/**
 * A credit for a test, or for an exchange without a difference, loses no money. A credit for a
 * failed payment is wrong. Money that the ERP paid out beyond what the tenders paid is never
 * benign.
 */
function bookedForNothing(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  whyNotToBook: string,
): Mismatch[] {
  const tooMuch = paidOutTooMuch(refund, documents);
  if (tooMuch !== null) return [tooMuch];
  if (whyNotToBook !== "payment_failed") return [];
  const { currency } = refund;
  const actual = `${documents.map(nameOf).join(", ")} booked`;
  return [ofWords({ kind: "status", expected: "not booked (no money moved)", actual, currency })];
}

function paidOutTooMuch(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
): Mismatch | null {
  for (const currency of new Set(documents.map((document) => document.currency))) {
    const paid = paidOut(documents, currency);
    const due =
      figuresIn(refund, currency) === null
        ? Money.zero(currency)
        : (paidFromBank(refund, currency, ["success"]) ?? paid);
    if (paid.compare(due) > 0) return paidMismatch(due, paid);
  }
  return null;
}

function statusOf(
  refund: StorefrontRefund,
  mismatches: readonly Mismatch[],
  { extra, documents }: Link,
  waitsForApproval: boolean,
): { readonly status: Status; readonly why: string } {
  const names = documents.map(nameOf).join(" and ");
  if (awaitsPayment(refund) && !mismatches.some(isBeyondPayment)) {
    return { status: "pending", why: `${names} is booked; the payment is still pending` };
  }
  if (extra.length > 0) {
    return { status: "duplicated", why: `booked again by ${extra.map(nameOf).join(" and ")}` };
  }
  const wrong = mismatches.filter(({ kind }) => kind !== "late");
  if (wrong.length > 0 && wrong.every(isUnpaid)) {
    return { status: "mismatched", why: `${names} is booked and not paid out` };
  }
  if (wrong.length > 0) {
    const kinds = new Set(wrong.map(({ kind }) => kind));
    return { status: "mismatched", why: `${names} differs: ${[...kinds].join(", ")}` };
  }
  if (waitsForApproval) {
    const isMade = documents.some(({ state }) => state === "unposted");
    const why = isMade ? `${names} is not in the books yet` : `${names} waits for approval`;
    return { status: "pending", why };
  }
  const partly = isPartlyPaid(refund) ? "; part of the payment is still pending" : "";
  const gap = mismatches.find(({ kind }) => kind === "late");
  const delay = gap === undefined ? "" : `, ${gap.actual} after the refund`;
  return { status: "matched", why: `${names} agrees${delay}${partly}` };
}

/** A payment that is pending excuses its own amount and nothing at all, and no other amount. */
function isBeyondPayment({ kind, actual }: Mismatch): boolean {
  return kind === "amount" && /[1-9]/.test(actual);
}

/**
 * A document that is not approved, or not in the books, may wait `staleAfterMs` for it; after that it
 * is a mismatch of status.
 */
function approvalDue(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  policy: Policy,
  now: Instant,
): {
  readonly unapproved: Mismatch | null;
  readonly open: boolean;
  readonly dueAt: Instant | null;
} {
  const waiting = documents.filter(({ state }) => state === "unapproved" || state === "unposted");
  if (waiting.length === 0) return { unapproved: null, open: false, dueAt: null };
  const since = Math.max(
    msOf(clockStart(refund)),
    ...waiting.map(({ createdAt }) => msOf(createdAt)),
  );
  const dueAt = instantOf(since + policy.staleAfterMs);
  const { currency } = refund;
  const actual = `${waiting.map(waitingWords).join(", ")} for ${inWords(policy.staleAfterMs)} and more`;
  const expected = waiting.some(({ state }) => state === "unposted") ? "in the books" : "approved";
  const unapproved = ofWords({ kind: "status", expected, actual, currency });
  return { unapproved, open: now < dueAt, dueAt };
}

function waitingWords(document: ErpDocument): string {
  if (document.state !== "unposted") return `${nameOf(document)} unapproved`;
  const why = document.stateReason === undefined ? "" : ` (${document.stateReason})`;
  return `${nameOf(document)} not in the books${why}`;
}

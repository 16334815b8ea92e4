import { ofAmount, ofWords } from "../record/mismatch.ts";
import { benignCases } from "./comparing/benign-cases.ts";
import { documentRecordId } from "../record/record-id.ts";
import { refundRecordId } from "../record/record-id.ts";
import type { Ambiguity } from "./matching/matches.ts";
import { expectedWords, staleWords, waitingWords } from "../record/lifecycle.ts";
import { instantOf, inWords, msOf } from "../time/instant.ts";
import { nameOf } from "../observation/document-names.ts";
import type { VoidDocument } from "../observation/live-documents.ts";
import { zeroOf } from "../money/minor-units.ts";
import type { BenignCase, ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { Instant } from "../time/instant.ts";
import { missingInErp, missingInStorefront } from "./comparing/missing.ts";
import { isClaim, nothingToBook } from "../observation/nothing-to-book.ts";
import {
  awaitsPayment,
  clockStart,
  isBeforeErpWatch,
  isNothing,
} from "../observation/refund-figures.ts";
import { ownershipOf, ownershipWords } from "../observation/ownership.ts";
import type { Match } from "../record/sync-record.ts";
import type { Policy } from "../policy.ts";
import { unreadableFor, unreadableRefundOf } from "./comparing/unreadable-documents.ts";
import type { Evaluation } from "../record/evaluation.ts";

/** A refund without a document: nothing to book, pending, or missing in the ERP. */
export function evaluateRefund(
  refund: StorefrontRefund,
  order: string | null,
  ambiguity: Ambiguity,
  policy: Policy,
  now: Instant,
): Evaluation {
  const whyNotToBook = nothingToBook(refund);
  const outcome = waitingFor(refund, whyNotToBook, ambiguity.note, policy, now);
  const missing = outcome.status === "stale";
  // The fields are listed one by one: every history of an order begins here, and object spread took
  // more time than all the rest.
  return {
    id: refundRecordId(refund.refundId),
    order,
    refund,
    documents: NONE,
    match: null,
    status: outcome.status,
    mismatches: missing
      ? [
          missingInErp(refund),
          ...(isClaim(refund) ? [missingInStorefront(refund, zeroOf(refund.currency))] : NONE),
        ]
      : NONE,
    benign:
      whyNotToBook === null && outcome.status === "matched"
        ? BEFORE_WATCH
        : benignCases(refund, whyNotToBook, null, NONE, NONE),
    ambiguous: ambiguity.ambiguous,
    gapMs: null,
    exposure: missing ? refund.settled : zeroOf(refund.currency),
    currency: refund.currency,
    dueAt: outcome.dueAt,
    ownership: null,
    why: outcome.why,
  };
}

function waitingFor(
  refund: StorefrontRefund,
  whyNotToBook: BenignCase | null,
  ambiguityNote: string | null,
  policy: Policy,
  now: Instant,
): Pick<Evaluation, "status" | "why" | "dueAt"> {
  if (whyNotToBook !== null) {
    const why = `nothing to book: ${whyNotToBook.replaceAll("_", " ")}`;
    return { status: "matched", why, dueAt: null };
  }
  if (awaitsPayment(refund)) {
    return { status: "pending", why: "the payment is still pending", dueAt: null };
  }
  if (isBeforeErpWatch(refund, policy)) {
    const since = policy.erpWatchedSince ?? "";
    const why = `the ERP was read from ${since} on and the refund is older: it may be booked there`;
    return { status: "matched", why, dueAt: null };
  }
  const due = msOf(clockStart(refund)) + policy.staleAfterMs;
  const note = ambiguityNote === null ? "" : `; ${ambiguityNote}`;
  if (msOf(now) < due) {
    return {
      status: "pending",
      why: `${waitingWords(policy, refund)}${note}`,
      dueAt: instantOf(due),
    };
  }
  const unread = unreadableFor(refund, policy);
  const quarantined = unread === null ? "" : `; ${IN_QUARANTINE}`;
  if (unread === "likely") {
    return { status: "pending", why: `${waitingWords(policy)}${quarantined}`, dueAt: null };
  }
  // A document that may belong to any refund delays the report of a missing refund only until the
  // checkpoint. Otherwise people would hear of no missing refund at all.
  const checkpoint = msOf(clockStart(refund)) + policy.checkpointAfterMs;
  if (unread !== null && msOf(now) < checkpoint) {
    return {
      status: "pending",
      why: `${waitingWords(policy)}${quarantined}`,
      dueAt: instantOf(checkpoint),
    };
  }
  const why = isClaim(refund) ? CLAIM_WORDS : staleWords(policy);
  return {
    status: "stale",
    why: `${why}${note}${quarantined}`,
    dueAt: null,
  };
}

const CLAIM_WORDS =
  "the order's status says refunded, but the storefront has no refund of it and the ERP no document";

const IN_QUARANTINE =
  "a document that may belong to this refund could not be read and is in quarantine";

const REFUND_IN_QUARANTINE =
  "a refund that this document may book could not be read and is in quarantine";

/** A refund that has only void documents: voided, rejected, deleted or reversed. */
export function evaluateVoid(
  refund: StorefrontRefund,
  voided: readonly VoidDocument[],
  match: Match,
  order: string | null,
  policy: Policy,
  now: Instant,
): Evaluation {
  const documents = voided.map(({ document }) => document);
  const why = voided.map(({ document, why: end }) => `${nameOf(document)}: ${end}`).join("; ");
  const due = msOf(clockStart(refund)) + policy.staleAfterMs;
  const first = Math.min(...documents.map(({ createdAt }) => msOf(createdAt)));
  const benign = benignCases(refund, null, null, documents, NONE);
  const gapMs = first - msOf(clockStart(refund));
  const sides = { order, refund, documents, match, benign, gapMs, why };
  if (awaitsPayment(refund)) return evaluation({ ...sides, status: "pending" });
  if (msOf(now) < due) return evaluation({ ...sides, status: "pending", dueAt: instantOf(due) });
  // A deleted document is no longer in the ERP, so the refund is missing there, and the text says
  // who deleted it.
  if (voided.every(({ end }) => end === "deleted")) {
    const mismatches = [missingInErp(refund)];
    return evaluation({ ...sides, status: "stale", mismatches, exposure: refund.settled });
  }
  const { currency } = refund;
  const actual = [...new Set(voided.map(({ end }) => end))].join(", ");
  const mismatches = [ofWords({ kind: "status", expected: "posted", actual, currency })];
  return evaluation({ ...sides, status: "mismatched", mismatches, exposure: refund.settled });
}

/** A document without a refund: the storefront may still report the refund, or it is an orphan. */
export function evaluateDocument(
  document: ErpDocument,
  order: string | null,
  ambiguity: Ambiguity & { readonly repeats?: boolean; readonly isProved?: boolean },
  policy: Policy,
  now: Instant,
): Evaluation {
  const { total, currency, createdAt } = document;
  const due = msOf(createdAt) + policy.staleAfterMs;
  const byTraits = ownershipOf(document, policy);
  const isOurs = ambiguity.isProved === true && byTraits !== "outside_scope";
  const owner = isOurs ? "ours" : byTraits;
  const why = ambiguity.note ?? (owner === "ours" ? "" : ownershipWords(document, policy));
  const note = why === "" ? "" : `: ${why}`;
  const ownership = owner === "ours" || owner === "outside_scope" ? null : owner;
  const sides = {
    order,
    refund: null,
    documents: [document],
    ambiguous: ambiguity.ambiguous,
    ownership,
  };
  if (owner === "outside_scope") {
    return evaluation({ ...sides, status: "matched", why, benign: ["outside_scope"] });
  }
  // Money of another business is not at risk here; the record still shows the document's amount.
  const amount = total.startsWith("-") ? total.slice(1) : total;
  const exposure = owner === "probably_not_ours" ? zeroOf(currency) : amount;
  const between = { expected: zeroOf(currency), actual: total, currency };
  if (ambiguity.repeats === true) {
    const mismatches = [ofAmount({ kind: "duplicate_in_erp", ...between }, total)];
    const repeats = `duplicate booking${note}`;
    return evaluation({ ...sides, status: "duplicated", why: repeats, mismatches, exposure });
  }
  if (isNothing(total)) {
    return evaluation({
      ...sides,
      status: "matched",
      why: "its total is zero: it books no refund",
    });
  }
  if (isBeforeWatch(createdAt, policy)) {
    const since = policy.watchedSince ?? "";
    const older = `the storefront was read from ${since} on, and the refund may be older`;
    return evaluation({ ...sides, status: "matched", why: older, benign: ["before_watch"] });
  }
  if (msOf(now) < due) {
    const waiting = `${expectedWords(policy)}${note}`;
    return evaluation({ ...sides, status: "pending", why: waiting, dueAt: instantOf(due) });
  }
  const unread = unreadableRefundOf(document, policy);
  const checkpoint = msOf(createdAt) + policy.checkpointAfterMs;
  if (unread === "likely" || (unread !== null && msOf(now) < checkpoint)) {
    const waiting = `${expectedWords(policy)}; ${REFUND_IN_QUARANTINE}${note}`;
    const dueAt = unread === "likely" ? null : instantOf(checkpoint);
    return evaluation({ ...sides, status: "pending", why: waiting, dueAt });
  }
  const mismatches = [ofAmount({ kind: "missing_in_storefront", ...between }, total)];
  const missing = `no refund in the storefront after ${inWords(policy.staleAfterMs)}${note}`;
  return evaluation({ ...sides, status: "orphaned", why: missing, mismatches, exposure });
}

/**
 * Its refund may be older than the period for which the storefront was read, so nobody can say that
 * it is missing there.
 */
function isBeforeWatch(createdAt: Instant, { watchedSince, windowMs }: Policy): boolean {
  if (watchedSince === undefined || watchedSince === null) return false;
  return msOf(createdAt) < msOf(watchedSince) + windowMs;
}

/** A void document, which needs no action. */
export function evaluateVoidDocument(
  { document, why }: VoidDocument,
  order: string | null,
): Evaluation {
  return evaluation({ order, refund: null, documents: [document], status: "matched", why });
}

type Known = Pick<Evaluation, "order" | "refund" | "documents" | "status" | "why"> &
  Partial<Evaluation>;

function evaluation(known: Known): Evaluation {
  const { refund, documents } = known;
  const [document] = documents;
  const currency = refund?.currency ?? document?.currency ?? "";
  return {
    id:
      refund === null
        ? documentRecordId(document?.documentId ?? "")
        : refundRecordId(refund.refundId),
    order: known.order,
    refund,
    documents,
    match: known.match ?? null,
    status: known.status,
    mismatches: known.mismatches ?? NONE,
    benign: known.benign ?? NONE,
    ambiguous: known.ambiguous ?? NONE,
    gapMs: known.gapMs ?? null,
    exposure: known.exposure ?? zeroOf(currency),
    currency,
    dueAt: known.dueAt ?? null,
    ownership: known.ownership ?? null,
    why: known.why,
  };
}

const NONE: readonly never[] = [];
const BEFORE_WATCH: readonly BenignCase[] = ["before_watch"];

import { laterOf } from "../time/instant.ts";
import { instantOf, inWords, msOf } from "../time/instant.ts";
import type { Instant } from "../time/instant.ts";
import { clockStart, knownSince } from "../observation/refund-figures.ts";
import { EXCEPTION_STATUSES } from "./sync-record.ts";
import type { HistoryEntry } from "./sync-record.ts";
import type { Policy } from "../policy.ts";
import type { Evaluation } from "./evaluation.ts";
import { isClaim } from "../observation/nothing-to-book.ts";
import type { StorefrontRefund } from "../observation/observation.ts";

/**
 * The history of an evaluation, made from the times of both sides: pending at first, stale at the
 * limit, and the final status when the last document arrived. Use it for records without other
 * events.
 */
export function plainHistory(evaluation: Evaluation, policy: Policy): readonly HistoryEntry[] {
  const { refund, documents, status, why } = evaluation;
  if (refund === null) return documentHistory(evaluation, policy);
  const known = knownSince(refund);
  if (documents.length === 0 && (status === "pending" || status === "matched")) {
    return [{ at: known, status, why }];
  }
  const limit = instantOf(msOf(clockStart(refund)) + policy.staleAfterMs);
  const waiting = { at: known, status: "pending" as const, why: waitingWords(policy, refund) };
  if (documents.length === 0) return [waiting, { at: laterOf(known, limit), status, why }];
  const [first] = documents;
  let arrived = first?.createdAt ?? known;
  for (const { createdAt } of documents) if (createdAt > arrived) arrived = createdAt;
  if (arrived <= known) return [{ at: known, status, why }];
  if (arrived <= limit) return [waiting, { at: arrived, status, why }];
  const stale = {
    at: laterOf(known, limit),
    status: "stale" as const,
    why: staleWords(policy),
  };
  return [waiting, stale, { at: laterOf(arrived, stale.at), status, why }];
}

/** @param refund for a claim, which nobody has processed */
export function waitingWords({ staleAfterMs }: Policy, refund?: StorefrontRefund): string {
  if (refund !== undefined && isClaim(refund)) {
    return "the order's status says refunded; a refund may still follow";
  }
  return `processed; the ERP has ${inWords(staleAfterMs)} to book it`;
}

export function expectedWords({ staleAfterMs }: Policy): string {
  return `no refund yet; the storefront has ${inWords(staleAfterMs)} to report it`;
}

export function staleWords({ staleAfterMs }: Policy): string {
  return `not in the ERP after ${inWords(staleAfterMs)}`;
}

export type Lifecycle = {
  readonly history: readonly HistoryEntry[];
  readonly openedAt: Instant | null;
  readonly resolvedAt: Instant | null;
};

/**
 * The changes of a record's status. An exception that ends becomes `resolved`, not `matched`, with
 * the time of its end. A mismatch or duplicate of less than 15 minutes is left out: the ERP's batch
 * wrote its parts one after another, so it was no exception.
 */
export function lifecycleOf(entries: readonly HistoryEntry[]): Lifecycle {
  const history: HistoryEntry[] = [];
  let openedAt: Instant | null = null;
  let resolvedAt: Instant | null = null;
  for (const entry of entries.length > 2 ? entries.filter(lastedLongEnough) : entries) {
    const { at, why } = entry;
    const ends = openedAt !== null && resolvedAt === null && entry.status === "matched";
    const status = ends ? "resolved" : entry.status;
    const last = history.at(-1);
    if (last !== undefined && isSameState(last.status, status) && last.why === why) continue;
    if (EXCEPTION_STATUSES.has(status) && (openedAt === null || resolvedAt !== null)) {
      openedAt = at;
      resolvedAt = null;
    }
    if (ends) resolvedAt = at;
    history.push(status === entry.status ? entry : { at, status, why });
  }
  return { history, openedAt, resolvedAt };
}

/**
 * The history of a document without a refund: pending at first, then orphaned at the limit or
 * matched at its last change. Any other status begins with the document itself.
 */
function documentHistory(
  { documents, status, why }: Evaluation,
  policy: Policy,
): readonly HistoryEntry[] {
  const [document] = documents;
  if (document === undefined) return [];
  const limit = instantOf(msOf(document.createdAt) + policy.staleAfterMs);
  const waiting = {
    at: document.createdAt,
    status: "pending" as const,
    why: expectedWords(policy),
  };
  switch (status) {
    case "orphaned":
      return [waiting, { at: limit, status, why }];
    case "matched":
      return [waiting, { at: laterOf(document.modifiedAt, document.createdAt), status, why }];
    case "pending":
    case "mismatched":
    case "stale":
    case "duplicated":
    case "resolved":
      return [{ at: document.createdAt, status, why }];
  }
}

/**
 * A resolved record that later agrees is still resolved: `matched` after `resolved` is no change.
 */
function isSameState(one: string, other: string): boolean {
  return one === other || (one === "resolved" && other === "matched");
}

function lastedLongEnough(
  { at, status }: HistoryEntry,
  index: number,
  all: readonly HistoryEntry[],
): boolean {
  const next = all[index + 1];
  if (next === undefined || (status !== "mismatched" && status !== "duplicated")) return true;
  return msOf(next.at) - msOf(at) >= BATCH_WRITING_MS;
}

const BATCH_WRITING_MS = 15 * 60_000;

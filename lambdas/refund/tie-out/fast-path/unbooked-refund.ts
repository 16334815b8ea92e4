import { refundRecordId } from "../../record/record-id.ts";
import { staleWords, waitingWords } from "../../record/lifecycle.ts";
import { instantOf, msOf } from "../../time/instant.ts";
import { zeroOf } from "../../money/minor-units.ts";
import type { StorefrontRefund } from "../../observation/observation.ts";
import type { Instant } from "../../time/instant.ts";
import { isPlainRefund } from "./eligible.ts";
import { clockStart, isBeforeErpWatch, knownSince } from "../../observation/refund-figures.ts";
import type { HistoryEntry, SyncRecord } from "../../record/sync-record.ts";
import type { Policy } from "../../policy.ts";
import { unreadableFor } from "../comparing/unreadable-documents.ts";
import { missingInErp } from "../comparing/missing.ts";

/**
 * The record of a plain refund for which the ERP has no document: pending or missing. Null for
 * every other refund, which the full rules evaluate; the result is always the same as theirs.
 */
export function unbookedRefund(
  order: string | null,
  refund: StorefrontRefund,
  policy: Policy,
  now: Instant,
): SyncRecord | null {
  if (!isPlainRefund(refund) || unreadableFor(refund, policy) !== null) return null;
  if (isBeforeErpWatch(refund, policy)) return null;
  const { settled, currency } = refund;
  const known = knownSince(refund);
  const due = msOf(clockStart(refund)) + policy.staleAfterMs;
  const limit = instantOf(due);
  const missing = msOf(now) >= due;
  const opened = limit > known ? limit : known;
  const waiting: HistoryEntry = { at: known, status: "pending", why: waitingWords(policy) };
  return {
    id: refundRecordId(refund.refundId),
    order,
    refund,
    documents: NONE,
    match: null,
    status: missing ? "stale" : "pending",
    mismatches: missing ? [missingInErp(refund)] : NONE,
    benign: NONE,
    ambiguous: NONE,
    gapMs: null,
    openedAt: missing ? opened : null,
    resolvedAt: null,
    exposure: missing ? settled : zeroOf(currency),
    currency,
    dueAt: missing ? null : limit,
    history: missing
      ? [waiting, { at: opened, status: "stale", why: staleWords(policy) }]
      : [waiting],
    resolution: null,
    ownership: null,
  };
}

const NONE: readonly never[] = [];

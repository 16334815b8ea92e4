import { type Booking, ready } from "./erp/booking.ts";
import { HOUR } from "./calendar.ts";
import { iso } from "./erp/documents.ts";
import type { Truth } from "./life.ts";
import type { Stray, World } from "./world.ts";

/** The truth about one refund, for a person who sees both systems at the end of the life. */
export function truthOf(booking: Booking, world: World): Truth {
  const { story, fault } = booking;
  const { toMs } = world;
  const seen = booking.entries.filter(({ documentId }) => documentId !== "");
  const truth = {
    refundId: story.refundId,
    documentIds: seen.flatMap(({ documentId, payoutId }) =>
      payoutId === null ? [documentId] : [documentId, payoutId],
    ),
    mismatches: [...booking.mismatches],
    cause: booking.cause,
    pattern: booking.pattern,
    benign: stillOpen(booking, toMs) ? "payment_pending" : booking.benign,
    healedAt: booking.healedAt === null ? null : iso(booking.healedAt),
    fault,
  };
  const expected = fault !== null || booking.entries.length > 0;
  if (!expected) return truth;

  const since = ready(booking);
  const due = since + (world.options.lateAfterHours ?? LATE_AFTER_HOURS) * HOUR;
  const [first] = seen;
  if (first === undefined) {
    if (toMs < due) {
      const waiting = since >= toMs ? "payment_pending" : "in_flight";
      return { ...truth, mismatches: [], cause: null, pattern: null, benign: waiting, fault: null };
    }
    const missing = { ...truth, mismatches: ["missing_in_erp"], benign: null };
    return fault === null ? { ...missing, ...SLOW } : missing;
  }
  if (first.at <= due) return truth;
  const healed = truth.mismatches.length === 0;
  return {
    ...truth,
    ...(fault === null ? SLOW : {}),
    benign: null,
    mismatches: [...truth.mismatches, "late"],
    healedAt: healed ? iso(first.at) : truth.healedAt,
  };
}

/** A payment that fails after the end of the life is still pending at the end. */
function stillOpen({ story, benign }: Booking, toMs: number): boolean {
  const open = story.payments.some(({ doneAt }) => doneAt !== null && doneAt >= toMs);
  return benign === "payment_failed" && open;
}

export const LATE_AFTER_HOURS = 6;

/** The truth of a document that is late because a batch did not run, or ran late. */
const SLOW = { cause: "integration", pattern: "async_gap", fault: "async_gap" } as const;

export function truthOfStray({ entry, cause, pattern, benign, fault }: Stray): Truth {
  return {
    refundId: null,
    documentIds: entry.payoutId === null ? [entry.documentId] : [entry.documentId, entry.payoutId],
    mismatches: ["missing_in_storefront"],
    cause,
    pattern,
    benign,
    healedAt: null,
    fault,
  };
}

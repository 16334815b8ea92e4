import { type Booking, ready } from "./erp/booking.ts";
import { HOUR } from "./calendar.ts";
import { iso } from "./erp/documents.ts";
import type { Truth } from "./life.ts";
import type { Stray, World } from "./world.ts";

/** What is really so about one refund, seen at the end of the life by one who sees both systems. */
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

/** A payment that will fail after the life's end is only pending within it. */
function stillOpen({ story, benign }: Booking, toMs: number): boolean {
  const open = story.payments.some(({ doneAt }) => doneAt !== null && doneAt >= toMs);
  return benign === "payment_failed" && open;
}

export const LATE_AFTER_HOURS = 6;

/** A batch that did not run, or ran late. */
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

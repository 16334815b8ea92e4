import { habitOn } from "../../observation/booking-habit.ts";
import type { BookingHabit } from "../../observation/booking-habit.ts";
import { namesOf } from "../../observation/document-names.ts";
import { channelPath } from "../../observation/tenders.ts";
import type { Policy } from "../../policy.ts";
import { localDay } from "../../time/local-day.ts";
import { inWords } from "../../time/instant.ts";
import { sinceInWords } from "../../time/days-in-words.ts";
import type { Since } from "../../time/days-in-words.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import { signOf } from "./hypothesis.ts";
import type { Hypothesis } from "./hypothesis.ts";

/**
 * A credit that was not paid out in the usual time. If credits of its channel and gateway are not
 * paid out any more, the integration's rule changed. A single one was dropped where the integration
 * pays out at once; where that takes days, people may have left it out of a payment run.
 */
export function notPaidOut(record: SyncRecord, policy: Policy): Hypothesis[] {
  const habit = habitOf(record, policy);
  const name = namesOf(record.documents);
  if (habit === null) return [signOf("payout_missing", `${name} is booked and not paid out.`)];
  const { path, paidWithinMs, unpaid, change } = habit;
  const stopped = unpaid ?? change;
  if (stopped !== null) {
    const because = `${name} is booked and not paid out. Credits of ${path} are not paid out any more, ${sinceInWords(stopped)}.`;
    return [signOf("payouts_stopped", because)];
  }
  const because = `${name} is booked and not paid out. Nearly all credits of ${path} are paid out within ${inWords(paidWithinMs ?? 0)}.`;
  return (paidWithinMs ?? 0) <= AT_ONCE_MS
    ? [signOf("payout_missing", because), signOf("payout_left_out", because)]
    : [signOf("payout_run_missed", because), signOf("payout_left_out", because)];
}

/** Null where the kind of document is not one to which the path changed. */
export function bookedAsNewKind(record: SyncRecord, policy: Policy): string | null {
  const habit = habitOf(record, policy);
  const mismatch = record.mismatches.find(({ kind }) => kind === "transaction_type");
  if (habit === null || habit.change === null || mismatch === undefined) return null;
  return `Refunds of ${habit.path} were booked as a ${mismatch.expected} before and are booked as a ${mismatch.actual} now, ${sinceInWords(habit.change)}.`;
}

/** Since when the record's path is booked otherwise, or not paid out; null where it is as before. */
export function bookedOtherwiseSince(record: SyncRecord, policy: Policy): Since | null {
  const habit = habitOf(record, policy);
  const change = habit?.change ?? null;
  return habit?.unpaid ?? (change === null ? null : { from: change.from, to: change.to });
}

function habitOf(
  { refund, documents }: SyncRecord,
  { habits = [], timeZone }: Policy,
): BookingHabit | null {
  const [first] = documents;
  if (refund === null || first === undefined) return null;
  return habitOn(habits, channelPath(refund), localDay(first.createdAt, timeZone));
}

const AT_ONCE_MS = 86_400_000;

import { learnHabits } from "../refund/diagnosis/knowledge/booking-habits.ts";
import type { DailyRollup } from "../refund/diagnosis/rollup/daily-rollup.ts";
import { bookingKind, payoutOf } from "../refund/observation/booking.ts";
import type { BookingHabit } from "../refund/observation/booking-habit.ts";
import { orderOfRefund } from "../refund/observation/order-reference.ts";
import { channelPath } from "../refund/observation/tenders.ts";
import type { Policy } from "../refund/policy.ts";
import { refundRecordId } from "../refund/record/record-id.ts";
import { utcDays } from "../refund/time/business-day.ts";
import type { BusinessDay } from "../refund/time/business-day.ts";
import type { Instant } from "../refund/time/instant.ts";
import { orderPartition } from "./keys.ts";
import type { Key, Stores } from "./ports.ts";
import { writeDue } from "./store/due.ts";
import { forEachDecision } from "./store/event-log.ts";
import { saveHabits } from "./store/habits.ts";

/**
 * Learns from the roll-ups how the ERP books and pays out, and has the watch evaluate the bookings
 * about which a new habit says something: refunds that matched before it was known.
 *
 * The due entries are written before the habits: after a crash in between, the next digest finds
 * the same changes again.
 *
 * @param at both sources were read completely through this instant
 * @returns the habits, and the orders of these bookings
 */
export async function relearnHabits(
  { table, objects }: Stores,
  policy: Policy,
  { rollups, days, at, now }: LearnFrom,
): Promise<{ readonly habits: readonly BookingHabit[]; readonly orders: readonly string[] }> {
  const before = policy.habits ?? [];
  const [today, ...earlier] = days;
  const habits = learnHabits(rollups, before, { now: at, today: today?.date ?? "" });
  const changed = pathsThatChanged(before, habits);
  const due = new Map<string, Key>();
  if (changed.size > 0) {
    const oldest = earlier.at(-1) ?? today;
    await forEachDecision(objects, utcDays(oldest?.from ?? now, now), ({ refund, documents }) => {
      const kinds = refund === null ? undefined : changed.get(channelPath(refund));
      if (refund === null || kinds === undefined || documents.length === 0) return;
      const isUnpaid = payoutOf(refund, documents)?.paidAt === null;
      if (!isUnpaid && !kinds.has(bookingKind(documents))) return;
      const key = {
        pk: orderPartition(orderOfRefund(refund, policy)),
        sk: refundRecordId(refund.refundId),
      };
      due.set(`${key.pk}|${key.sk}`, key);
    });
    const entries = [...due.values()].map((record) => ({ record, at: now }));
    await writeDue(table, entries, now);
  }
  if (JSON.stringify(before) !== JSON.stringify(habits)) await saveHabits(table, habits);
  return { habits, orders: [...new Set([...due.values()].map(({ pk }) => pk))] };
}

type LearnFrom = {
  readonly rollups: readonly DailyRollup[];
  /** The newest first. */
  readonly days: readonly BusinessDay[];
  readonly at: Instant;
  readonly now: Instant;
};

/**
 * The paths of which a habit says something else than before, with the kinds of document to which
 * they changed. A somewhat longer or shorter time of payout is no such change.
 */
function pathsThatChanged(
  before: readonly BookingHabit[],
  after: readonly BookingHabit[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map(before.map((habit) => [nameOf(habit), saysOf(habit)]));
  const changed = new Map<string, Set<string>>();
  for (const habit of after) {
    if ((known.get(nameOf(habit)) ?? NOTHING) === saysOf(habit)) continue;
    const kinds = changed.get(habit.path) ?? new Set();
    if (habit.change !== null) kinds.add(habit.change.kind);
    changed.set(habit.path, kinds);
  }
  return changed;
}

/** A path has one habit until a day, and one without an end. */
function nameOf({ path, until }: BookingHabit): string {
  return `${path}|${until ?? ""}`;
}

function saysOf({ paidWithinMs, change }: Pick<BookingHabit, "paidWithinMs" | "change">): string {
  return JSON.stringify([paidWithinMs !== null, change?.kind ?? null]);
}

/** A habit of which nothing follows for any booking: the usual kind, and no payouts. */
const NOTHING = saysOf({ paidWithinMs: null, change: null });

import type { Since } from "../time/days-in-words.ts";

/**
 * How the ERP books and pays out the refunds of one channel and gateway, learned from the roll-ups
 * of 30 days. A brand that never pays out in the ERP has no time of payout here, and nothing is
 * asked of its credits.
 */
export type BookingHabit = {
  /** See `channelPath`. */
  readonly path: string;
  /** The usual kind of document, see `bookingKind`; null where no kind is usual. */
  readonly kind: string | null;
  /** Nearly all are paid out within this time; null where they are not usually paid out. */
  readonly paidWithinMs: number | null;
  /** Since when the path is booked as another kind of document; null while it is not. */
  readonly change: (Since & { readonly kind: string }) | null;
  /** Since when credits of the path are not paid out any more; null while they are. */
  readonly unpaid: Since | null;
  /** Documents of this local day and later have another habit; null for the newest habit. */
  readonly until: string | null;
};

/** The habit that was valid on this day, of those of one path. */
export function habitOn(
  habits: readonly BookingHabit[],
  path: string,
  day: string,
): BookingHabit | null {
  return habits.find((one) => one.path === path && (one.until === null || day < one.until)) ?? null;
}

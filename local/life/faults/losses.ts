import { blame, enteredByPerson, ready, totalOf } from "../erp/booking.ts";
import { DAY, OFFICE_HOURS, HOUR } from "../calendar.ts";
import type { World } from "../world.ts";
import { profiles } from "./profile.ts";
import { struck, untouched } from "./struck.ts";

/** Time-outs under load: some batches lose many of their refunds, of any kind. */
export function droppedCalls(world: World): void {
  const share = world.shares.dropped_calls ?? 0;
  const dice = world.random.fork("dropped_calls");
  const fix = world.options.fixAt;
  const until = fix?.fault === "dropped_calls" ? Date.parse(fix.at) : world.toMs;
  const pool = world.bookings.filter((booking) => untouched(booking) && booking.story.at < until);
  let left = Math.round(share * pool.length);
  for (const start of left > 0 ? dice.shuffled(world.batches.starts) : []) {
    if (left <= 0) break;
    const carried = pool.filter(
      ({ entries, fault }) =>
        fault === null && entries.some(({ at }) => at >= start && at < start + 0.5 * HOUR),
    );
    const loss = dice.between(0.35, 0.95);
    for (const booking of carried) {
      if (left <= 0 || !dice.chance(loss)) continue;
      left -= 1;
      blame(booking, { fault: "dropped_calls", cause: "integration", pattern: null });
      const found = dice.chance(0.12);
      const day = world.calendar.day(ready(booking) + dice.between(2, 8) * DAY);
      const at = world.calendar.moment(day, OFFICE_HOURS, dice);
      const by = dice.pick(world.connector.accountants);
      booking.entries = found
        ? booking.entries.map((entry) => enteredByPerson(entry, at, by, world.connector))
        : [];
    }
  }
}

/** The credit arrives without references: no order, no refund id, sometimes no lines. */
export function partialSync(world: World): void {
  const { hits, dice } = struck(world, {
    fault: "partial_sync",
    manner: "systematic",
    eligible: untouched,
    groups: profiles,
  });
  for (const booking of hits) {
    const bare = dice.chance(0.4);
    booking.entries = booking.entries.map((entry) => ({
      ...entry,
      linked: false,
      externalId: null,
      otherRefNum: null,
      memo: dice.pick([null, "Web refund", "Customer refund"]),
      lines: bare
        ? [
            {
              type: "OthCharge",
              name: "Refund adjustment",
              quantity: null,
              amount: totalOf(entry.lines),
            },
          ]
        : entry.lines,
    }));
    blame(booking, {
      fault: "partial_sync",
      cause: "integration",
      pattern: "partial_sync",
      mismatches: ["order_reference_missing"],
    });
  }
}

import { blame, enteredByPerson, ready } from "../erp/booking.ts";
import { DAY, OFFICE_HOURS, HOUR, MINUTE } from "../calendar.ts";
import { ratio } from "../minor.ts";
import type { World } from "../world.ts";
import { profiles } from "./profile.ts";
import { plain, struck, untouched } from "./struck.ts";

/** Booked twice: by a retry after a lost answer, or by a person who did not see the first entry. */
export function duplicate(world: World): void {
  const { hits, dice } = struck(world, {
    fault: "duplicate",
    manner: "habit",
    eligible: untouched,
    // Retries occur in bad hours, so all refunds of one half day are one group.
    groups: ({ at }) => [`hours ${Math.floor(at / (12 * HOUR))}`],
  });
  for (const booking of hits) {
    const [entry] = booking.entries;
    if (entry === undefined) continue;
    const person = dice.chance(0.2);
    const again = person
      ? enteredByPerson(
          entry,
          entry.at + Math.floor(dice.between(2, 40) * HOUR),
          dice.pick(world.connector.accountants),
          world.connector,
        )
      : {
          ...entry,
          externalId: null,
          edits: [],
          at:
            entry.at +
            Math.floor(
              dice.chance(0.5) ? dice.between(1, 6) * MINUTE : dice.between(3.9, 4.2) * HOUR,
            ),
        };
    if (again.at >= world.toMs) continue;
    if (again.payout !== null) again.payout = { ...again.payout, at: again.at + 9 * MINUTE };
    booking.entries = [entry, again];
    blame(booking, {
      fault: "duplicate",
      cause: person ? "process" : "integration",
      pattern: null,
      mismatches: ["duplicate_in_erp"],
    });
  }
}

/** Voided or deleted by a person who wanted to post it again, but did not. */
export function voided(world: World): void {
  const { hits, dice } = struck(world, {
    fault: "voided",
    manner: "habit",
    eligible: untouched,
    groups: ({ flow }) => [flow],
  });
  for (const booking of hits) {
    const [entry] = booking.entries;
    if (entry === undefined) continue;
    const day = world.calendar.day(entry.at + dice.between(1, 6) * DAY);
    const at = world.calendar.moment(day, OFFICE_HOURS, dice);
    if (at >= world.toMs) continue;
    const deleted = dice.chance(0.25);
    if (deleted) entry.deletedAt = at;
    else entry.edits.push({ at, by: dice.pick(world.connector.accountants), voided: true });
    blame(booking, {
      fault: "voided",
      cause: "process",
      pattern: null,
      mismatches: [deleted ? "missing_in_erp" : "status"],
    });
  }
}

/** A person changes what was posted: a fee waived or charged, a line corrected after a call. */
export function editedAfterPosting(world: World): void {
  const { hits, dice } = struck(world, {
    fault: "edited_after_posting",
    manner: "habit",
    eligible: (booking) => plain(booking) && booking.story.total > 1_200,
    groups: ({ lines }) => [lines[0]?.line.product.category ?? "none"],
  });
  for (const booking of hits) {
    const [entry] = booking.entries;
    if (entry === undefined) continue;
    const day = world.calendar.day(entry.at + dice.between(0.5, 7) * DAY);
    const at = world.calendar.moment(day, OFFICE_HOURS, dice);
    if (at >= world.toMs || at <= entry.at) continue;
    const discount = booking.story.lines[0]?.line.discount ?? 0;
    const size = dice.pick([
      500,
      1_000,
      ratio(booking.story.total, 10, 100),
      Math.min(discount, 5_000) || 250,
    ]);
    const amount = size < booking.story.total && dice.chance(0.6) ? -size : size;
    entry.edits.push({
      at,
      by: dice.pick(world.connector.accountants),
      lines: [
        ...entry.lines,
        { type: "OthCharge", name: "Refund adjustment", quantity: null, amount },
      ],
    });
    blame(booking, {
      fault: "edited_after_posting",
      cause: "process",
      pattern: null,
      mismatches: ["amount"],
    });
  }
}

/** Booked in time but not posted until the processor's confirmation comes, hours or days later. */
export function asyncConfirmation(world: World): void {
  const { hits, dice } = struck(world, {
    fault: "async_confirmation",
    manner: "systematic",
    eligible: (booking) =>
      untouched(booking) && booking.entries.some(({ kind }) => kind === "CustCred"),
    groups: profiles,
  });
  for (const booking of hits) {
    const [entry] = booking.entries;
    if (entry === undefined) continue;
    const at = entry.at + Math.floor(dice.between(8, 80) * HOUR);
    entry.approved = false;
    entry.edits.push({ at, by: world.connector.user, approved: true });
    if (entry.payout !== null) entry.payout = { ...entry.payout, at: at + 5 * MINUTE };
    const open = at >= world.toMs;
    blame(booking, {
      fault: "async_confirmation",
      cause: "integration",
      pattern: "async_gap",
      mismatches: open ? ["status"] : [],
    });
    booking.healedAt = open ? null : at;
  }
}

/** Misses some batches, but is correct in the end; the booking may have another fault already. */
export function asyncGap(world: World): void {
  const { hits, dice } = struck(world, {
    fault: "async_gap",
    manner: "habit",
    eligible: ({ entries: [entry, ...others], healedAt }) =>
      entry !== undefined &&
      others.length === 0 &&
      healedAt === null &&
      entry.source !== null &&
      entry.deletedAt === null &&
      entry.edits.length === 0,
    groups: ({ at }) => [`day ${Math.floor(at / DAY)}`],
  });
  for (const booking of hits) {
    const [entry] = booking.entries;
    if (entry === undefined) continue;
    const later = dice.weighted([
      [2, 5],
      [3, 3],
      [6, 2],
      [dice.int(7, 16), 2],
    ] as const);
    const at = world.batches.arrival(ready(booking), later, dice);
    if (entry.payout !== null)
      entry.payout = { ...entry.payout, at: entry.payout.at + at - entry.at };
    entry.at = at;
    if (booking.fault === null) {
      blame(booking, { fault: "async_gap", cause: "integration", pattern: "async_gap" });
    }
  }
}

import {
  type Blame,
  type Booking,
  blame,
  enteredByPerson,
  ready,
  totalOf,
} from "../erp/booking.ts";
import { inCash } from "../erp/book.ts";
import { DAY, OFFICE_HOURS, HOUR } from "../calendar.ts";
import type { Random } from "../random.ts";
import type { World } from "../world.ts";
import { strayApproval } from "./stray-approval.ts";
import { struck, untouched } from "./struck.ts";

/** Refunds at the register of some stores that nobody enters into the ERP. */
export function registerBypass(world: World): void {
  const { hits, dice } = struck(world, {
    fault: "register_bypass",
    manner: "habit",
    eligible: (booking) =>
      untouched(booking) && booking.story.sale.channel === "pos" && booking.story.place !== null,
    groups: ({ place }) => [place?.id ?? ""],
    sparesBusiest: true,
  });
  for (const booking of hits) {
    // A card payment leaves a trace that somebody may notice; cash does not.
    if (!inCash(booking.story) && dice.chance(0.25)) continue;
    neverEntered(booking, world, dice, { fault: "register_bypass", pattern: "register_bypass" });
  }
}

/** Money that a member of staff gave without a record: no return, no note, no approval. */
export function verbalApproval(world: World): void {
  const { hits, dice } = struck(world, {
    fault: "verbal_approval",
    manner: "habit",
    eligible: (booking) =>
      untouched(booking) &&
      booking.story.staff !== null &&
      booking.story.returnNumber === null &&
      booking.story.note === null &&
      (booking.story.lines.length === 0 || booking.story.total < world.shop.approvalLimit),
    groups: ({ staff, lines }) => (lines.length === 0 ? [staff?.id ?? ""] : ["with goods"]),
    sparesBusiest: true,
  });
  for (const booking of hits) {
    const { story } = booking;
    if (story.total >= world.shop.approvalLimit && dice.chance(0.6)) continue;
    if (dice.chance(0.12)) strayApproval(world, dice);
    else
      neverEntered(booking, world, dice, { fault: "verbal_approval", pattern: "verbal_approval" });
  }
}

/** Returns to a distribution centre, whose team uses its own form: missing, or days late. */
export function crossTeamHandoff(world: World): void {
  const { hits, dice } = struck(world, {
    fault: "cross_team_handoff",
    manner: "habit",
    eligible: (booking) => untouched(booking) && booking.story.distribution,
    groups: ({ place, flow }) => [`${place?.id} ${flow}`],
  });
  for (const booking of hits) {
    const why = { fault: "cross_team_handoff", pattern: "cross_team_handoff" } as const;
    if (dice.chance(0.3)) enteredLate(booking, world, dice, why, "returns");
    else neverEntered(booking, world, dice, why);
  }
}

/** Store credit for a problem pays an order that is refunded too: at most one of them is booked. */
export function storeCreditLoop(world: World): void {
  const { hits, dice } = struck(world, {
    fault: "store_credit_loop",
    manner: "habit",
    eligible: (booking) => untouched(booking) && booking.story.loop !== null,
    groups: ({ staff }) => [staff === null ? "machine" : "desk"],
  });
  const of = new Map(world.bookings.map((booking) => [booking.story, booking]));
  for (const booking of hits) {
    const twin = booking.story.loop === null ? undefined : of.get(booking.story.loop);
    const both = dice.chance(0.55) && twin !== undefined && untouched(twin);
    for (const each of both ? [booking, twin] : [booking]) {
      if (untouched(each)) {
        neverEntered(each, world, dice, {
          fault: "store_credit_loop",
          pattern: "store_credit_loop",
        });
      }
    }
  }
}

type Why = Pick<Blame, "fault" | "pattern">;

/** Usually missing for ever; sometimes entered days later, or without any reference. */
function neverEntered(booking: Booking, world: World, dice: Random, why: Why): void {
  if (dice.chance(0.08)) return enteredLate(booking, world, dice, why, "accountant");
  if (dice.chance(0.09)) return enteredBlind(booking, world, dice, why);
  blame(booking, { ...why, cause: "process" });
  booking.entries = [];
}

function enteredLate(
  booking: Booking,
  world: World,
  dice: Random,
  why: Why,
  who: "returns" | "accountant",
): void {
  const { connector, calendar } = world;
  const by = dice.pick(who === "returns" ? connector.returnsTeam : connector.accountants);
  const day = calendar.day(ready(booking) + dice.between(1.2, 9) * DAY);
  const at = calendar.moment(day, OFFICE_HOURS, dice);
  booking.entries = booking.entries.map((entry) => {
    const typed = enteredByPerson(entry, at, by, connector);
    if (who === "returns") typed.memo = `Return form ${dice.int(1_000, 9_999)}`;
    return typed;
  });
  blame(booking, { ...why, cause: "process" });
}

/** A person books the amount without an order: an orphan that no integration can match. */
function enteredBlind(booking: Booking, world: World, dice: Random, why: Why): void {
  const { connector } = world;
  const by = dice.pick(connector.accountants);
  const at = ready(booking) + Math.floor(dice.between(0.5, 5.5) * HOUR);
  booking.entries = booking.entries.map((entry) => ({
    ...enteredByPerson(entry, at, by, connector),
    linked: false,
    otherRefNum: null,
    memo: dice.pick([null, "Web refund", "Customer refund"]),
    entity: connector.buyers,
    lines: [
      {
        type: "OthCharge",
        name: "Refund adjustment",
        quantity: null,
        amount: totalOf(entry.lines),
      },
    ],
  }));
  blame(booking, { ...why, cause: "both", mismatches: ["order_reference_missing"] });
}

import type { Booking } from "../erp/booking.ts";
import type { FaultName } from "../options.ts";
import type { Random } from "../random.ts";
import type { Story } from "../story.ts";
import type { World } from "../world.ts";

/**
 * Chooses the refunds that a fault affects: the wanted share of the eligible ones, mostly in
 * certain groups.
 *
 * A broken mapping ("systematic") affects nearly all refunds of one profile. A habit of people
 * affects some refunds of some people, stores or places, never all. Both also affect a few refunds
 * outside these groups, and never all refunds inside them.
 */
export function struck(
  world: World,
  selection: {
    fault: FaultName;
    eligible: (booking: Booking) => boolean;
    manner: "systematic" | "habit";
    /** The groups a refund is in; a habit reads only the first. */
    groups: (story: Story) => readonly string[];
    /** The busiest group is never affected: it only has more work. */
    sparesBusiest?: boolean;
  },
): { hits: Booking[]; dice: Random } {
  const share = world.shares[selection.fault] ?? 0;
  const dice = world.random.fork(selection.fault);
  if (share <= 0) return { hits: [], dice };
  const [since, until] = active(world, selection.fault, selection.manner, dice);
  const pool = world.bookings.filter(
    (booking) =>
      booking.story.at >= since && booking.story.at < until && selection.eligible(booking),
  );
  const wanted = share * pool.length;
  const cap = Math.max(CAP[selection.manner], Math.min(0.98, share));
  const groups = new Map(pool.map(({ story }) => [story, selection.groups(story)]));
  const sizes = groupSizes(groups.values(), selection.manner);
  const affectedGroups =
    selection.manner === "systematic"
      ? profile(sizes, (wanted * (1 - LEAK)) / cap, dice)
      : some(sizes, (wanted * (1 - LEAK)) / cap, selection.sparesBusiest === true, dice);
  const isInAffectedGroup = (story: Story) =>
    groups.get(story)?.some((group) => affectedGroups.has(group)) === true;
  const inside = pool.filter(({ story }) => isInAffectedGroup(story)).length;
  const outside = pool.length - inside;
  const leak = outside === 0 ? 0 : Math.min(share, (wanted * LEAK) / outside);
  const chance = inside === 0 ? 0 : Math.min(cap, (wanted - leak * outside) / inside);
  const hits = pool.filter(({ story }) => dice.chance(isInAffectedGroup(story) ? chance : leak));
  return { hits, dice };
}

/** Without a fault so far, and with one document. */
export function untouched(booking: Booking): boolean {
  return booking.fault === null && booking.entries.length === 1;
}

/** Untouched, and comparable part by part: one currency, no cash rounding, no odd total. */
export function plain(booking: Booking): boolean {
  const { story, entries } = booking;
  const home = story.sale.presentment === null || entries[0]?.exchangeRate === "1";
  const exact = story.oddBy === 0 && story.payments.every(({ rounding }) => rounding === 0);
  return untouched(booking) && home && exact;
}

const LEAK = 0.06;
const CAP = { systematic: 0.9, habit: 0.6 };

/** A mapping breaks on some day, often before the life begins; a fix ends the fault. */
function active(
  world: World,
  fault: FaultName,
  manner: "systematic" | "habit",
  dice: Random,
): [number, number] {
  const fix = world.options.fixAt;
  if (fix?.fault === fault) return [world.fromMs, Date.parse(fix.at)];
  const span = world.toMs - world.fromMs;
  const begins = manner === "systematic" && dice.chance(0.35) ? dice.between(0, 0.35) * span : 0;
  return [world.fromMs + begins, world.toMs];
}

function groupSizes(all: Iterable<readonly string[]>, manner: string): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const groups of all) {
    for (const group of manner === "habit" ? groups.slice(0, 1) : groups) {
      sizes.set(group, (sizes.get(group) ?? 0) + 1);
    }
  }
  return sizes;
}

/** The smallest profile that is large enough, of a random selection; all profiles if none is. */
function profile(sizes: Map<string, number>, needed: number, dice: Random): Set<string> {
  const offered = [...sizes].filter(([, size]) => size >= needed && dice.chance(0.6));
  const smallest = offered.toSorted(([, one], [, other]) => one - other)[0];
  return smallest === undefined ? new Set(sizes.keys()) : new Set([smallest[0]]);
}

function some(
  sizes: Map<string, number>,
  needed: number,
  sparesBusiest: boolean,
  dice: Random,
): Set<string> {
  const busiest = [...sizes].toSorted(([, one], [, other]) => other - one)[0]?.[0];
  const chosen = new Set<string>();
  let size = 0;
  for (const [group, members] of dice.shuffled([...sizes])) {
    if (size >= needed && chosen.size >= 2) break;
    if (sparesBusiest && group === busiest) continue;
    chosen.add(group);
    size += members;
  }
  return chosen;
}

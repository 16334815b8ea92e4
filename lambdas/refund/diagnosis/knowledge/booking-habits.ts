import type { Since } from "../../time/days-in-words.ts";
import type { BookingHabit } from "../../observation/booking-habit.ts";
import { onsetOf } from "../../statistics/change-point.ts";
import type { DayCount } from "../../statistics/change-point.ts";
import type { Waited } from "../../statistics/kaplan-meier.ts";
import { msOf } from "../../time/instant.ts";
import type { Instant } from "../../time/instant.ts";
import { bucketEnd } from "../rollup/gap-buckets.ts";
import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { lagOf } from "../patterns/async-gap.ts";

/**
 * How the ERP usually books and pays out refunds, by channel and gateway.
 *
 * A habit is what nearly all refunds of a path had, before it changed. A change is a finding for 30
 * days; then the new way is the habit of later documents, and the earlier ones stay what they are
 * until they are paid out or a person resolves them. A habit that the roll-ups show no longer stays
 * as it was learned.
 *
 * @param before the habits that were learned last
 * @param today local calendar day
 * @returns of each path the ended habits first, then the newest
 */
export function learnHabits(
  rollups: readonly DailyRollup[],
  before: readonly BookingHabit[],
  { now, today }: { readonly now: Instant; readonly today: string },
): readonly BookingHabit[] {
  const inOrder = rollups.toSorted((a, b) => (a.day < b.day ? -1 : 1));
  const paths = new Set([
    ...before.map(({ path }) => path),
    ...inOrder.flatMap(({ bookings }) => Object.keys(bookings)),
  ]);
  const pooled = payoutHabit(inOrder.map(everyPath), null, now)?.withinMs ?? null;
  return [...paths].toSorted().flatMap((path) => {
    const ended = before.filter((one) => one.path === path && one.until !== null);
    const known = before.find((one) => one.path === path && one.until === null) ?? null;
    const all = inOrder.map(({ day, bookings }) => ({ day, kinds: bookings[path] ?? {} }));
    const days = all.filter(({ day }) => day >= (ended.at(-1)?.until ?? ""));
    const habit = learnPath(path, days, known, { now, pooled });
    if (habit === null) return ended;
    const since = [habit.change?.from ?? "", habit.unpaid?.from ?? ""].toSorted().at(-1) ?? "";
    const until = since === "" ? null : daysAfter(since, FINDING_DAYS);
    return [...ended, until !== null && until <= today ? { ...habit, until } : habit];
  });
}

type Kinds = DailyRollup["bookings"][string];
type Day = { readonly day: string; readonly kinds: Kinds };

function learnPath(
  path: string,
  days: readonly Day[],
  known: BookingHabit | null,
  { now, pooled }: { readonly now: Instant; readonly pooled: number | null },
): BookingHabit | null {
  const change = changeOf(days) ?? stillChanged(known?.change ?? null, days);
  const usual = change === null ? days : days.filter(({ day }) => day < change.from);
  const kind = usualKind(usual) ?? known?.kind ?? null;
  const payouts = payoutHabit(usual, kind, now) ?? habitOfFew(path, usual, pooled, now);
  const paidWithinMs = payouts?.withinMs ?? known?.paidWithinMs ?? null;
  if (kind === null && paidWithinMs === null) return null;
  return {
    path,
    kind,
    paidWithinMs,
    change: change === null || kind === null || change.kind === kind ? null : change,
    unpaid:
      payouts === null
        ? stillUnpaid(known, days, now)
        : paidWithinMs === null
          ? null
          : payouts.unpaid,
    until: null,
  };
}

/** A change ends when nearly all of the newest refunds are booked as before. */
function stillChanged(
  change: BookingHabit["change"],
  days: readonly Day[],
): BookingHabit["change"] {
  if (change === null) return null;
  const counts = days.map(({ day, kinds }): DayCount => {
    const tries = Object.values(kinds).reduce((sum, { refunds }) => sum + refunds, 0);
    return { day, hits: kinds[change.kind]?.refunds ?? 0, tries };
  });
  const { hits, tries } = newest(counts);
  return tries >= LEAST_REFUNDS && hits <= (1 - NEARLY_ALL) * tries ? null : change;
}

/** Credits are paid out again when nearly all of the newest ones are. */
function stillUnpaid(known: BookingHabit | null, days: readonly Day[], now: Instant): Since | null {
  if (known === null || known.unpaid === null) return null;
  const { hits, tries } = newest(unpaidByDay(days, known.paidWithinMs ?? LEAST_MS, now));
  const isPaidAgain = tries >= LEAST_REFUNDS && hits <= (1 - NEARLY_ALL) * tries;
  return isPaidAgain ? null : known.unpaid;
}

/** The last days that have enough refunds together. */
function newest(days: readonly DayCount[]): Pick<DayCount, "hits" | "tries"> {
  const some: DayCount[] = [];
  for (const day of days.toReversed()) {
    if (totalOf(some).tries >= LEAST_REFUNDS) break;
    some.push(day);
  }
  return totalOf(some);
}

/** Of each day's credits that were paid out or are past this time, those that were not paid out. */
function unpaidByDay(days: readonly Day[], withinMs: number, now: Instant): readonly DayCount[] {
  return days.map(({ day, kinds }) => {
    const { paid, unpaid } = payoutsOf(kinds, now);
    const hits = counted(unpaid.filter(({ time }) => time > withinMs));
    return { day, hits, tries: counted(paid) + hits };
  });
}

function usualKind(days: readonly Day[]): string | null {
  const counts = new Map<string, number>();
  let all = 0;
  for (const { kinds } of days) {
    for (const [kind, { refunds }] of Object.entries(kinds)) {
      counts.set(kind, (counts.get(kind) ?? 0) + refunds);
      all += refunds;
    }
  }
  const [first] = [...counts].toSorted(([, a], [, b]) => b - a);
  if (first === undefined || all < LEAST_REFUNDS || first[1] < NEARLY_ALL * all) return null;
  return first[0];
}

/** The kind of document that rose from rare to usual, where there is one. */
function changeOf(days: readonly Day[]): BookingHabit["change"] {
  const names = new Set(days.flatMap(({ kinds }) => Object.keys(kinds)));
  for (const kind of [...names].toSorted()) {
    const counts = days.map(({ day, kinds }): DayCount => {
      const all = Object.values(kinds).reduce((sum, { refunds }) => sum + refunds, 0);
      return { day, hits: kinds[kind]?.refunds ?? 0, tries: all };
    });
    const onset = onsetOf(counts);
    if (onset === null) continue;
    const { before, after, from, to } = onset;
    const isNew =
      before.tries >= LEAST_REFUNDS &&
      before.hits <= (1 - NEARLY_ALL) * before.tries &&
      after.hits >= NEARLY_ALL * after.tries;
    if (isNew) return { kind, from, to };
  }
  return null;
}

/**
 * The time within which nearly all credits of the path are paid out, and since when they are not.
 * Null where they are not usually paid out.
 */
function payoutHabit(
  days: readonly Day[],
  kind: string | null,
  now: Instant,
): { readonly withinMs: number; readonly unpaid: Since | null } | null {
  const waits = days.map(({ day, kinds }) => ({ day, ...payoutsOf(kinds, now) }));
  const p99 = lagOf(
    waits.flatMap((one) => one.paid),
    0.99,
  );
  if (p99 === null) return isPayment(kind) ? { withinMs: LEAST_MS, unpaid: null } : null;
  const paidDays = waits.filter(({ paid }) => paid.length > 0);
  const span = Date.parse(paidDays.at(-1)?.day ?? "") - Date.parse(paidDays[0]?.day ?? "");
  const least = span >= SEEN_A_WEEKEND_MS ? LEAST_MS : LEAST_BEFORE_WEEKEND_MS;
  const withinMs = Math.max(least, LONGER * p99);
  const counts = unpaidByDay(days, withinMs, now);
  const onset = onsetOf(counts);
  const { hits, tries } = onset?.before ?? totalOf(counts);
  if (tries < LEAST_REFUNDS || tries - hits < NEARLY_ALL * tries) return null;
  const isEnd = onset !== null && onset.after.hits >= HALF * onset.after.tries;
  return { withinMs, unpaid: isEnd ? { from: onset.from, to: onset.to } : null };
}

/**
 * A path with few refunds has the habit of all paths together if it does not contradict it: most of
 * its own credits were paid out. Of refunds by several gateways each ERP pays out other parts, so they
 * have only a habit of their own.
 */
function habitOfFew(
  path: string,
  days: readonly Day[],
  withinMs: number | null,
  now: Instant,
): { readonly withinMs: number; readonly unpaid: null } | null {
  if (withinMs === null || path.includes(SEVERAL_GATEWAYS)) return null;
  const waits = days.map(({ kinds }) => payoutsOf(kinds, now));
  const paid = counted(waits.flatMap((one) => one.paid));
  const unpaid = counted(waits.flatMap((one) => one.unpaid.filter(({ time }) => time > withinMs)));
  const isFew = paid + unpaid < LEAST_REFUNDS;
  return isFew && paid >= FEW && paid > unpaid ? { withinMs, unpaid: null } : null;
}

function everyPath({ day, bookings }: DailyRollup): Day {
  const kinds = Object.values(bookings).flatMap((one) => Object.entries(one));
  return {
    day,
    kinds: Object.fromEntries(kinds.map(([kind, tally], at) => [`${kind} ${at}`, tally])),
  };
}

function totalOf(days: readonly DayCount[]): Pick<DayCount, "hits" | "tries"> {
  return {
    hits: days.reduce((sum, { hits }) => sum + hits, 0),
    tries: days.reduce((sum, { tries }) => sum + tries, 0),
  };
}

function payoutsOf(kinds: Kinds, now: Instant): { paid: Waited[]; unpaid: Waited[] } {
  const nowMs = msOf(now);
  const all = Object.values(kinds);
  return {
    paid: all.flatMap(({ paid }) =>
      paid.map(([bucket, count]) => ({ time: bucketEnd(bucket), arrived: true, count })),
    ),
    unpaid: all.flatMap(({ unpaid }) =>
      unpaid.map(([hour, count]) => ({ time: nowMs - hour * HOUR_MS, arrived: false, count })),
    ),
  };
}

function counted(waits: readonly Waited[]): number {
  return waits.reduce((sum, { count }) => sum + count, 0);
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 24 * HOUR_MS).toISOString().slice(0, 10);
}

/** A cash refund or a customer refund is the payout itself. */
function isPayment(kind: string | null): boolean {
  return kind !== null && PAYMENTS.has(kind);
}

const PAYMENTS: ReadonlySet<string> = new Set(["cash_refund", "customer_refund"]);
const LEAST_REFUNDS = 20;
const FEW = 2;
/** As `gatewaysOf` joins them. */
const SEVERAL_GATEWAYS = " + ";
const NEARLY_ALL = 0.9;
const HALF = 0.5;
const FINDING_DAYS = 30;
/**
 * Twice the 99th percentile, and at least a day, is past the habit; three days while no weekend was
 * seen, because payouts may rest then.
 */
const LONGER = 2;
const HOUR_MS = 3_600_000;
const LEAST_MS = 24 * HOUR_MS;
const LEAST_BEFORE_WEEKEND_MS = 3 * LEAST_MS;
const SEEN_A_WEEKEND_MS = 9 * LEAST_MS;

import type { Random } from "./random.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The brand's local calendar: days, hours and busy seasons in its own time zone. */
export class Calendar {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();
  readonly #promotions: ReadonlySet<number>;

  constructor(zone: string, random: Random) {
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    this.#promotions = new Set([random.int(0, 27), random.int(0, 27)]);
  }

  /** Local time as if it were UTC, so that day and hour can be computed from it. */
  wall(instant: number): number {
    return instant + this.#offset(instant);
  }

  /** The instant of this local time. */
  instant(wall: number): number {
    const guess = wall - this.#offset(wall);
    return wall - this.#offset(guess);
  }

  /** Calendar date of an instant, "2026-11-22". */
  date(instant: number): string {
    return isoDate(this.wall(instant));
  }

  /** Number of the local day, counted from 1970. */
  day(instant: number): number {
    return Math.floor(this.wall(instant) / DAY);
  }

  weekday(day: number): number {
    return (day + 4) % 7; // 1970-01-01 was a Thursday; 0 is Sunday
  }

  /** How busy a day is, compared with an ordinary day. */
  volume(day: number): number {
    const weekly = WEEK[this.weekday(day)] ?? 1;
    const date = new Date(day * DAY);
    const friday = blackFriday(date.getUTCFullYear());
    const season = new Map([
      [friday - 1, 1.6],
      [friday, 3.4],
      [friday + 1, 2.1],
      [friday + 2, 1.7],
      [friday + 3, 2.8],
    ]).get(day);
    return weekly * (season ?? (this.#promotions.has(day % 28) ? 1.5 : 1));
  }

  /** A random instant of this day, at an hour weighted by `hours`. */
  moment(day: number, hours: readonly number[], random: Random): number {
    const hour = random.index(hours);
    return this.instant(day * DAY + hour * HOUR + Math.floor(random.next() * HOUR));
  }

  #offset(instant: number): number {
    const hour = Math.floor(instant / HOUR);
    const known = this.#offsets.get(hour);
    if (known !== undefined) return known;
    const parts = new Map(
      this.#format.formatToParts(hour * HOUR).map(({ type, value }) => [type, Number(value)]),
    );
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const wall = Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
    );
    this.#offsets.set(hour, wall - hour * HOUR);
    return wall - hour * HOUR;
  }
}

export function isoDate(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10);
}

/** Number of the day after the fourth Thursday of November. */
function blackFriday(year: number): number {
  const first = Date.UTC(year, 10, 1) / DAY;
  const untilThursday = (7 + 4 - ((first + 4) % 7)) % 7;
  return first + untilThursday + 22;
}

/** Sunday first. */
const WEEK = [1.12, 1.02, 0.94, 0.93, 0.95, 1, 1.04];

/** Twenty-four weights, midnight first. */
export const WEB_HOURS = [3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 7, 6, 5, 5, 5, 6, 7, 9, 10, 9, 7, 5];
export const STORE_HOURS = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 6, 8, 8, 7, 7, 8, 9, 8, 5, 2, 0, 0, 0];
export const OFFICE_HOURS = [
  0, 0, 0, 0, 0, 0, 0, 1, 5, 9, 10, 9, 6, 8, 9, 9, 8, 5, 2, 1, 1, 0, 0, 0,
];

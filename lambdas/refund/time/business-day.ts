import { TZDate } from "@date-fns/tz";

import type { Instant } from "./instant.ts";

/**
 * A calendar day of the brand: `from` is included, `to` is excluded. It has 23 or 25 hours when the
 * clocks change.
 */
export type BusinessDay = {
  readonly date: string;
  readonly from: Instant;
  readonly to: Instant;
};

/** The latest day that has ended. */
export function lastCompleteDay(now: Instant, timeZone: string): BusinessDay {
  const today = new TZDate(now, timeZone);
  return dayAt(today.getFullYear(), today.getMonth(), today.getDate() - 1, timeZone);
}

/** The day `back` days before this one. */
export function dayBefore({ date }: BusinessDay, back: number, timeZone: string): BusinessDay {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return dayAt(year, month - 1, day - back, timeZone);
}

/** The UTC days from one instant to another, in order, both included. */
export function utcDays(from: Instant, to: Instant): string[] {
  const days: string[] = [];
  const last = to.slice(0, 10);
  for (let at = Date.parse(from.slice(0, 10)); ; at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    if (day > last) return days;
    days.push(day);
  }
}

function dayAt(year: number, month: number, day: number, timeZone: string): BusinessDay {
  const noon = new Date(Date.UTC(year, month, day, 12));
  return {
    date: noon.toISOString().slice(0, 10),
    from: midnight(noon, timeZone),
    to: midnight(new Date(noon.getTime() + DAY_MS), timeZone),
  };
}

function midnight(day: Date, timeZone: string): Instant {
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  return new Date(new TZDate(year, month, date, 0, 0, 0, 0, timeZone).getTime()).toISOString();
}

const DAY_MS = 86_400_000;

import { TZDate } from "@date-fns/tz";
import type { Instant } from "./instant.ts";

/** The weekday and the part of the day in the brand's time zone. */
export function localTime(at: Instant, timeZone: string): LocalTime {
  const local = new TZDate(at, timeZone);
  const from = Math.floor(local.getHours() / HOURS_A_BAND) * HOURS_A_BAND;
  const band = `${twoDigits(from)}:00 to ${twoDigits(from + HOURS_A_BAND)}:00`;
  return { weekday: WEEKDAYS[local.getDay()] ?? "Sunday", band };
}

export type LocalTime = { readonly weekday: string; readonly band: string };

const HOURS_A_BAND = 4;
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function twoDigits(hour: number): string {
  return String(hour).padStart(2, "0");
}

/** The midnight at which a calendar day of the brand ends. */
export function endOfDay(day: string, timeZone: string): Instant {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const midnight = new TZDate(year, month - 1, date + 1, 0, 0, 0, 0, timeZone);
  return new Date(midnight.getTime()).toISOString();
}

/** The calendar day in the brand's time zone, such as "2026-11-22". */
export function dayOf(at: Instant, timeZone: string): string {
  const local = new TZDate(at, timeZone);
  return `${local.getFullYear()}-${twoDigits(local.getMonth() + 1)}-${twoDigits(local.getDate())}`;
}

/**
 * As {@link dayOf}, but it keeps one result for every five minutes, because hundreds of refunds
 * fall into the same five minutes. In every time zone a day begins at a multiple of five minutes.
 */
export function localDay(at: Instant, timeZone: string): string {
  const fiveMinutes = `${timeZone} ${at.slice(0, 15)}${at.slice(15, 16) < "5" ? 0 : 5}`;
  const known = knownDays.get(fiveMinutes);
  if (known !== undefined) return known;
  if (knownDays.size > MOST_KNOWN_DAYS) knownDays.clear();
  const day = dayOf(at, timeZone);
  knownDays.set(fiveMinutes, day);
  return day;
}

const knownDays = new Map<string, string>();
const MOST_KNOWN_DAYS = 10_000;

/** `2026-11-22T10:00:00.000Z` */
export type Instant = string;

/**
 * Milliseconds since 1970 of a canonical instant (`2026-11-22T10:00:00.000Z`).
 *
 * The digits are read one by one, because a tie-out converts a million instants and `Date.parse`
 * takes four times as long. Any other spelling goes to `Date.parse`.
 */
export function msOf(at: Instant): number {
  if (at.length !== 24 || at.charCodeAt(23) !== CAPITAL_Z) return Date.parse(at);
  const year = digits(at, 0, 4);
  const month = digits(at, 5, 7);
  const day = digits(at, 8, 10);
  const days = daysSince1970(year, month, day);
  const seconds = digits(at, 11, 13) * 3_600 + digits(at, 14, 16) * 60 + digits(at, 17, 19);
  return days * DAY_MS + seconds * 1_000 + digits(at, 20, 23);
}

/**
 * The reverse of {@link msOf}. It keeps the text of the last day for the next instants of that day,
 * because `Date` takes several times as long as the rest of this function.
 */
export function instantOf(ms: number): Instant {
  const day = Math.floor(ms / DAY_MS);
  const rest = ms - day * DAY_MS;
  if (!Number.isInteger(rest)) return new Date(ms).toISOString();
  if (day !== lastDay.day) {
    lastDay = { day, text: new Date(day * DAY_MS).toISOString().slice(0, -MIDNIGHT.length) };
  }
  const seconds = Math.floor(rest / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const thousandths = 1_000 + rest - seconds * 1_000;
  return `${lastDay.text}${twoDigits(hours)}:${twoDigits(minutes)}:${twoDigits(seconds % 60)}.${String(thousandths).slice(1)}Z`;
}

/** The instant `ms` milliseconds later, or earlier if `ms` is negative. */
export function after(at: Instant, ms: number): Instant {
  return instantOf(msOf(at) + ms);
}

export function laterOf(one: Instant, other: Instant): Instant {
  return one > other ? one : other;
}

let lastDay = { day: Number.NaN, text: "" };

function twoDigits(part: number): string {
  return part < 10 ? `0${part}` : String(part);
}

/** "2 h", "1 d 4 h", "35 min": for sentences. */
export function inWords(ms: number): string {
  if (ms !== lastTold.ms) lastTold = { ms, words: words(ms) };
  return lastTold.words;
}

/**
 * The text of every record contains the same limit of the policy, so its words are made only once.
 */
let lastTold = { ms: Number.NaN, words: "" };

function words(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const parts = [
    [Math.floor(minutes / 1_440), "d"],
    [Math.floor((minutes % 1_440) / 60), "h"],
    [minutes % 60, "min"],
  ] as const;
  const told = parts.filter(([count]) => count > 0).slice(0, 2);
  return told.length === 0 ? "under a minute" : told.map((part) => part.join(" ")).join(" ");
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + text.charCodeAt(at) - ZERO;
  return value;
}

/** The proleptic Gregorian calendar, with years that begin in March so that leap days come last. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leaps = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leaps + dayOfYear - 719_468;
}

const DAY_MS = 86_400_000;
const MIDNIGHT = "00:00:00.000Z";
const ZERO = 48;
const CAPITAL_Z = 90;

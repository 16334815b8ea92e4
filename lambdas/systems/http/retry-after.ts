/**
 * How long the system asks us to wait, in milliseconds; null when it does not say.
 *
 * Retry-After contains seconds (Shopify sends "2.0") or a date. A date is compared with the
 * answer's own Date header, because both come from one clock; our clock may be minutes wrong.
 *
 * @param pauseHeader a header of the platform's own that contains milliseconds, used without
 *   Retry-After
 */
export function retryAfterMs(headers: Headers, pauseHeader?: string): number | null {
  const value = headers.get("retry-after")?.trim() ?? "";
  const ms = pauseHeader === undefined ? "" : (headers.get(pauseHeader)?.trim() ?? "");
  if (value === "" && /^\d{1,9}$/.test(ms)) return Number(ms);
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1_000);
  // Date.parse reads "-5" as the year 2001, so only the date formats of RFC 9110 are accepted.
  if (!HTTP_DATE.test(value)) return null;
  const until = Date.parse(value);
  const sentAt = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(until) || Number.isNaN(sentAt)) return null;
  return Math.max(0, until - sentAt);
}

/**
 * The pause before the next attempt. It doubles each time, up to half a minute; half of it is
 * random, so that many callers do not repeat their requests at the same moment.
 * @param attempt the attempt that failed, from 1
 * @param chance a random number from 0 to 1
 */
export function backOffMs(attempt: number, chance: number): number {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * chance);
}

const HTTP_DATE = /^[A-Z][a-z]{2,8}, ?\d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

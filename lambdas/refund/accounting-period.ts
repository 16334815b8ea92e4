import { TZDate } from "@date-fns/tz";
import type { ErpDocument, Instant, StorefrontRefund } from "./observation.ts";
import type { Mismatch } from "./sync-record.ts";

/**
 * The document stands in another accounting period than the refund's day in the brand's own zone.
 *
 * Strict at the boundary: a refund late on the last evening that the next day's batch booked into
 * the new month is a cut-off error, however small the delay, and cut-off is what an auditor asks
 * for. No money is missing, so it exposes nothing and wakes nobody.
 *
 * @returns null where the periods agree
 */
export function otherPeriod(
  refund: StorefrontRefund,
  document: ErpDocument,
  timeZone: string,
): Mismatch | null {
  const { bookedOn, periodDates, period } = document;
  const month = bookedOn.slice(0, 7);
  if (periodDates === null && farFromMonthEnd(refund.processedAt, month)) return null;
  const day = localDay(refund.processedAt, timeZone);
  const agrees =
    periodDates === null ? day.startsWith(month) : periodDates.from <= day && day <= periodDates.to;
  if (agrees) return null;
  return {
    kind: "period",
    expected: day.slice(0, 7),
    actual: period ?? (periodDates?.from ?? bookedOn).slice(0, 7),
    difference: "",
    currency: refund.currency,
  };
}

/** The calendar day of an instant on the brand's own clock. */
export function localDay(at: Instant, timeZone: string): string {
  const quarter = `${timeZone} ${at.slice(0, 15)}${at.slice(15, 16) < "5" ? 0 : 5}`;
  const known = daysTold.get(quarter);
  if (known !== undefined) return known;
  if (daysTold.size > MOST_DAYS_TOLD) daysTold.clear();
  const day = dayOf(at, timeZone);
  daysTold.set(quarter, day);
  return day;
}

/** Days begin on five minutes in every zone, and refunds come by the hundred in five minutes. */
const daysTold = new Map<string, string>();
const MOST_DAYS_TOLD = 10_000;

function dayOf(at: Instant, timeZone: string): string {
  const local = new TZDate(at, timeZone);
  return `${local.getFullYear()}-${twoDigits(local.getMonth() + 1)}-${twoDigits(local.getDate())}`;
}

function twoDigits(part: number): string {
  return String(part).padStart(2, "0");
}

/** No zone is more than 14 hours away: in the middle of a month the month is the same everywhere. */
function farFromMonthEnd(at: Instant, month: string): boolean {
  const day = at.slice(8, 10);
  return at.startsWith(month) && day > "01" && day < "28";
}

import { ofWords } from "../../record/mismatch.ts";
import { localDay } from "../../time/local-day.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import type { Instant } from "../../time/instant.ts";
import type { Mismatch } from "../../record/mismatch.ts";

/**
 * The mismatch if the document is in another accounting period than the refund's day in the brand's
 * time zone.
 *
 * The limit is strict. If a refund late on the last evening of a month is booked into the new month
 * by the next day's batch, that is a cut-off error, however small the delay, and auditors ask for
 * the cut-off. No money is missing, so it adds no exposure and causes no alert.
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
  return ofWords({
    kind: "period",
    expected: day.slice(0, 7),
    actual: period ?? (periodDates?.from ?? bookedOn).slice(0, 7),
    currency: refund.currency,
  });
}

/**
 * No time zone is more than 14 hours from UTC, so in the middle of a month the month is the same
 * everywhere.
 */
function farFromMonthEnd(at: Instant, month: string): boolean {
  const day = at.slice(8, 10);
  return at.startsWith(month) && day > "01" && day < "28";
}

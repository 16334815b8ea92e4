import type { Instant } from "../refund/time/instant.ts";
import type { Amount } from "../refund/money/amount.ts";

/** "USD 1,234.50": the exact digits, grouped by thousands. */
export function money(amount: Amount, currency: string): string {
  return `${currency} ${grouped(amount)}`;
}

/** "1,234.50" of "1234.50"; a minus stays a plain hyphen, so that it can be copied. */
export function grouped(amount: Amount): string {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(\.\d+)?$/.exec(amount) ?? [];
  return whole === ""
    ? amount
    : `${sign}${whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ",")}${fraction}`;
}

/** "1 refund", "12 refunds", "1,200 refunds". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(String(count))} ${count === 1 ? one : many}`;
}

/** A share from 0 to 1 as "15 %", with one digit below ten; "under 0.1 %" is never "0 %". */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return "under 0.1 %";
  const digits = share < 0.1 && share > 0 ? 1 : 0;
  const text = (share * 100).toFixed(digits);
  return share < 1 && text === "100" ? "over 99 %" : `${text.replace(/\.0$/, "")} %`;
}

/** "40 min", "7 h", "3 d 4 h": a duration in words, rounded down. */
export function spokenDuration(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (hours === 0) return `${minutes} min`;
  if (hours < 48) return `${hours} h`;
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** "1 h 20 min": of work, where no minute is cut off. */
export function spokenMinutes(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** "4 h" of "PT4H", "1 h 30 min" of "PT1H30M"; any other text is returned unchanged. */
export function spokenIso(duration: string): string {
  const [, minus, days, hours, minutes, seconds] = ISO_DURATION.exec(duration) ?? [];
  const parts = [
    days === undefined ? null : `${days} d`,
    hours === undefined ? null : `${hours} h`,
    minutes === undefined ? null : `${minutes} min`,
    seconds === undefined ? null : `${seconds} s`,
  ].filter((part) => part !== null);
  if (parts.length === 0) return duration;
  return minus === undefined ? parts.join(" ") : `${parts.join(" ")} before the refund`;
}

/** "22 Nov 2026, 05:00" in the zone; name the zone beside it. */
export function localTime(instant: Instant, timeZone: string): string {
  const { day, time } = local(instant, timeZone);
  return `${spokenDate(day)}, ${time}`;
}

/** "22 Nov 2026" of "2026-11-22". */
export function spokenDate(date: string): string {
  const [year = "", month = "", day = ""] = date.split("-");
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/** Month names are in this file: ICU's names changed between Node versions, a digest must not. */
function local(instant: Instant, timeZone: string): { day: string; time: string } {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(Date.parse(instant));
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? "";
  return {
    day: `${part("year")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}`,
  };
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const ISO_DURATION = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/;

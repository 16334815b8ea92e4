import type { Instant } from "../time/instant.ts";

/**
 * Whether the instant is in the quiet hours, in which people get no SMS.
 *
 * @param quietHours local times such as "22:00-07:00", the first included, the last excluded; null
 *   or two equal times mean that there are no quiet hours
 * @param timeZone IANA name
 */
export function isQuiet(now: Instant, quietHours: string | null, timeZone: string): boolean {
  const [from, to] = quietHours?.split("-") ?? [];
  if (from === undefined || to === undefined || from === to) return false;
  const local = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(Date.parse(now));
  return from < to ? from <= local && local < to : from <= local || local < to;
}

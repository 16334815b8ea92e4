/** 14,400,000 ms is "PT4H"; an unknown time is null. */
export function isoDuration(ms: number): string;
export function isoDuration(ms: number | null): string | null;
export function isoDuration(ms: number | null): string | null {
  if (ms === null) return null;
  const minutes = Math.round(ms / 60_000);
  const [days, hours, rest] = [
    Math.floor(minutes / 1440),
    Math.floor((minutes % 1440) / 60),
    minutes % 60,
  ];
  const time = `${hours === 0 ? "" : `${hours}H`}${rest === 0 ? "" : `${rest}M`}`;
  if (days === 0 && time === "") return "PT0M";
  return `P${days === 0 ? "" : `${days}D`}${time === "" ? "" : `T${time}`}`;
}

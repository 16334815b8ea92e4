/** The first and the last local day of the 90 % range in which something began. */
export type Since = { readonly from: string; readonly to: string };

/** "since 12 to 15 November": the first and the last day on which something may have begun. */
export function sinceInWords({ from, to }: Since): string {
  if (from === to) return `since ${dayAndMonth(to)}`;
  const isSameMonth = from.slice(0, 7) === to.slice(0, 7);
  const first = isSameMonth ? String(Number(from.slice(8))) : dayAndMonth(from);
  return `since ${first} to ${dayAndMonth(to)}`;
}

/** "2026-11-12" is "12 November". */
export function dayAndMonth(day: string): string {
  const [, month = 1, date = 1] = day.split("-").map(Number);
  return `${date} ${MONTHS[month - 1]}`;
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/**
 * The log: one JSON line for each event, with an event code, a sentence, ids and counts.
 *
 * It never contains whole objects or customer data. Values are cut to a maximum length and control
 * characters are removed, because people and programs read the log line by line.
 */
export type Log = (event: LogEvent) => void;

export type LogEvent = {
  readonly level: "info" | "warn" | "error";
  /** Stable, in capitals: queries and alarms search for it, such as PAGE_COMMITTED. */
  readonly code: string;
  readonly sentence: string;
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
};

export const log: Log = (event) => {
  process.stdout.write(`${logLine(event)}\n`);
};

export function logLine({ level, code, sentence, facts = {} }: LogEvent): string {
  const safe = Object.entries(facts).map(([key, value]) => [clean(key), cleanValue(value)]);
  return JSON.stringify({ level, code, sentence: clean(sentence), ...Object.fromEntries(safe) });
}

function cleanValue(value: string | number | boolean | null): string | number | boolean | null {
  return typeof value === "string" ? clean(value) : value;
}

function clean(text: string): string {
  return text.slice(0, LONGEST_VALUE).toWellFormed().replaceAll(UNPRINTABLE, " ");
}

const LONGEST_VALUE = 500;
/** Control characters, line separators and the marks that reverse the direction of text. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

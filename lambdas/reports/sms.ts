import type { AlertMessage } from "../refund/alerts/alert.ts";
import { grouped, spokenDuration } from "./figures.ts";
import { asciiWord } from "./printable.ts";

/** What an alert's texts need to know beside the message itself. */
export type AlertContext = {
  readonly brand: string;
  /** A refund without an ERP document is stale after this time. */
  readonly staleAfterMs: number;
  readonly timeZone: string;
};

/**
 * An alert as one SMS: fixed templates, at most 160 characters that every phone can show. The only
 * data in it are counts, amounts and one order number, reduced to letters, digits, # and -.
 */
export function sms(message: AlertMessage, context: AlertContext): string {
  const brand = asciiWord(context.brand, 31);
  const variants = sentences(message, context).map((text) => `${brand}: ${text}`);
  const fitting = variants.find((text) => text.length <= LONGEST) ?? variants.at(-1) ?? brand;
  return fitting.replaceAll(NOT_GSM, "").slice(0, LONGEST);
}

/** "USD 412.50" or "USD 412.50 + EUR 20.00", never more than two; plain ASCII. */
export function atRisk({ atRisk: all }: AlertMessage): string {
  const exposed = all.filter(({ amount }) => /[1-9]/.test(amount));
  const rows = exposed.length === 0 ? all : exposed;
  const texts = rows
    .slice(0, 2)
    .map(({ amount, currency }) => `${asciiWord(currency, 3)} ${grouped(amount)}`);
  return `${texts.join(" + ")}${rows.length > 2 ? " and more" : ""}`;
}

/** "ERP" or "storefront and ERP". */
export function silentNames({ sources }: AlertMessage): string {
  return sources.map(({ source }) => (source === "erp" ? "ERP" : source)).join(" and ");
}

/** "3 h": the longest silence among the sources; null when one was never read. */
export function silentFor({ sources, decidedAt }: AlertMessage): string | null {
  const spans = sources.map(({ completeThrough }) =>
    completeThrough === null ? Infinity : Date.parse(decidedAt) - Date.parse(completeThrough),
  );
  const longest = Math.max(0, ...spans);
  return Number.isFinite(longest) ? spokenDuration(longest) : null;
}

/** From the longest to the shortest text: the first that fits is sent. */
function sentences(message: AlertMessage, context: AlertContext): readonly string[] {
  switch (message.kind) {
    case "stale":
      return refundSentences(message, `not in ERP after ${spokenDuration(context.staleAfterMs)}`);
    case "mismatch":
      return refundSentences(message, "mismatched over the threshold");
    case "source_silent":
      return silentSentences(message);
  }
}

function refundSentences(message: AlertMessage, fault: string): readonly string[] {
  const { what, count, cleared } = message;
  const many = `${grouped(String(count))} ${count === 1 ? "refund" : "refunds"}`;
  if (what === "over") {
    return [`Resolved: ${many} reported as ${fault}. Nothing to do.`];
  }
  const risk = `${atRisk(message)} at risk`;
  const oldest = oldestPhrase(message);
  const resolvedSince = cleared === 0 ? "" : `, ${grouped(String(cleared))} fixed since`;
  const start = what === "repeat" ? `still ${many} ${fault}${resolvedSince}` : `${many} ${fault}`;
  return [
    `${start}, ${risk}${oldest}. E-mail has the list.`,
    `${start}, ${risk}. E-mail has the list.`,
    `${start}. E-mail has the list.`,
  ];
}

function oldestPhrase({ oldest, decidedAt }: AlertMessage): string {
  if (oldest === null) return "";
  const age = spokenDuration(Date.parse(decidedAt) - Date.parse(oldest.since));
  const order = asciiWord(oldest.orderNumber ?? "", 20);
  return order === "" ? `, oldest ${age}` : `, oldest ${age} (${order})`;
}

function silentSentences(message: AlertMessage): readonly string[] {
  const names = silentNames(message);
  if (message.what === "over") {
    return [`Resolved: ${names} can be read again. Waiting alerts are checked now. Nothing to do.`];
  }
  const since = silentFor(message);
  const still = message.what === "repeat" ? "still " : "";
  const notReadFor =
    since === null
      ? `${names} ${still}never read completely`
      : `${names} ${still}not read for ${since}`;
  return [`${notReadFor}. Missing refunds cannot be found meanwhile. Check API and credentials.`];
}

const LONGEST = 160;
/** The GSM-7 alphabet has more; these are the ones that are also ASCII and one septet each. */
const NOT_GSM = /[^A-Za-z0-9 .,:;#()+'/%&?!-]/g;

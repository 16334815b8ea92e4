import type { Summary, SummaryException } from "../refund/summary/summary.ts";
import { counted, localTime, money, percent, spokenDate, spokenDuration } from "./figures.ts";
import { repairLines } from "./digest-repairs.ts";
import { MOST_PAYMENTS, paymentsStory, WITHOUT_REFUND } from "./payments-told.ts";
import { asciiWord } from "./printable.ts";
import type { ReportContext } from "./report-context.ts";
import {
  LEAVE_OUT,
  mismatchTexts,
  keyAndCost,
  leftOutOf,
  OTHERS_TITLE,
  ownExceptions,
  segmentName,
  sinceWhen,
  story,
  verdict,
} from "./story.ts";
import type { Story } from "./story.ts";
import { WIDTH, wrap } from "./wrap.ts";

/**
 * The digest as the body of an e-mail: plain text, at most 72 columns, the same content as the
 * page, and where the page and the list are stored.
 */
export function digestText(summary: Summary, context: ReportContext): string {
  const dayStory = story(summary, context);
  const paragraphs: readonly (readonly string[])[] = [
    wrap(
      `${summary.brand}: refunds of ${spokenDate(summary.date)}, ${context.storefront} against ${context.erp}`,
    ),
    wrap(dayStory.headline.toUpperCase()),
    dayStory.unread.flatMap((sentence) => wrap(`! ${sentence}`, undefined, "  ")),
    wrap(dayStory.action),
    figures(summary, dayStory.soFar),
    completeness(summary, context),
    cohorts(summary),
    repairLines(summary),
    exceptions(summary),
    ...unexplained(dayStory, context),
    others(dayStory),
    wrap(dayStory.gap),
    dayStory.checkpoint === "" ? [] : wrap(dayStory.checkpoint),
    dayStory.habits.flatMap((sentence) => wrap(`! ${sentence}`, undefined, "  ")),
    dayStory.benign.length === 0
      ? []
      : wrap(`Known to be harmless: ${dayStory.benign.join("; ")}.`),
    dayStory.odd.length === 0
      ? []
      : wrap(`Problems in the storefront's own data: ${dayStory.odd.join("; ")}.`),
    dayStory.otherCurrencies.length === 0
      ? []
      : wrap(
          `Other currencies, not converted, not in the totals: ${dayStory.otherCurrencies.join("; ")}.`,
        ),
    files(summary, context),
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** "acme refunds 2026-11-22: 12 exceptions, USD 412.50 at risk": at most 100 plain characters. */
export function digestSubject(summary: Summary, context: ReportContext): string {
  const { headline } = story(summary, context);
  return `${summary.brand} refunds ${summary.date}: ${headline}`
    .replaceAll(/[^\x20-\x7e]/g, "")
    .slice(0, 100);
}

function figures(summary: Summary, soFar: string): readonly string[] {
  const { totals, currency } = summary;
  const rows: readonly [string, string][] = [
    ["At risk", `${money(totals.exposure, currency)}${soFar}`],
    [
      "Open exceptions",
      `${ownExceptions(summary).length}${soFar} (${totals.opened} new, ${totals.resolved} resolved)`,
    ],
    [
      "Refunded",
      `${money(totals.refundedAmount, currency)} (${counted(totals.refunds, "refund")})`,
    ],
    ["Matched", `${totals.matched} (${totals.pending} pending, within the time allowed)`],
    [
      "In one system only",
      `${percent(totals.twoStateShare)} of the day's refunds, for more than 15 min`,
    ],
    ["In quarantine", String(totals.quarantined)],
    ...(totals.openOverAWeek === 0
      ? []
      : [["Not final for a week", waitingWords(totals.openOverAWeek)] satisfies [string, string]]),
  ];
  return rows.flatMap(([label, figure]) =>
    wrap(`${label.padEnd(20, ".")} ${figure}`, WIDTH - 2).map((line) => `  ${line}`),
  );
}

/** Payments that are not final, documents without approval, records that cannot be read. */
function waitingWords(count: number): string {
  return `${counted(count, "payment, document or record", "payments, documents or records")}: ask the platform why`;
}

function completeness(summary: Summary, context: ReportContext): readonly string[] {
  const names = { storefront: context.storefront, erp: context.erp };
  const rows = (["storefront", "erp"] as const).flatMap((source) => {
    const row = summary.completeness.find((each) => each.source === source);
    const through = row?.completeThrough ?? null;
    const until =
      through === null
        ? "never read completely"
        : `complete through ${localTime(through, context.timeZone)}`;
    const partial = through === null || through < summary.window.to ? " PARTIAL." : "";
    const own =
      row === undefined || row.reported === null ? "" : ` (its own count: ${row.reported})`;
    const leftOut = leftOutOf(row);
    const out = leftOut === "" ? "" : `; left out on purpose: ${leftOut}`;
    return wrap(
      `- ${names[source]}: ${until};${partial} ${counted(row?.taken ?? 0, "record")} in the last read${own}${out}`,
      undefined,
      "  ",
    );
  });
  const { compared } = paymentsStory(summary, context);
  const payments = compared === "" ? [] : wrap(`- ${compared}`, undefined, "  ");
  return ["What was read", ...rows, ...payments];
}

function cohorts({ cohorts: groups, currency }: Summary): readonly string[] {
  if (groups.length === 0) return [];
  const shown = groups.slice(0, MOST_COHORTS).flatMap((cohort, index) => {
    const why =
      `${index + 1}. ${segmentName(cohort)}: ${cohort.count} of ${cohort.population}, ${money(cohort.exposure, currency)}. ${verdict(cohort)}. ${sinceWhen(cohort)}`.trimEnd();
    const step = cohort.nextSteps[0];
    return [
      ...wrap(why, undefined, "   "),
      ...wrap(keyAndCost(cohort, currency), WIDTH - 3, "   ").map((line) => `   ${line}`),
      ...(step === undefined
        ? []
        : wrap(`-> ${step}`, WIDTH - 3, "   ").map((line) => `   ${line}`)),
    ];
  });
  const more = groups.length - MOST_COHORTS;
  return [
    "Where to look first",
    ...shown,
    ...(more > 0 ? [`and ${more} more in digest.html`] : []),
  ];
}

/** What is probably another business's, and the setting that leaves it out. */
function others({ others: sentence, setting }: Story): readonly string[] {
  if (sentence === "") return [];
  const how = setting.length === 0 ? [] : [LEAVE_OUT, ...setting];
  return [
    OTHERS_TITLE,
    ...wrap(sentence, WIDTH - 2).map((line) => `  ${line}`),
    ...how
      .flatMap((line) => (line === LEAVE_OUT ? wrap(line, WIDTH - 2) : [line]))
      .map((line) => `  ${line}`),
  ];
}

/** Payments and refunds that do not explain each other. */
function unexplained(
  { payments }: Story,
  { storefront }: ReportContext,
): readonly (readonly string[])[] {
  const { withoutRefund, withoutPayment } = payments;
  return [
    rowsUnder(WITHOUT_REFUND, withoutRefund),
    rowsUnder(
      `Refunds whose payment ${storefront}'s own list does not show: ask the processor`,
      withoutPayment,
    ),
  ];
}

function rowsUnder(title: string, rows: readonly string[]): readonly string[] {
  if (rows.length === 0) return [];
  const more = rows.length - MOST_PAYMENTS;
  return [
    ...wrap(title),
    ...rows.slice(0, MOST_PAYMENTS).flatMap((row) => wrap(`- ${row}`, undefined, "    ")),
    ...(more > 0 ? [`and ${counted(more, "more", "more")} in summary.json`] : []),
  ];
}

function exceptions(summary: Summary): readonly string[] {
  const rows = ownExceptions(summary);
  if (rows.length === 0) return ["No exception is open in the data that was read."];
  const shown = rows.slice(0, MOST_EXCEPTIONS).flatMap((row) => exceptionLines(row));
  const more = rows.length - MOST_EXCEPTIONS;
  return [
    "Largest exceptions",
    ...shown,
    ...(more > 0 ? [`and ${counted(more, "more", "more")} in exceptions.csv`] : []),
  ];
}

function exceptionLines(row: SummaryException): readonly string[] {
  const id = row.orderNumber ?? row.refundId ?? `ERP ${row.erpDocumentIds[0] ?? "document"}`;
  const age = spokenDuration(row.ageHours * 3_600_000);
  const name = row.orderNumber === null ? id.replaceAll(/[^A-Za-z0-9# -]/g, "") : asciiWord(id, 30);
  return wrap(
    `- ${name}: ${money(row.exposure, row.currency)}, ${age} old, ${mismatchTexts(row).join("; ")}`,
    undefined,
    "    ",
  );
}

function files(
  { generatedAt }: Summary,
  { files: location, timeZone }: ReportContext,
): readonly string[] {
  return [
    "Files: the page to forward, the whole list, the data for programs:",
    "  digest.html, exceptions.csv, summary.json",
    ...wrap(`bucket ${location.bucket}`, WIDTH - 2).map((line) => `  ${line}`),
    ...wrap(`folder ${location.prefix}`, WIDTH - 2).map((line) => `  ${line}`),
    ...wrap(`Made ${localTime(generatedAt, timeZone)}; all times ${timeZone}.`),
  ];
}

const MOST_COHORTS = 3;
const MOST_EXCEPTIONS = 10;

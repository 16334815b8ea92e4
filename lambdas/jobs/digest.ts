import { awsStores, lazyNotifier } from "../aws/stores.ts";
import type { Brand } from "../brand.ts";
import { dayBefore, lastCompleteDay } from "../ledger/business-day.ts";
import type { BusinessDay } from "../ledger/business-day.ts";
import { gatherDay } from "../ledger/gather-day.ts";
import { emptyOutbox, postLetters } from "../ledger/outbox.ts";
import type { Ports } from "../ledger/ports.ts";
import { log as stdout } from "../log.ts";
import type { Log } from "../log.ts";
import { countMetric, logMeter } from "../metrics.ts";
import { PREFIXES } from "../names.ts";
import type { Instant } from "../refund/observation.ts";
import { summarise } from "../refund/summarise.ts";
import { summarySchema } from "../refund/summary.ts";
import type { Summary } from "../refund/summary.ts";
import { PLATFORM_NAMES } from "../reports/platform-names.ts";
import type { ReportContext } from "../reports/report-context.ts";
import { settingsFrom, scheduledEvent } from "../settings.ts";
import type { LambdaContext } from "../settings.ts";

/** Called by AWS: once a day, at the brand's hour. */
export async function handler(event: unknown, _context: LambdaContext): Promise<DigestReport> {
  const { brand, bucket, ...names } = settingsFrom(process.env);
  const { now } = scheduledEvent(event, process.env);
  const { stores, meter } = awsStores({ bucket, ...names });
  const ports = { ...stores, notifier: lazyNotifier(names.topics) };
  try {
    const report = await digest({ ports, brand, bucket, now, log: stdout });
    countMetric("digestCompleted", 1);
    countMetric("openOverAWeek", report.openOverAWeek);
    return report;
  } finally {
    logMeter(meter, "digest");
  }
}

export type DigestReport = {
  readonly date: string;
  readonly prefix: string;
  /** False when the files already said the same. */
  readonly written: boolean;
  /** Days before this one whose digest was missed and is told now. */
  readonly caughtUp: readonly string[];
  /** Records that have not become final or readable for more than a week. */
  readonly openOverAWeek: number;
};

export type DigestJob = {
  readonly ports: Ports;
  readonly brand: Brand;
  readonly bucket: string;
  readonly now: Instant;
  readonly log: Log;
};

/**
 * The last complete day of the brand: what was refunded, what does not tie out, and why. Days whose
 * digest was missed are told first, a week of them at most.
 *
 * The files first and the summary last of them, so that a summary is never without its companions;
 * then one letter, once a date, however often the day is told again.
 */
export async function digest(job: DigestJob): Promise<DigestReport> {
  const { ports, brand, now, log } = job;
  const day = lastCompleteDay(now, brand.timeZone);
  const missed = await missedDays(ports, brand, day);
  for (const one of missed) await tellDay(job, one);
  const { summary, context, prefix, written } = await tellDay(job, day);
  const { digestSubject, digestText } = await import("../reports/digest-text.ts");
  const late = missed.map(({ date }) => date);
  const isMore = late.length === MOST_MISSED;
  const body = digestText(summary, context);
  await postLetters(ports, [
    {
      dedupeKey: `digest:${brand.brand}:${day.date}`,
      topic: "finance",
      channel: "email",
      subject: digestSubject(summary, context),
      body: late.length === 0 ? body : `${lateWords(late, isMore)}\n\n${body}`,
      decidedAt: now,
    },
  ]);
  await emptyOutbox(ports, "finance", now);

  const facts = {
    date: day.date,
    written,
    exceptions: summary.totals.exceptions,
    late: late.length,
  };
  log({ level: "info", code: "DIGEST", sentence: "The day was told.", facts });
  const { openOverAWeek } = summary.totals;
  return { date: day.date, prefix, written, caughtUp: late, openOverAWeek };
}

function lateWords(dates: readonly string[], mayBeMore: boolean): string {
  const more = mayBeMore ? " Days before these may have none: send the function their events." : "";
  return `No digest was made at its time for ${dates.join(", ")}: it is in the brand's bucket now.${more}`;
}

/** The days since the last digest that have none, oldest first; none before the first digest ever. */
async function missedDays(
  { objects }: Ports,
  brand: Brand,
  day: BusinessDay,
): Promise<readonly BusinessDay[]> {
  const missed: BusinessDay[] = [];
  for (let back = 1; back <= MOST_MISSED + 1; back += 1) {
    const one = dayBefore(day, back, brand.timeZone);
    if ((await objects.get(`${prefixOf(one)}/summary.json`)) !== null) return missed.toReversed();
    missed.push(one);
  }
  // Longer than a week ago, or never: only a digest that was made before tells which.
  const oldest = missed.at(-1);
  const before = await objects.list(PREFIXES.digests);
  const hadOne = oldest !== undefined && before.some((key) => key < prefixOf(oldest));
  return hadOne ? missed.slice(0, MOST_MISSED).toReversed() : [];
}

async function tellDay({ ports, brand, bucket, now }: DigestJob, day: BusinessDay) {
  const prefix = prefixOf(day);
  const summary = summarise({
    brand,
    generatedAt: now,
    ...(await gatherDay(ports, brand, day, now)),
  });
  const context = reportContext(brand, bucket, prefix);
  const written = await writeFiles(ports, prefix, summary, context);
  return { summary, context, prefix, written };
}

function prefixOf({ date }: BusinessDay): string {
  return `${PREFIXES.digests}${date.replaceAll("-", "/")}`;
}

const MOST_MISSED = 7;

async function writeFiles(
  { objects }: Ports,
  prefix: string,
  summary: Summary,
  context: ReportContext,
): Promise<boolean> {
  const { digestHtml } = await import("../reports/digest-html.ts");
  const { digestText } = await import("../reports/digest-text.ts");
  const { exceptionsCsv } = await import("../reports/exceptions-csv.ts");
  const before = await objects.get(`${prefix}/summary.json`);
  if (before !== null && saysTheSame(Buffer.from(before).toString(), summary)) return false;
  await objects.put(`${prefix}/exceptions.csv`, exceptionsCsv(summary), "text/csv; charset=utf-8");
  await objects.put(
    `${prefix}/digest.html`,
    digestHtml(summary, context),
    "text/html; charset=utf-8",
  );
  await objects.put(
    `${prefix}/digest.txt`,
    digestText(summary, context),
    "text/plain; charset=utf-8",
  );
  const body = `${JSON.stringify(summary, null, 2)}\n`;
  await objects.put(`${prefix}/summary.json`, body, "application/json");
  return true;
}

/** The same but for when it was made. */
function saysTheSame(before: string, summary: Summary): boolean {
  const parsed = summarySchema.safeParse(JSON.parse(before));
  if (!parsed.success) return false;
  const said = { ...parsed.data, generatedAt: summary.generatedAt };
  return JSON.stringify(said) === JSON.stringify(summarySchema.parse(summary));
}

function reportContext(brand: Brand, bucket: string, prefix: string): ReportContext {
  return {
    timeZone: brand.timeZone,
    storefront: PLATFORM_NAMES[brand.storefront.platform],
    erp: PLATFORM_NAMES[brand.erp.platform],
    files: { bucket, prefix },
  };
}

import { awsHost } from "../aws/host.ts";
import { lazyNotifier } from "../aws/stores.ts";
import type { Brand } from "../brand.ts";
import type { NotifyingHost } from "../host.ts";
import { dayBefore, lastCompleteDay } from "../refund/time/business-day.ts";
import type { BusinessDay } from "../refund/time/business-day.ts";
import { dayPrefix, makeDay, writeDay } from "../ledger/day-files.ts";
import { gatherDay } from "../ledger/gather-day.ts";
import { sendQueued, enqueue } from "../ledger/store/outbox.ts";
import type { Ports } from "../ledger/ports.ts";
import type { Log } from "../log.ts";
import { logMeter } from "../metrics.ts";
import { PREFIXES } from "../names.ts";
import type { Instant } from "../refund/time/instant.ts";
import { clockFrom, scheduledEvent, settingsFrom } from "../settings.ts";
import type { LambdaContext } from "../settings.ts";

/** AWS calls it once a day, at the brand's digest time. */
export const handler = digestHandler({ ...awsHost, notifier: lazyNotifier });

export function digestHandler({ env, log, count, ...host }: NotifyingHost) {
  return async (event: unknown, _context: LambdaContext): Promise<DigestReport> => {
    const { brand, bucket, ...names } = settingsFrom(env);
    const { now } = scheduledEvent(event, env, host.clock);
    const { stores, meter } = host.stores({ bucket, ...names });
    const ports = { ...stores, notifier: host.notifier(names.topics) };
    try {
      const clock = clockFrom(now, env, host.clock);
      const report = await digest({ ports, brand, bucket, now, clock, log });
      count("digestCompleted", 1);
      count("openOverAWeek", report.openOverAWeek);
      return report;
    } finally {
      logMeter(log, meter, "digest");
    }
  };
}

export type DigestReport = {
  readonly date: string;
  readonly prefix: string;
  /** False when the stored files already had the same content. */
  readonly written: boolean;
  /** Earlier days whose digest was missed and was made in this run. */
  readonly caughtUp: readonly string[];
  /** Records that have not become final or readable for more than a week. */
  readonly openOverAWeek: number;
};

export type DigestJob = {
  readonly ports: Ports;
  readonly brand: Brand;
  readonly bucket: string;
  readonly now: Instant;
  /** The clock of this machine; without it, the event's time is used. */
  readonly clock?: () => Instant;
  readonly log: Log;
};

/**
 * Makes the digest of the brand's last complete day: what was refunded, what does not tie out, and
 * why. Digests that were missed are made first, for at most seven days.
 *
 * It writes the files first and then sends one message. Each date has one message, even if its
 * digest is made again.
 */
export async function digest(job: DigestJob): Promise<DigestReport> {
  const { ports, brand, now, log } = job;
  const day = lastCompleteDay(now, brand.timeZone);
  const missed = await missedDays(ports, brand, day);
  for (const one of missed) await makeAndWriteDay(job, one);
  const { summary, context, written } = await makeAndWriteDay(job, day);
  const { prefix } = context.files;
  const { digestSubject, digestText } = await import("../reports/digest-text.ts");
  const late = missed.map(({ date }) => date);
  const isMore = late.length === MOST_MISSED;
  const body = digestText(summary, context);
  await enqueue(ports, [
    {
      dedupeKey: `digest:${brand.brand}:${day.date}`,
      topic: "finance",
      channel: "email",
      subject: digestSubject(summary, context),
      body: late.length === 0 ? body : `${lateNotice(late, isMore)}\n\n${body}`,
      decidedAt: now,
    },
  ]);
  await sendQueued(ports, "finance", now, job.clock);

  const facts = {
    date: day.date,
    written,
    exceptions: summary.totals.exceptions,
    late: late.length,
  };
  log({ level: "info", code: "DIGEST", sentence: "Digest written.", facts });
  const { openOverAWeek } = summary.totals;
  return { date: day.date, prefix, written, caughtUp: late, openOverAWeek };
}

function lateNotice(dates: readonly string[], mayBeMore: boolean): string {
  const more = mayBeMore
    ? ' Days before these may have no digest: an engineer can make it (docs/runbook.md, "No digest").'
    : "";
  return `No digest was made on time for ${dates.join(", ")}. The digest of each of these days is in the brand's bucket now.${more}`;
}

/** Days without a digest since the last one, oldest first; empty before the first digest. */
async function missedDays(
  { objects }: Ports,
  brand: Brand,
  day: BusinessDay,
): Promise<readonly BusinessDay[]> {
  const missed: BusinessDay[] = [];
  for (let back = 1; back <= MOST_MISSED + 1; back += 1) {
    const one = dayBefore(day, back, brand.timeZone);
    if ((await objects.get(`${dayPrefix(one.date)}/summary.json`)) !== null)
      return missed.toReversed();
    missed.push(one);
  }
  // The last digest is more than a week old, or there was none: older keys in the bucket decide.
  const oldest = missed.at(-1);
  const before = await objects.list(PREFIXES.digests);
  const hadOne = oldest !== undefined && before.some((key) => key < dayPrefix(oldest.date));
  return hadOne ? missed.slice(0, MOST_MISSED).toReversed() : [];
}

async function makeAndWriteDay({ ports, brand, bucket, now }: DigestJob, day: BusinessDay) {
  const evidence = await gatherDay(ports, brand, day, { now, bucket });
  const made = await makeDay(ports.objects, evidence);
  const written = await writeDay(ports, evidence, made);
  return { ...made, written };
}

const MOST_MISSED = 7;

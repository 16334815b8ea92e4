import { awsStores, lazyNotifier } from "../aws/stores.ts";
import { milliseconds } from "../brand.ts";
import type { Brand } from "../brand.ts";
import { openAlerts, saveAlerts } from "../ledger/alert-book.ts";
import type { Rules } from "../ledger/commit-page.ts";
import { dueBy, readLookedThrough, saveLookedThrough } from "../ledger/due.ts";
import type { DueItem } from "../ledger/due.ts";
import { emptyOutbox, postLetters } from "../ledger/outbox.ts";
import type { Letter } from "../ledger/outbox.ts";
import { policyOf } from "../ledger/policy.ts";
import type { Ports } from "../ledger/ports.ts";
import { settleDue } from "../ledger/settle-due.ts";
import { horizon, readSourceState } from "../ledger/source-state.ts";
import type { SourceState } from "../ledger/source-state.ts";
import { log as stdout } from "../log.ts";
import type { Log } from "../log.ts";
import { countMetric, logMeter } from "../metrics.ts";
import { decideAlerts } from "../refund/alert.ts";
import type { AlertPolicy } from "../refund/alert-policy.ts";
import type { AlertMessage } from "../refund/alert-state.ts";
import type { Instant } from "../refund/observation.ts";
import type { SyncRecord } from "../refund/sync-record.ts";
import { alertMessage } from "../reports/alert-message.ts";
import { scheduledEvent, settingsFrom } from "../settings.ts";
import type { LambdaContext } from "../settings.ts";

/** Called by AWS: every quarter of an hour. */
export async function handler(event: unknown, context: LambdaContext): Promise<WatchReport> {
  const { brand, ...names } = settingsFrom(process.env);
  const { now } = scheduledEvent(event);
  const { stores, meter } = awsStores(names);
  const ports = { ...stores, notifier: lazyNotifier(names.topics) };
  const remainingMs = (): number => context.getRemainingTimeInMillis() - STOP_BEFORE_MS;
  try {
    const report = await watch({ ports, brand, now, remainingMs, log: stdout });
    countMetric("watchCompleted", 1);
    countMetric("outboxAgeMinutes", report.oldestLetterMinutes);
    return report;
  } finally {
    logMeter(meter, "watch");
  }
}

export type WatchReport = {
  readonly lookedAt: number;
  readonly published: number;
  /** How long the oldest of them had waited since it was decided. */
  readonly oldestLetterMinutes: number;
};

export type Watch = {
  readonly ports: Ports;
  readonly brand: Brand;
  readonly now: Instant;
  readonly remainingMs: () => number;
  readonly log: Log;
};

/**
 * Moves what only time moves, decides what people must be told, and tells them.
 *
 * Records first, then letters and alerts, then the due list: a run that dies looks at the same
 * records again and decides the same letters under the same keys.
 */
export async function watch(job: Watch): Promise<WatchReport> {
  const { ports, brand, now, log } = job;
  const sources = {
    storefront: await readSourceState(ports.table, "storefront"),
    erp: await readSourceState(ports.table, "erp"),
  };
  const due = await dueBy(ports.table, now, {
    through: await readLookedThrough(ports.table),
    againAfterMs: milliseconds(brand.checkpointAfter) - milliseconds(brand.thresholds.staleAfter),
  });
  const rules = rulesOf(brand, sources, now);
  const looked = new Map<string, SyncRecord>();
  const done: DueItem[] = [];
  for (const item of due) {
    if (job.remainingMs() <= 0) break;
    for (const record of await settleDue(ports, item, rules)) looked.set(record.id, record);
    done.push(item);
  }
  await decide(job, [...looked.values()], sources);
  for (const { key, kind } of done) if (kind === "soon") await ports.table.remove(key);
  const isAll = done.length === due.length;
  if (isAll && due.some(({ kind }) => kind === "later")) await saveLookedThrough(ports.table, now);
  const { published, oldestLetterMinutes } = await emptyOutbox(ports, "ops", now);

  const facts = { lookedAt: looked.size, published, due: due.length };
  log({ level: "info", code: "WATCHED", sentence: "What was due was looked at.", facts });
  return { lookedAt: looked.size, published, oldestLetterMinutes };
}

async function decide(
  { ports, brand, now }: Watch,
  exceptions: readonly SyncRecord[],
  sources: { readonly storefront: SourceState; readonly erp: SourceState },
): Promise<void> {
  const open = await openAlerts(ports.table);
  const { alerts, messages } = decideAlerts({
    exceptions,
    open,
    policy: alertPolicyOf(brand),
    sources: [
      { source: "storefront", completeThrough: sources.storefront.completeThrough },
      { source: "erp", completeThrough: sources.erp.completeThrough },
    ],
    now,
  });
  await postLetters(
    ports,
    messages.map((message) => letter(message, brand)),
  );
  await saveAlerts(ports.table, alerts, now);
}

function letter(message: AlertMessage, { brand, timeZone, thresholds }: Brand): Letter {
  const staleAfterMs = milliseconds(thresholds.staleAfter);
  const said = alertMessage(message, { brand, timeZone, staleAfterMs });
  const { dedupeKey, channel, decidedAt } = message;
  const body = channel === "sms" ? said.sms : said.email;
  return { dedupeKey, channel, decidedAt, topic: "ops", subject: said.subject, body };
}

function rulesOf(
  brand: Brand,
  { storefront, erp }: { readonly storefront: SourceState; readonly erp: SourceState },
  now: Instant,
): Rules {
  return {
    policy: policyOf(brand),
    horizon: horizon([storefront, erp], now),
    now,
    retentionMs: milliseconds(brand.retention.matched),
  };
}

function alertPolicyOf({ currency, timeZone, thresholds, alerts }: Brand): AlertPolicy {
  return {
    threshold: { amount: thresholds.amount },
    currency,
    timeZone,
    repeatEveryMs: milliseconds(alerts.repeatEvery),
    quietHours: alerts.quietHours ?? null,
    silentAfterMs: SILENT_AFTER_MS,
  };
}

/** Four pulls in a row that did not complete. */
const SILENT_AFTER_MS = 60 * 60_000;
const STOP_BEFORE_MS = 45_000;

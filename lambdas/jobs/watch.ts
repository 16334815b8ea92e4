import { awsHost } from "../aws/host.ts";
import { lazyNotifier } from "../aws/stores.ts";
import { milliseconds } from "../brand.ts";
import type { Brand } from "../brand.ts";
import type { NotifyingHost } from "../host.ts";
import type { Act } from "../ledger/store/act-log.ts";
import { openAlerts } from "../ledger/store/alerts.ts";
import { decideOnce } from "../ledger/store/decisions.ts";
import type { Rules } from "../ledger/rules.ts";
import {
  dueLater,
  dueSoon,
  markEvaluated,
  wasEvaluated,
  readEvaluatedThrough,
  saveEvaluatedThrough,
} from "../ledger/store/due.ts";
import type { DueItem } from "../ledger/store/due.ts";
import { sendQueued, oldestWaitingMinutes } from "../ledger/store/outbox.ts";
import type { Message } from "../ledger/store/outbox.ts";
import { hasUnknownCompany, learnOwnership, mustLearnAgain } from "../ledger/learn-ownership.ts";
import { readPolicy } from "../ledger/policy.ts";
import { readOwnership } from "../ledger/store/ownership.ts";
import type { KeptOwnership } from "../ledger/store/ownership.ts";
import type { Ports } from "../ledger/ports.ts";
import { DueEvaluation } from "../ledger/evaluate-due.ts";
import { horizon, readSourceState } from "../ledger/store/source-state.ts";
import type { ReadState } from "../ledger/store/source-state.ts";
import type { Log } from "../log.ts";
import { logMeter } from "../metrics.ts";
import { decideAlerts } from "../refund/alerts/decide-alerts.ts";
import type { AlertPolicy } from "../refund/alerts/alert-policy.ts";
import type { AlertMessage } from "../refund/alerts/alert.ts";
import type { Instant } from "../refund/time/instant.ts";
import type { SyncRecord } from "../refund/record/sync-record.ts";
import { alertMessage } from "../reports/alert-message.ts";
import { clockFrom, scheduledEvent, settingsFrom } from "../settings.ts";
import type { LambdaContext } from "../settings.ts";

/** AWS calls it every 15 minutes. */
export const handler = watchHandler({ ...awsHost, notifier: lazyNotifier });

export function watchHandler({ env, log, count, ...host }: NotifyingHost) {
  return async (event: unknown, context: LambdaContext): Promise<WatchReport> => {
    const { brand, ...names } = settingsFrom(env);
    const { now } = scheduledEvent(event, env, host.clock);
    const { stores, meter } = host.stores(names);
    const ports = { ...stores, notifier: host.notifier(names.topics) };
    const remainingMs = (): number => context.getRemainingTimeInMillis() - STOP_BEFORE_MS;
    try {
      const report = await watch({
        ports,
        brand,
        now,
        remainingMs,
        clock: clockFrom(now, env, host.clock),
        // Counted before anything is published, so that the metric exists when publishing fails.
        reportOldestWait: (minutes) => count("outboxAgeMinutes", minutes),
        log,
      });
      if (report.isAll) count("watchCompleted", 1);
      return report;
    } finally {
      logMeter(log, meter, "watch");
    }
  };
}

export type WatchReport = {
  readonly lookedAt: number;
  readonly published: number;
  /** Whether everything that was due was evaluated; the rest is still due. */
  readonly isAll: boolean;
};

export type Watch = {
  readonly ports: Ports;
  readonly brand: Brand;
  readonly now: Instant;
  readonly remainingMs: () => number;
  /** The clock of this machine; without it, the event's time is used. */
  readonly clock?: () => Instant;
  /** Called with the waiting time of the oldest message, in minutes. */
  readonly reportOldestWait?: (minutes: number) => void;
  readonly log: Log;
};

/**
 * Evaluates the records that change only because time passes, decides which messages people must
 * get, and sends them.
 *
 * It writes the records first, then messages and alerts, then the due list and how far it was
 * evaluated. So after a crash the next run evaluates the same records again and decides the same
 * messages under the same keys. A run that has no time for everything saves how far it got, and the
 * next run begins there.
 */
export async function watch(job: Watch): Promise<WatchReport> {
  const { ports, now, log } = job;
  job.reportOldestWait?.(await oldestWaitingMinutes(ports.table, now));
  const sources = {
    storefront: await readSourceState(ports.table, "storefront"),
    erp: await readSourceState(ports.table, "erp"),
  };
  const { rules, ownership } = await rulesOf(job, sources);
  const { evaluated, done, through, isAll } = await evaluateDue(job, rules);
  await decide(job, evaluated, sources);
  for (const item of done) await markEvaluated(ports.table, item, now);
  if (through !== null) await saveEvaluatedThrough(ports.table, through);
  const { published } = await sendQueued(ports, "ops", now, job.clock);
  // The next run evaluates the documents whose owner is another one now.
  if (ownership !== null && hasUnknownCompany(ownership, evaluated, now)) {
    await learnOwnership(ports, rules.policy, rules);
  }

  const facts = { lookedAt: evaluated.length, published, done: done.length, isAll };
  const sentence = isAll
    ? "Due records checked."
    : "Due records checked in part: time ran out. The next run begins with the rest.";
  log({ level: isAll ? "info" : "warn", code: "WATCHED", sentence, facts });
  return { lookedAt: evaluated.length, published, isAll };
}

async function evaluateDue({ ports, brand, now, remainingMs, log }: Watch, rules: Rules) {
  const due = new DueEvaluation(ports, rules, log);
  const done: DueItem[] = [];
  const stored = await readEvaluatedThrough(ports.table);
  // A run with a clock in the future saved this time: everything that is due is evaluated again.
  const before = stored !== null && stored > now ? null : stored;
  let isAll = true;
  let from: string | null = "";
  while (from !== null && isAll) {
    const { items, next } = await dueSoon(ports.table, now, from);
    for (const item of items) {
      if (remainingMs() <= 0) {
        isAll = false;
        break;
      }
      await due.evaluate(item);
      done.push(item);
    }
    from = next;
  }
  const later = await dueLater(ports.table, now, {
    through: before,
    againAfterMs: milliseconds(brand.checkpointAfter) - milliseconds(brand.thresholds.staleAfter),
  });
  let through = later.length > 0 ? now : null;
  for (const item of later) {
    if (remainingMs() <= 0) {
      isAll = false;
      through = wasEvaluated(item);
      break;
    }
    await due.evaluate(item);
    done.push(item);
  }
  if (before === null && stored !== null) through ??= now;
  const wouldMoveBack = through !== null && before !== null && through <= before;
  return { evaluated: await due.finish(), done, through: wouldMoveBack ? null : through, isAll };
}

async function decide(
  { ports, brand, now }: Watch,
  exceptions: readonly SyncRecord[],
  sources: { readonly storefront: ReadState; readonly erp: ReadState },
): Promise<void> {
  await decideOnce(ports, async () => {
    const decided = decideAlerts({
      exceptions,
      open: await openAlerts(ports.table),
      policy: alertPolicyOf(brand),
      sources: [
        { source: "storefront", ...readingOf(sources.storefront) },
        { source: "erp", ...readingOf(sources.erp) },
      ],
      now,
    });
    const messages = decided.messages.map((message) => inWords(message, brand));
    const acts = decided.messages.map(({ dedupeKey, kind, what, channel, count }): Act => ({
      act: "alert",
      subject: dedupeKey,
      by: "watch",
      said: `${kind} ${what}, ${count} by ${channel}`,
    }));
    return { now, messages, acts, alerts: decided.alerts };
  });
}

function readingOf({ completeThrough, trouble }: ReadState) {
  return { completeThrough, trouble };
}

function inWords(message: AlertMessage, { brand, timeZone, thresholds }: Brand): Message {
  const staleAfterMs = milliseconds(thresholds.staleAfter);
  const texts = alertMessage(message, { brand, timeZone, staleAfterMs });
  const { dedupeKey, channel, decidedAt } = message;
  const body = channel === "sms" ? texts.sms : texts.email;
  return { dedupeKey, channel, decidedAt, topic: "ops", subject: texts.subject, body };
}

async function rulesOf(
  { ports, brand, now }: Watch,
  { storefront, erp }: { readonly storefront: ReadState; readonly erp: ReadState },
): Promise<{ readonly rules: Rules; readonly ownership: KeptOwnership | null }> {
  const policy = await readPolicy(ports.table, brand, { storefront, erp });
  const rules = {
    policy,
    horizon: horizon([storefront, erp], now),
    now,
    retentionMs: milliseconds(brand.retention.matched),
  };
  const isRead = storefront.completeThrough !== null && erp.completeThrough !== null;
  const known = await readOwnership(ports.table);
  if (!isRead || !mustLearnAgain(known, policy, now)) return { rules, ownership: known };
  const ownership = await learnOwnership(ports, policy, rules);
  return { rules: { ...rules, policy: { ...policy, learned: ownership.learned } }, ownership };
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

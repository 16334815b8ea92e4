import { applyRecords, openAlerts } from "./alert-membership.ts";
import type { AlertPolicy, SourceReading } from "./alert-policy.ts";
import { followSources } from "./source-alerts.ts";
import type { Alert, AlertKind, AlertMessage } from "./alert.ts";
import { messageFor } from "./alert-messages.ts";
import type { Instant } from "../time/instant.ts";
import type { SyncRecord } from "../record/sync-record.ts";

/**
 * Decides which messages people get now, and which state of the alerts is stored.
 *
 * - A stale refund causes an SMS and an e-mail, a mismatch over the threshold an e-mail, a silent
 *   source both. However many there are, a run sends at most one message of each kind, type (new,
 *   repeat, over) and channel.
 * - An open alert is repeated every `repeatEveryMs`, all alerts of a kind in one message. When all
 *   members of an alert are resolved, one message says so.
 * - While a source is silent, nothing is reported as missing because of it. Those alerts wait, and
 *   they are sent when the source is back, if they are still true.
 * - In quiet hours no SMS is decided. After the quiet hours one SMS reports the state at that time.
 * - A member that comes back within an hour causes no message until the next repeat.
 *
 * Write `messages`, then `alerts`, then publish: a repeated decision has the same dedupe keys.
 * `alerts` contains the new, the changed and the done alerts: remove the done ones ({@link isDone})
 * from the table.
 */
export function decideAlerts(input: {
  /** Every record that changed or came due since the last run, whatever its status is now. */
  readonly exceptions: readonly SyncRecord[];
  /** Every alert that is not done; a done alert is returned so that it is removed. */
  readonly open: readonly Alert[];
  readonly policy: AlertPolicy;
  readonly sources: readonly SourceReading[];
  readonly now: Instant;
}): { readonly alerts: readonly Alert[]; readonly messages: readonly AlertMessage[] } {
  const { exceptions, open, policy, sources, now } = input;
  const silent = new Set(
    sources.filter((reading) => isSilent(reading, policy, now)).map(({ source }) => source),
  );
  const records = new Map(exceptions.map((record) => [record.id, record]));

  const alerts: Alert[] = [];
  const messages: AlertMessage[] = [];
  for (const kind of KINDS) {
    const known = open.filter((alert) => alert.kind === kind);
    const current =
      kind === "source_silent"
        ? followSources(known, sources, silent, now)
        : withNewAlerts(known, kind, records, policy, now);
    const result = messageFor({ kind, alerts: current, silent, sources, policy, now });
    alerts.push(...result.alerts);
    messages.push(...result.messages);
  }
  const before = new Map(open.map((alert) => [alert.key, JSON.stringify(alert)]));
  return {
    alerts: alerts.filter(
      (alert) => isDone(alert, now) || before.get(alert.key) !== JSON.stringify(alert),
    ),
    messages,
  };
}

/**
 * Whether an alert may be removed: it is over, every channel knows it, and it can no longer come
 * back.
 */
export function isDone({ doneAt }: Alert, now: Instant): boolean {
  return doneAt !== null && doneAt <= now;
}

function withNewAlerts(
  known: readonly Alert[],
  kind: AlertKind,
  records: ReadonlyMap<string, SyncRecord>,
  policy: AlertPolicy,
  now: Instant,
): readonly Alert[] {
  const { alerts, taken } = applyRecords({ alerts: known, kind, records, policy, now });
  const notInAlert = [...records.values()].filter(({ id }) => !taken.has(id));
  return [...alerts, ...openAlerts({ kind, records: notInAlert, policy, now })];
}

function isSilent(
  { completeThrough }: SourceReading,
  { silentAfterMs }: AlertPolicy,
  now: Instant,
): boolean {
  return completeThrough === null || Date.parse(now) - Date.parse(completeThrough) > silentAfterMs;
}

const KINDS: readonly AlertKind[] = ["stale", "mismatch", "source_silent"];

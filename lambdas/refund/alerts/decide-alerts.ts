import { applyRecords, openAlerts } from "./alert-membership.ts";
import type { AlertPolicy, SourceReading } from "./alert-policy.ts";
import { followSources } from "./source-alerts.ts";
import type { Alert, AlertKind, AlertMessage } from "./alert.ts";
import { messageFor } from "./alert-messages.ts";
import type { Instant } from "../time/instant.ts";
import type { SyncRecord } from "../record/sync-record.ts";

/**
 * Decides what people are to be told now, and what to remember of it.
 *
 * - A stale refund goes to SMS and e-mail, a mismatch over the threshold to e-mail, a silent source
 *   to both. However many there are, a run sends at most one message of each kind, matter and channel.
 * - What is open is told again every `repeatEveryMs`, all of a kind in one message; when every
 *   member of an alert came right, that is told once.
 * - While a source is silent, nothing is called missing because of it: those alerts wait, and are
 *   told when the source is back and they still hold.
 * - In quiet hours no SMS is decided; afterwards one tells what is then so.
 * - A member that comes back within an hour comes back without a message until the next repeat.
 *
 * Write `messages`, then `alerts`, then publish: a decision made again has the same dedupe keys.
 * `alerts` holds what is new or changed, and what is done: remove what {@link isDone} from the table.
 */
export function decideAlerts(input: {
  /** Every record that changed or came due since the last run, whatever its status is now. */
  readonly exceptions: readonly SyncRecord[];
  /** Every alert that is not done; a done one is handed back to be removed. */
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
        : withNewOnes(known, kind, records, policy, now);
    const said = messageFor({ kind, alerts: current, silent, sources, policy, now });
    alerts.push(...said.alerts);
    messages.push(...said.messages);
  }
  const before = new Map(open.map((alert) => [alert.key, JSON.stringify(alert)]));
  return {
    alerts: alerts.filter(
      (alert) => isDone(alert, now) || before.get(alert.key) !== JSON.stringify(alert),
    ),
    messages,
  };
}

/** Whether an alert may be forgotten: it is over, everybody knows, and it can no longer flap. */
export function isDone({ doneAt }: Alert, now: Instant): boolean {
  return doneAt !== null && doneAt <= now;
}

function withNewOnes(
  known: readonly Alert[],
  kind: AlertKind,
  records: ReadonlyMap<string, SyncRecord>,
  policy: AlertPolicy,
  now: Instant,
): readonly Alert[] {
  const { alerts, taken } = applyRecords({ alerts: known, kind, records, policy, now });
  const free = [...records.values()].filter(({ id }) => !taken.has(id));
  return [...alerts, ...openAlerts({ kind, records: free, policy, now })];
}

function isSilent(
  { completeThrough }: SourceReading,
  { silentAfterMs }: AlertPolicy,
  now: Instant,
): boolean {
  return completeThrough === null || Date.parse(now) - Date.parse(completeThrough) > silentAfterMs;
}

const KINDS: readonly AlertKind[] = ["stale", "mismatch", "source_silent"];

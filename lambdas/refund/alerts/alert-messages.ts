import { byText } from "../collections/order.ts";
import { fingerprintOf } from "./alert-key.ts";
import { flapsUntil } from "./alert-membership.ts";
import type { AlertPolicy, SourceReading } from "./alert-policy.ts";
import { isQuiet } from "./quiet-hours.ts";
import type {
  Alert,
  AlertChannel,
  AlertKind,
  AlertMessage,
  AlertSource,
  ChannelState,
} from "./alert.ts";
import { byExposure, totalByCurrency } from "../money/by-currency.ts";
import type { Instant } from "../time/instant.ts";

type Situation = {
  readonly kind: AlertKind;
  /** Of this kind only. */
  readonly alerts: readonly Alert[];
  readonly silent: ReadonlySet<AlertSource>;
  readonly sources: readonly SourceReading[];
  readonly policy: AlertPolicy;
  readonly now: Instant;
};
type What = AlertMessage["what"];

/**
 * The messages of one kind for each channel: at most one of each type (new, repeat, over), about
 * all alerts that need it. Each channel has its own state, so an e-mail that is sent at night does
 * not affect an SMS that is held until morning.
 */
export function messageFor(situation: Situation): {
  readonly alerts: readonly Alert[];
  readonly messages: readonly AlertMessage[];
} {
  const { kind, policy, now } = situation;
  const quiet = isQuiet(now, policy.quietHours, policy.timeZone);
  const channels = CHANNELS[kind].filter((channel) => channel === "email" || !quiet);
  let { alerts } = situation;
  const messages: AlertMessage[] = [];
  for (const channel of channels) {
    const needed = new Map(
      alerts.map((alert) => [alert.key, neededMessage(alert, channel, situation)]),
    );
    const repeatIsDue = [...needed.values()].includes("repeat");
    const chosen = new Map<string, What>();
    for (const alert of alerts) {
      const joinsTheRepeat = repeatIsDue && joinsRepeat(alert, channel, situation);
      const what = needed.get(alert.key) ?? (joinsTheRepeat ? "repeat" : null);
      if (what !== null) chosen.set(alert.key, what);
    }
    for (const what of ["new", "repeat", "over"] as const) {
      const concerned = alerts.filter(({ key }) => chosen.get(key) === what);
      if (concerned.length > 0) messages.push(message(what, channel, concerned, situation));
    }
    alerts = alerts.map((alert) => afterSending(alert, channel, chosen.get(alert.key), situation));
  }
  return { alerts: alerts.map(withDoneAt), messages };
}

function neededMessage(alert: Alert, channel: AlertChannel, situation: Situation): What | null {
  const told = alert.told[channel];
  if (alert.state === "over") return told.last === "open" ? "over" : null;
  if (mustWait(alert, situation)) return null;
  if (told.last === "nothing" || told.repeatDueAt === null) return "new";
  return told.repeatDueAt <= situation.now ? "repeat" : null;
}

/**
 * One message is about all open alerts, so that people do not get a message for each hour in which
 * an alert began.
 */
function joinsRepeat(alert: Alert, channel: AlertChannel, situation: Situation): boolean {
  return (
    alert.state === "open" && alert.told[channel].last === "open" && !mustWait(alert, situation)
  );
}

/**
 * An alert that depends on a silent source waits until the source is back. A source that was never
 * read gets the same time as any other silent source, because its first pull may still be running.
 */
function mustWait({ kind, source, openedAt }: Alert, situation: Situation): boolean {
  const { silent, sources, policy, now } = situation;
  if (kind !== "source_silent") return source !== null && silent.has(source);
  const neverRead = sources.some(
    (reading) => reading.source === source && reading.completeThrough === null,
  );
  return neverRead && Date.parse(now) - Date.parse(openedAt) < policy.silentAfterMs;
}

function afterSending(
  alert: Alert,
  channel: AlertChannel,
  what: What | undefined,
  { policy, now }: Situation,
): Alert {
  if (what === undefined) return alert;
  const { messages, repeatDueAt } = alert.told[channel];
  const told: ChannelState = {
    last: what === "over" ? "over" : "open",
    messages: messages + 1,
    // "over" does not change the time of the next repeat: an alert that soon comes back waits for
    // it.
    repeatDueAt:
      what === "over"
        ? repeatDueAt
        : new Date(Date.parse(now) + policy.repeatEveryMs).toISOString(),
    cleared: 0,
  };
  return { ...alert, told: { ...alert.told, [channel]: told } };
}

function withDoneAt(alert: Alert): Alert {
  const isChannelOpen = alert.told.email.last === "open" || alert.told.sms.last === "open";
  const ended = alert.overAt !== null && !isChannelOpen;
  return { ...alert, doneAt: ended && alert.overAt !== null ? flapsUntil(alert.overAt) : null };
}

function message(
  what: What,
  channel: AlertChannel,
  alerts: readonly Alert[],
  { kind, policy, sources, now }: Situation,
): AlertMessage {
  const members = alerts.flatMap((alert) => alert.members);
  const cleared = alerts.reduce((sum, { told }) => sum + told[channel].cleared, 0);
  const sequences = alerts.map(({ key, told }) => `${key}:${told[channel].messages}`).toSorted();
  const silentSources = new Set(alerts.map(({ source }) => source));
  return {
    dedupeKey: `${kind}-${what}-${channel}-${fingerprintOf(sequences)}`,
    channel,
    kind,
    what,
    decidedAt: now,
    count: what === "over" ? cleared : members.length,
    cleared: what === "repeat" ? cleared : 0,
    atRisk: totalByCurrency(members, policy.currency),
    oldest: members.reduce<AlertMessage["oldest"]>(
      (oldest, member) => (oldest === null || byAge(member, oldest) < 0 ? member : oldest),
      null,
    ),
    listed: byExposure(members, policy.currency, (member) => ({
      ...member,
      id: member.recordId,
    })).slice(0, LISTED),
    sources:
      kind === "source_silent"
        ? sources
            .filter(({ source }) => silentSources.has(source))
            .map(({ source, completeThrough }) => ({ source, completeThrough }))
        : [],
  };
}

function byAge(
  one: { readonly since: Instant; readonly recordId: string },
  other: { readonly since: Instant; readonly recordId: string },
): number {
  return byText(one.since, other.since) || byText(one.recordId, other.recordId);
}

/**
 * A mismatch can wait until people read their mail in the morning; a stale refund or a silent
 * source cannot.
 */
const CHANNELS: Record<AlertKind, readonly AlertChannel[]> = {
  stale: ["email", "sms"],
  mismatch: ["email"],
  source_silent: ["email", "sms"],
};
const LISTED = 20;

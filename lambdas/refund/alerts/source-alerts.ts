import { isFlapping, newAlert } from "./alert-membership.ts";
import type { Alert, AlertSource } from "./alert.ts";
import type { SourceReading } from "./alert-policy.ts";
import type { Instant } from "../time/instant.ts";

/**
 * The alerts about sources after this check. Each silent source has an open alert; the alert of a
 * source that is back is over.
 */
export function followSources(
  alerts: readonly Alert[],
  sources: readonly SourceReading[],
  silent: ReadonlySet<AlertSource>,
  now: Instant,
): readonly Alert[] {
  return sources.reduce(
    (current, reading) => followSource(current, reading, silent.has(reading.source), now),
    alerts,
  );
}

function followSource(
  alerts: readonly Alert[],
  { source, completeThrough }: SourceReading,
  silent: boolean,
  now: Instant,
): readonly Alert[] {
  const known = alerts.find(
    (alert) => alert.source === source && (alert.overAt === null || isFlapping(alert.overAt, now)),
  );
  if (known === undefined) {
    return silent
      ? [
          ...alerts,
          newAlert({
            kind: "source_silent",
            source,
            members: [],
            since: completeThrough ?? "never",
            now,
          }),
        ]
      : alerts;
  }
  const next: Alert = silent
    ? { ...known, state: "open", overAt: null, doneAt: null }
    : { ...known, state: "over", overAt: known.overAt ?? now };
  return alerts.map((alert) => (alert === known ? next : alert));
}

import { EXCEPTION_STATUSES } from "../../lambdas/refund/record/sync-record.ts";
import type { Checker } from "../checker.ts";
import { alertsIn, quarantinedIn, stateOf, summariesIn } from "../stored.ts";
import type { Simulation } from "../simulation.ts";
import { minor, Truth } from "../truth.ts";
import { currentRecords } from "../verdicts.ts";

/**
 * I6: a record over a threshold is reported, once for each key, in few messages per run; no record
 * is reported as missing because a source was not read; an open alert is about open exceptions;
 * each day has its digest.
 */
export function alerting(): Checker {
  const checkedCount = new WeakMap<Simulation, number>();
  return {
    name: "I6 alerting",
    afterTick: async (simulation) => {
      const { published } = simulation.cloud;
      const from = checkedCount.get(simulation) ?? 0;
      checkedCount.set(simulation, published.length);
      const fresh = published.slice(from);
      return [
        ...repeated(simulation, from),
        ...tooMany(fresh),
        ...tooOften(published),
        ...(await falselyMissing(simulation, fresh)),
      ];
    },
    atEnd: async (simulation) => [
      ...(await missingAlerts(simulation)),
      ...neverSent(simulation),
      ...daysWithoutDigest(simulation),
    ],
  };
}

/** A key may be published twice only if the publisher could not know that it was sent before. */
function repeated({ cloud, injections }: Simulation, from: number): string[] {
  const { published } = cloud;
  if (injections.some(({ mayRepeat }) => mayRepeat === true)) return [];
  return published.slice(from).flatMap((message, index) => {
    const earlier = published
      .slice(0, from + index)
      .filter(({ dedupeKey }) => dedupeKey === message.dedupeKey);
    const last = earlier.at(-1);
    if (last === undefined || last.isReplyLost || last.actor.hasDied || last.wasUnmarked) return [];
    return [`${message.dedupeKey} was published ${earlier.length + 1} times`];
  });
}

function tooMany(fresh: Simulation["cloud"]["published"]): string[] {
  const counts = new Map<string, number>();
  for (const { actor, channel } of fresh) {
    const key = `${actor.name} by ${channel}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].flatMap(([key, count]) =>
    count > MOST_MESSAGES ? [`${key}: ${count} messages in one run`] : [],
  );
}

/** An open alert is repeated every twelve hours, so few repeats of one kind fall into six hours. */
function tooOften(published: Simulation["cloud"]["published"]): string[] {
  const last = published.at(-1);
  if (last === undefined) return [];
  const kind = kindOf(last.dedupeKey);
  const lately = new Set(
    published
      .filter(({ at, dedupeKey }) => at > last.at - 6 * 3_600_000 && kindOf(dedupeKey) === kind)
      .map(({ dedupeKey }) => dedupeKey),
  );
  return kind !== "" && lately.size > MOST_REPEATS
    ? [`${kind} was sent ${lately.size} times in six hours`]
    : [];
}

/** Finds a stale alert about a refund whose document the ERP had shown already and still shows. */
async function falselyMissing(
  simulation: Simulation,
  fresh: Simulation["cloud"]["published"],
): Promise<string[]> {
  const toldAt = fresh.filter(({ topic }) => topic === "ops").at(-1)?.at ?? null;
  if (toldAt === null) return [];
  const truth = new Truth(simulation.world);
  const { completeThrough } = await stateOf(simulation, "erp");
  if (completeThrough === null) return [];
  const now = truth.documentsAt(simulation.clock.ms);
  // A run that died may have stored a version that is newer than `completeThrough`.
  const live = [...truth.documentsAt(Date.parse(completeThrough)).values()].filter(
    ({ document, version }) => now.get(document.documentId)?.version === version,
  );
  const alerts = (await alertsIn(simulation)).filter(
    ({ kind, state }) => kind === "stale" && state === "open",
  );
  const entries = await quarantinedIn(simulation);
  // Where reads are stale, a run may not have seen the latest writes.
  const lag = Math.max(0, ...simulation.acting().map(({ staleMs = 0 }) => staleMs));
  const { puts } = simulation.cloud;
  const lately = puts.filter(({ at }) => at > simulation.clock.ms - lag - 60_000);
  return alerts.flatMap(({ members, openedAt }) =>
    members.flatMap(({ recordId }) => {
      const isOf = ({ key }: { readonly key: string }): boolean => key.endsWith(`|${recordId}`);
      if (lag > 0 && lately.some(isOf)) return [];
      // A run that matched it after the message was published leaves the alert to the next watch.
      if (puts.some((put) => put.at > toldAt && isOf(put))) return [];
      // A document that became unreadable after the alert was opened does not close the alert.
      const isApart = ({ name, since }: (typeof entries)[number], id: string): boolean =>
        name === id && since > openedAt;
      const id = recordId.replace("refund:", "");
      const booked = live.find(
        ({ version }) => version.externalId?.endsWith(id) === true && !version.voided,
      );
      return booked === undefined ||
        simulation.isHidden(booked.document.documentId, {
          at: Date.parse(booked.version.at),
          readAt: Date.parse(completeThrough),
        }) ||
        entries.some((entry) => isApart(entry, booked.document.documentId))
        ? []
        : [`${recordId} is reported as missing, but ${booked.document.documentId} books it`];
    }),
  );
}

async function missingAlerts(simulation: Simulation): Promise<string[]> {
  const { brand, world } = simulation;
  const records = await currentRecords(simulation);
  const alerts = (await alertsIn(simulation)).filter(({ state }) => state === "open");
  const members = new Set(alerts.flatMap((alert) => alert.members.map(({ recordId }) => recordId)));
  const floor = minor(brand.thresholds.amount, world.digits);
  const silent = [...records.values()].flatMap(({ id, status, exposure }) => {
    const isOver =
      status === "stale" ||
      (EXCEPTION_STATUSES.has(status) && minor(exposure, world.digits) > floor);
    return isOver && !members.has(id)
      ? [`${id} is ${status} with ${exposure}, but no alert is open for it`]
      : [];
  });
  const closed = [...members].flatMap((id) => {
    const status = records.get(id)?.status;
    return status !== undefined && EXCEPTION_STATUSES.has(status)
      ? []
      : [`an alert is still open for ${id}, which is ${status ?? "not there"}`];
  });
  const sources = alerts.filter(({ kind }) => kind === "source_silent");
  return [
    ...silent,
    ...closed,
    ...sources.map(({ source }) => `an alert is still open for the silent ${source ?? "source"}`),
  ];
}

/** Every message that a run decided to send is published or still in the outbox. */
function neverSent({ cloud, injections }: Simulation): string[] {
  // A restored table may have lost a decision, and then the product decides again.
  if (injections.some(({ mayRepeat }) => mayRepeat === true)) return [];
  const published = new Set(cloud.published.map(({ dedupeKey }) => dedupeKey));
  const decided = cloud.puts.flatMap(({ key, item }) =>
    key.startsWith("outbox|") && item !== null ? [key.slice("outbox|".length)] : [],
  );
  const lost = [...new Set(decided)].filter(
    (key) => !published.has(key) && !cloud.memory.items.has(`outbox|${key}`),
  );
  return lost.map((key) => `${key} was put into the outbox but never published`);
}

function daysWithoutDigest(simulation: Simulation): string[] {
  const dates = [...summariesIn(simulation).keys()].toSorted();
  const [first] = dates;
  const last = dates.at(-1);
  if (first === undefined || last === undefined) return ["no digest was ever written"];
  const problems: string[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += 86_400_000) {
    const date = new Date(at).toISOString().slice(0, 10);
    if (!dates.includes(date)) problems.push(`${date} has no digest`);
  }
  const mailed = simulation.cloud.published.filter(({ topic }) => topic === "finance");
  if (!mailed.some(({ dedupeKey }) => dedupeKey.endsWith(last)))
    problems.push(`the digest of ${last} was never sent`);
  return problems;
}

/** New, repeated and resolved alerts, about stale refunds, mismatches and a silent source. */
const MOST_MESSAGES = 6;
const MOST_REPEATS = 3;

/** "stale-repeat-email" */
function kindOf(key: string): string {
  return /^(\w+-repeat-\w+)/.exec(key)?.[1] ?? "";
}

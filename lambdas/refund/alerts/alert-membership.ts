import { byText } from "../collections/order.ts";
import { fingerprintOf } from "./alert-key.ts";
import { neededSource, memberOf } from "./alert-member.ts";
import type { Alert, AlertKind, AlertMember, AlertSource, ChannelState } from "./alert.ts";
import type { AlertPolicy } from "./alert-policy.ts";
import { documentRecordId } from "../record/record-id.ts";
import type { Instant } from "../time/instant.ts";
import type { SyncRecord } from "../record/sync-record.ts";

type Change = {
  readonly kind: AlertKind;
  readonly policy: Pick<AlertPolicy, "threshold">;
  readonly now: Instant;
};

/**
 * The alerts after these records. A member leaves its alert when its record no longer belongs
 * there, and it returns if the record belongs there again within an hour. A document that is now in
 * a refund's record leaves too, because its own record is gone. A member whose record is not among
 * `records` stays unchanged.
 *
 * `taken` contains every record that is in an alert: no record is a member of two alerts of one
 * kind.
 */
export function applyRecords({
  alerts,
  records,
  ...change
}: Change & {
  readonly alerts: readonly Alert[];
  readonly records: ReadonlyMap<string, SyncRecord>;
}): { readonly alerts: readonly Alert[]; readonly taken: ReadonlySet<string> } {
  const memberIds = new Set(
    alerts.flatMap(({ members }) => members.map(({ recordId }) => recordId)),
  );
  const inRefundRecord = documentsOfRefunds(records.values());
  const after = alerts.map((alert) => {
    const next = afterRecords(alert, { records, inRefundRecord, memberIds }, change);
    for (const { recordId } of next.members) memberIds.add(recordId);
    return next;
  });
  const taken = new Set(after.flatMap(({ members }) => members.map(({ recordId }) => recordId)));
  return { alerts: after, taken };
}

/**
 * New alerts for the records that are in no alert yet. Many records still make few alerts, and each
 * alert is small enough for one item of the table.
 */
export function openAlerts({
  records,
  kind,
  policy,
  now,
}: Change & { readonly records: readonly SyncRecord[] }): readonly Alert[] {
  const groups = new Map<AlertSource | null, AlertMember[]>();
  for (const record of records.toSorted((one, other) => byText(one.id, other.id))) {
    const member = memberOf(record, kind, policy.threshold);
    if (member === null) continue;
    const source = neededSource(record);
    const group = groups.get(source);
    if (group === undefined) groups.set(source, [member]);
    else group.push(member);
  }
  return [...groups].flatMap(([source, members]) =>
    chunks(members).map((chunk) => newAlert({ kind, source, members: chunk, now })),
  );
}

/** @param since when the reported problem began */
export function newAlert({
  kind,
  source,
  members,
  since = newestOf(members),
  now,
}: Pick<Alert, "kind" | "source" | "members"> & {
  readonly since?: Instant;
  readonly now: Instant;
}): Alert {
  const names = [
    source ?? "",
    ...members.map(({ recordId, changedAt }) => `${recordId} ${changedAt}`),
  ];
  return {
    // The key is made from the reported records, not from the time of the run. So a run that is
    // repeated after a crash makes the same key, and a new problem gets another key.
    key: `${kind}#${since}#${fingerprintOf(names)}`,
    kind,
    state: "open",
    source,
    members,
    left: [],
    openedAt: now,
    overAt: null,
    doneAt: null,
    told: { email: NOTHING_SENT, sms: NOTHING_SENT },
  };
}

function newestOf(members: readonly AlertMember[]): Instant {
  return (
    members
      .map(({ changedAt }) => changedAt)
      .toSorted()
      .at(-1) ?? ""
  );
}

/**
 * Whether an alert or a member that ended at `endedAt` and is back now is still the same problem.
 */
export function isFlapping(endedAt: Instant, now: Instant): boolean {
  return Date.parse(now) - Date.parse(endedAt) < FLAP_MS;
}

/**
 * Until when an alert that ended at `endedAt` can still come back; after that it may be removed.
 */
export function flapsUntil(endedAt: Instant): Instant {
  return new Date(Date.parse(endedAt) + FLAP_MS).toISOString();
}

/**
 * The record ids of documents that are now in a refund's record and have no record of their own.
 */
function documentsOfRefunds(records: Iterable<SyncRecord>): ReadonlySet<string> {
  const ids = [...records].flatMap(({ refund, documents }) => (refund === null ? [] : documents));
  return new Set(ids.map(({ documentId }) => documentRecordId(documentId)));
}

function afterRecords(
  alert: Alert,
  {
    records,
    inRefundRecord,
    memberIds,
  }: {
    readonly records: ReadonlyMap<string, SyncRecord>;
    readonly inRefundRecord: ReadonlySet<string>;
    readonly memberIds: ReadonlySet<string>;
  },
  { kind, policy, now }: Change,
): Alert {
  const memberNow = (recordId: string): AlertMember | null => {
    const record = inRefundRecord.has(recordId) ? undefined : records.get(recordId);
    return record === undefined ? null : memberOf(record, kind, policy.threshold);
  };
  const isKnown = (recordId: string): boolean =>
    records.has(recordId) || inRefundRecord.has(recordId);
  const leaving = alert.members.filter(
    ({ recordId }) => isKnown(recordId) && memberNow(recordId) === null,
  );
  const leavingIds = new Set(leaving.map(({ recordId }) => recordId));
  const stayed = alert.members
    .filter(({ recordId }) => !leavingIds.has(recordId))
    .map((member) => memberNow(member.recordId) ?? member);
  const leftRecently = alert.left.filter(({ at }) => isFlapping(at, now));
  const returned = leftRecently.flatMap(({ recordId }) =>
    memberIds.has(recordId) ? [] : (memberNow(recordId) ?? []),
  );
  const returnedIds = new Set(returned.map(({ recordId }) => recordId));
  const members = [...stayed, ...returned];
  const over = members.length === 0;
  const cleared = (told: ChannelState): ChannelState => ({
    ...told,
    cleared: Math.max(0, told.cleared + leaving.length - returned.length),
  });
  return {
    ...alert,
    state: over ? "over" : "open",
    members,
    left: [
      ...leftRecently.filter(({ recordId }) => !returnedIds.has(recordId)),
      ...leaving.map(({ recordId }) => ({ recordId, at: now })),
    ],
    overAt: over ? (alert.overAt ?? now) : null,
    told: { email: cleared(alert.told.email), sms: cleared(alert.told.sms) },
  };
}

function chunks(members: readonly AlertMember[]): readonly (readonly AlertMember[])[] {
  const count = Math.ceil(members.length / MOST_MEMBERS);
  return Array.from({ length: count }, (_, index) =>
    members.slice(index * MOST_MEMBERS, (index + 1) * MOST_MEMBERS),
  );
}

const NOTHING_SENT: ChannelState = { last: "nothing", messages: 0, repeatDueAt: null, cleared: 0 };
const FLAP_MS = 3_600_000;
/**
 * A member takes about 150 bytes, in `members` or in `left`: an alert stays far below the 400 KB of
 * an item.
 */
const MOST_MEMBERS = 500;

import { isAmountPartition, orderInPartition } from "./keys.ts";
import { fingerprint } from "../refund/record/fingerprint.ts";
import { EXCEPTION_STATUSES } from "../refund/record/sync-record.ts";
import type { SyncRecord } from "../refund/record/sync-record.ts";
import type { Rules } from "./rules.ts";
import { appendActs } from "./store/act-log.ts";
import { writeDue } from "./store/due.ts";
import { appendDecisions } from "./store/event-log.ts";
import { planOrder, readCollection, writePlan } from "./order-records.ts";
import type { RecordChange } from "./order-records.ts";
import { planCollection, writeCollection } from "./pair-by-amount.ts";
import { policyVersion } from "./policy.ts";
import type { Key, Stores } from "./ports.ts";

/**
 * Resolves an open exception by a person's decision. The decision is valid while both sides stay
 * the same: a change of either side opens the record again.
 *
 * The decision is dated at the instant through which both sources were read, because the person saw
 * the state of that instant, and a record is never evaluated as of a later one.
 *
 * The log and the due list are written first, then the record, as in a pull. So a crash in between
 * leaves a decision in the log that can be given again, but never a resolved record that the watch
 * does not report.
 */
export async function resolveByPerson(
  ports: Stores,
  key: Key,
  decision: PersonsResolution,
  rules: Rules,
): Promise<SyncRecord> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const { records, resolved } = isAmountPartition(key.pk)
      ? await planDocument(ports, key, decision, rules)
      : await planInOrder(ports, key, decision, rules);
    const record = records.find(({ id }) => id === key.sk);
    if (record !== undefined && isAlreadyStored(record, decision, resolved.changes)) return record;
    if (record?.status !== "resolved" || resolved.changes.length === 0)
      throw new NothingToResolve(key.sk, record);
    await writeAhead(ports, key, resolved.changes, decision, rules);
    if (await resolved.write()) return record;
  }
  throw new Error(
    `other runs changed ${key.sk} ${MOST_ATTEMPTS} times meanwhile: run the command again`,
  );
}

type PersonsResolution = { readonly by: string; readonly note: string };
type Planned = {
  readonly records: readonly SyncRecord[];
  readonly resolved: { readonly changes: readonly RecordChange[]; write(): Promise<boolean> };
};

async function planInOrder(
  { table }: Stores,
  { pk, sk }: Key,
  decision: PersonsResolution,
  rules: Rules,
): Promise<Planned> {
  const order = orderInPartition(pk);
  const stored = await readCollection(table, pk, true);
  const before = planOrder({ order, stored, seen: [], ...rules }).records.find(
    ({ id }) => id === sk,
  );
  if (!isOpen(before)) return unchanged(before);
  const resolution = { ...decision, at: rules.horizon, fingerprint: fingerprint(before) };
  const withResolution = stored.map((one) => (one.key.sk === sk ? { ...one, resolution } : one));
  const plan = planOrder({ order, stored: withResolution, seen: [], ...rules });
  const write = async (): Promise<boolean> => writePlan(table, plan);
  return { records: plan.records, resolved: { changes: plan.changes, write } };
}

/** A document that names no order is stored by its amount, with the notes of searching refunds. */
async function planDocument(
  { table }: Stores,
  { pk, sk }: Key,
  decision: PersonsResolution,
  rules: Rules,
): Promise<Planned> {
  const before = (await planCollection(table, pk, rules)).records.find(({ id }) => id === sk);
  if (!isOpen(before)) return unchanged(before);
  const resolution = { ...decision, at: rules.horizon, fingerprint: fingerprint(before) };
  const plan = await planCollection(table, pk, rules, new Map([[sk, resolution]]));
  const write = async (): Promise<boolean> => writeCollection(table, plan);
  return { records: plan.records, resolved: { changes: plan.changes, write } };
}

function unchanged(record: SyncRecord | undefined): Planned {
  return {
    records: record === undefined ? [] : [record],
    resolved: { changes: [], write: async () => true },
  };
}

/** The same decision was written before, and only the reply to that write was lost. */
function isAlreadyStored(
  { status, resolution }: SyncRecord,
  { by, note }: PersonsResolution,
  changes: readonly RecordChange[],
): boolean {
  const isSame = resolution?.by === by && resolution.note === note;
  return changes.length === 0 && status === "resolved" && isSame;
}

async function writeAhead(
  { table, objects }: Stores,
  key: Key,
  changes: readonly RecordChange[],
  decision: PersonsResolution,
  { now, policy, horizon }: Rules,
): Promise<void> {
  const records = changes.map(({ record }) => record);
  // The decision has the time of the state that the person saw; the act has the real time and name.
  const by = { now: horizon, job: "resolve", policy: policyVersion(policy) };
  await appendDecisions(objects, records, by);
  const act = { act: "resolve" as const, subject: key.sk, by: decision.by, said: decision.note };
  await appendActs(objects, [act], now);
  await writeDue(table, [{ record: key, at: horizon }], horizon);
}

function isOpen(record: SyncRecord | undefined): record is SyncRecord {
  return record !== undefined && EXCEPTION_STATUSES.has(record.status);
}

export class NothingToResolve extends Error {
  override readonly name = "NothingToResolve";
  constructor(id: string, record: { readonly status: string } | undefined) {
    super(`${id} is ${record?.status ?? "not known"}: only an open exception can be resolved`);
  }
}

const MOST_ATTEMPTS = 5;

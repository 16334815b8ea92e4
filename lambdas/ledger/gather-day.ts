import type { Brand } from "../brand.ts";
import { costed } from "../refund/diagnosis/repairs/cost.ts";
import type { GivenCredit } from "../refund/diagnosis/knowledge/credit-loops.ts";
import { CreditLoops } from "../refund/diagnosis/knowledge/credit-loops.ts";
import { diagnose } from "../refund/diagnosis/diagnose.ts";
import { after } from "../refund/time/instant.ts";
import type { Instant } from "../refund/time/instant.ts";
import { lastReported, repairProgress } from "../refund/diagnosis/repairs/repair-progress.ts";
import type { Repaired } from "../refund/diagnosis/repairs/repair-progress.ts";
import type { DailyRollup } from "../refund/diagnosis/rollup/daily-rollup.ts";
import { countedOnce } from "../refund/summary/counted-once.ts";
import type { DayInput } from "../refund/summary/summarise.ts";
import { EXCEPTION_STATUSES } from "../refund/record/sync-record.ts";
import type { SyncRecord } from "../refund/record/sync-record.ts";
import type { StorefrontRefund } from "../refund/observation/observation.ts";
import type { PaymentsTold } from "../refund/observation/payments-back.ts";
import type { Policy } from "../refund/policy.ts";
import { comparePayments } from "./compare-payments.ts";
import { readAnswers } from "./store/answers.ts";
import { allAsks } from "./store/ask-again.ts";
import { isoDuration } from "../refund/time/iso-duration.ts";
import { dayBefore, utcDays } from "../refund/time/business-day.ts";
import type { BusinessDay } from "../refund/time/business-day.ts";
import { assumptionsOf } from "./diagnose-open.ts";
import { CODE_VERSION, decisionKeys, decisionsAt } from "./store/event-log.ts";
import { openCollections } from "./open-records.ts";
import { relearnHabits } from "./learn-habits.ts";
import { readPolicy } from "./policy.ts";
import type { Objects, Stores } from "./ports.ts";
import { readQuarantine } from "./store/quarantine.ts";
import type { StoredRecord } from "./store/record-item.ts";
import { readRepairs } from "./store/repairs.ts";
import { reevaluateDecisions, reevaluateStored } from "./reevaluate.ts";
import { rollUpDays } from "./roll-up-days.ts";
import { lookBackDays, readRollups } from "./store/rollups.ts";
import { horizon, readSourceState } from "./store/source-state.ts";

/**
 * The input of a day's summary, as it was read. It is stored beside the digest, so that anybody can
 * make the same digest again, byte for byte, even if the data has changed since. Plain JSON.
 */
export type DayEvidence = {
  /** The version of the code that made the digest: only this version makes the same bytes. */
  readonly code: string;
  /** Without e-mail addresses and phone numbers. */
  readonly brand: Brand;
  readonly bucket: string;
  readonly day: BusinessDay;
  readonly generatedAt: Instant;
  readonly policy: Policy;
  /** Both sources were complete through this instant, at most the day's end. */
  readonly at: Instant;
  /** The same, but not limited by the day's end. */
  readonly openAt: Instant;
  /** Keys of objects of the reconciliation log; these objects never change. */
  readonly decisions: readonly string[];
  /** Open exceptions, and the other records of their orders. */
  readonly open: readonly StoredRecord[];
  readonly rollups: readonly DailyRollup[];
  /** Store credit that was given before the roll-ups; absent in older evidence. */
  readonly olderCredits?: readonly GivenCredit[];
  /** The storefront's list of payments compared with its refunds; absent in older evidence. */
  readonly payments?: PaymentsTold | null;
  readonly answers: Awaited<ReturnType<typeof readAnswers>>;
  readonly repairs: readonly Repaired[];
  readonly quarantined: number;
  readonly openOverAWeek: number;
  readonly completeness: DayInput["completeness"];
};

/** Reads everything that the summary of a day needs. */
export async function gatherDay(
  ports: Stores,
  brand: Brand,
  day: BusinessDay,
  { now, bucket }: { readonly now: Instant; readonly bucket: string },
): Promise<DayEvidence> {
  const storefront = await readSourceState(ports.table, "storefront");
  const erp = await readSourceState(ports.table, "erp");
  const known = await readPolicy(ports.table, brand, { storefront, erp });
  // A record is not missing only because its source was not read yet: so the day is evaluated as of
  // the instant through which both sources were read.
  const at = horizon([storefront, erp], day.to);

  const days = lookBackDays(day, brand.timeZone);
  const rolled = await readRollups(ports.objects, days);
  const [, yesterday = day] = days;
  const decisions = await decisionKeys(ports.objects, utcDays(yesterday.from, now));
  const recent = await decisionsAt(ports.objects, decisions);
  const logged = reevaluateDecisions(recent, known, at);
  const rollups = await rollUpDays(ports.objects, {
    days,
    rolled,
    recent,
    logged,
    policy: known,
    at,
    now,
  });
  const { habits, orders } = await relearnHabits(ports, known, { rollups, days, at, now });
  const policy = { ...known, habits };
  const payments = await comparePayments(ports, day, { refunds: refundsIn(logged), policy });
  return {
    code: CODE_VERSION,
    brand: withoutAddresses(brand),
    bucket,
    day,
    generatedAt: now,
    policy,
    at,
    openAt: horizon([storefront, erp], now),
    decisions,
    open: await openCollections(ports.table, policy, orders),
    rollups,
    olderCredits: await readOlderCredits(ports.objects, day, brand.timeZone),
    payments,
    answers: await readAnswers(ports.table),
    repairs: await repairsOf(ports, brand, day, rollups),
    quarantined: (await readQuarantine(ports.table)).length,
    openOverAWeek: await countOpenOverAWeek(ports, now),
    completeness: [
      { source: "storefront" as const, ...storefront },
      { source: "erp" as const, ...erp },
    ].map(({ source, watermark, completeThrough, taken, reported, leftOut, missing, trouble }) => ({
      source,
      watermark,
      completeThrough,
      taken,
      reported,
      leftOut: { ...leftOut },
      missing: [...missing],
      trouble,
    })),
  };
}

/** Makes the input of the summary from the evidence and the log only. */
export async function dayOf(objects: Objects, evidence: DayEvidence): Promise<DayInput> {
  const { brand, day, policy, at, openAt, rollups, answers } = evidence;
  const logged = reevaluateDecisions(await decisionsAt(objects, evidence.decisions), policy, at);
  const open = reevaluateStored(evidence.open, policy, openAt).filter(
    (record) => isOpen(record) && (record.openedAt ?? "") < day.to,
  );
  const merged = mergeById(
    logged.filter((record) => belongs(record, day)),
    withoutHeld(open, logged),
  );
  const olderCredits = evidence.olderCredits ?? [];
  const { records, countedWith } = countedOnce(merged, new CreditLoops(rollups, olderCredits).all);
  const exceptions = records.filter(isOpen);
  const { diagnoses, cohorts, asyncGap } = diagnose({
    rollups,
    olderCredits,
    exceptions,
    policy,
    now: at,
    answers,
  });
  return {
    brand,
    date: day.date,
    window: { from: day.from, to: day.to },
    generatedAt: evidence.generatedAt,
    records,
    countedWith,
    quarantined: evidence.quarantined,
    openOverAWeek: evidence.openOverAWeek,
    completeness: evidence.completeness,
    diagnoses,
    cohorts: cohorts.map((cohort) => costed(cohort, assumptionsOf(brand))),
    repairs: evidence.repairs,
    asyncGap,
    checkpoint: lastCheckpoint(rollups, policy),
    endedHabits: (policy.habits ?? []).filter(({ until }) => until !== null),
    learned: policy.learned ?? null,
    payments: evidence.payments ?? null,
  };
}

/** A credit may be spent months later: its roll-up is kept for so long. */
async function readOlderCredits(
  objects: Objects,
  day: BusinessDay,
  timeZone: string,
): Promise<readonly GivenCredit[]> {
  const older = lookBackDays(day, timeZone, CREDIT_DAYS).slice(lookBackDays(day, timeZone).length);
  const rolled = await readRollups(objects, older);
  return [...rolled.values()].flatMap(({ credits }) => credits);
}

const CREDIT_DAYS = 90;

/** The newest day with refunds whose checkpoints are all past. */
function lastCheckpoint(
  rollups: readonly DailyRollup[],
  { checkpointAfterMs }: Policy,
): DayInput["checkpoint"] {
  const past = rollups.filter(
    ({ checkpoints: { passed, flagged, waiting, notYet } }) =>
      notYet === 0 && passed + flagged + waiting > 0,
  );
  const newest = past.toSorted((a, b) => (a.day < b.day ? 1 : -1))[0];
  if (newest === undefined) return null;
  const { passed, flagged, waiting } = newest.checkpoints;
  return { day: newest.day, after: isoDuration(checkpointAfterMs), passed, flagged, waiting };
}

function refundsIn(records: readonly SyncRecord[]): readonly StorefrontRefund[] {
  return records.flatMap(({ refund }) => refund ?? []);
}

function withoutAddresses(brand: Brand): Brand {
  const { alerts, digest } = brand;
  return { ...brand, alerts: { ...alerts, sms: [], email: [] }, digest: { ...digest, email: [] } };
}

async function countOpenOverAWeek({ table }: Stores, now: Instant): Promise<number> {
  const before = after(now, -WEEK_MS);
  const asks = [...(await allAsks(table, "storefront")), ...(await allAsks(table, "erp"))];
  const unread = (await readQuarantine(table)).map(({ name, since }) => ({ ref: name, since }));
  const old = [...asks, ...unread].filter(({ since }) => since < before);
  return new Set(old.map(({ ref }) => ref)).size;
}

const WEEK_MS = 7 * 86_400_000;

/** The digest shows a repair for longer than diagnosis needs roll-ups: older days are read here. */
async function repairsOf(
  { table, objects }: Stores,
  brand: Brand,
  day: BusinessDay,
  rollups: readonly DailyRollup[],
): Promise<readonly Repaired[]> {
  const repairs = (await readRepairs(table)).filter(
    ({ intervention: { on } }) => day.date < lastReported(on),
  );
  const oldest = repairs.map(({ intervention }) => intervention.on).toSorted()[0] ?? day.date;
  const read = new Set(rollups.map((one) => one.day));
  const missing: BusinessDay[] = [];
  for (let back = 1, one = day; one.date > oldest; back += 1) {
    one = dayBefore(day, back, brand.timeZone);
    if (!read.has(one.date)) missing.push(one);
  }
  const more = await readRollups(objects, missing);
  return repairProgress({
    repairs,
    rollups: [...rollups, ...more.values()],
    today: day.date,
    costs: assumptionsOf(brand),
  });
}

/** Processed in the day, open at its end, resolved in it, or left out by the scope in it. */
function belongs(record: SyncRecord, { from, to }: BusinessDay): boolean {
  const within = (at: Instant | null | undefined): boolean =>
    at !== null && at !== undefined && at >= from && at < to;
  const isLeftOut = record.refund === null && record.benign.includes("outside_scope");
  return (
    isOpen(record) ||
    within(record.refund?.processedAt) ||
    within(record.resolvedAt) ||
    record.refund?.marks.includes("future_dated") === true ||
    (isLeftOut && within(record.documents[0]?.createdAt))
  );
}

function isOpen({ status }: SyncRecord): boolean {
  return EXCEPTION_STATUSES.has(status);
}

/**
 * Without the documents that a refund of the log holds: a second booking that names only the
 * refund's id stands alone in the table, and its money must count once.
 */
function withoutHeld(
  open: readonly SyncRecord[],
  logged: readonly SyncRecord[],
): readonly SyncRecord[] {
  const held = new Set(
    logged
      .filter(({ refund }) => refund !== null)
      .flatMap(({ documents }) => documents.map(({ documentId }) => documentId)),
  );
  return open.filter(
    ({ refund, documents }) =>
      refund !== null || !documents.some(({ documentId }) => held.has(documentId)),
  );
}

/** For an open exception the table wins, because the log was read for a few days only. */
function mergeById(logged: readonly SyncRecord[], open: readonly SyncRecord[]): SyncRecord[] {
  const byId = new Map([...logged, ...open].map((record) => [record.id, record]));
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

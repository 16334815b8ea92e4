import { isClaim } from "../observation/nothing-to-book.ts";
import { aging } from "./aging.ts";
import type { Costed } from "../diagnosis/repairs/cost.ts";
import type { NamedCohort } from "../diagnosis/cohort.ts";
import type { Diagnosis } from "../diagnosis/patterns/diagnosis.ts";
import { byExposure, totalByCurrency } from "../money/by-currency.ts";
import { Money } from "../money/money.ts";
import type { Instant } from "../time/instant.ts";
import type { Amount } from "../money/amount.ts";
import type { Repaired } from "../diagnosis/repairs/repair-progress.ts";
import type { Summary, SummaryException } from "./summary.ts";
import { EXCEPTION_STATUSES, type SyncRecord } from "../record/sync-record.ts";
import { REFUND_MARKS } from "../observation/observation.ts";
import type { PaymentsTold } from "../observation/payments-back.ts";
import type { BookingHabit } from "../observation/booking-habit.ts";
import type { LearnedOwnership } from "../observation/learned-ownership.ts";
import { isOurs, isUnclear, otherBusinesses } from "./other-businesses.ts";
import { twoStateShare } from "./two-state-share.ts";

export type DayInput = {
  readonly brand: { readonly brand: string; readonly currency: string; readonly timeZone: string };
  /** The brand's calendar date. */
  readonly date: string;
  /** The day: `from` is included, `to` is excluded. */
  readonly window: { readonly from: Instant; readonly to: Instant };
  readonly generatedAt: Instant;
  /**
   * The refunds processed in the window, every exception open at its end, and the exceptions
   * resolved in it. Each record is here once, evaluated as of `window.to`.
   */
  readonly records: readonly SyncRecord[];
  /** By record id: the order with whose refund the money of a store credit loop is counted. */
  readonly countedWith: ReadonlyMap<string, string>;
  readonly quarantined: number;
  readonly openOverAWeek: number;
  readonly completeness: Summary["completeness"];
  /** By record id. An exception without one is undetermined. */
  readonly diagnoses: ReadonlyMap<string, Diagnosis>;
  /** In the order in which people should work on them. */
  readonly cohorts: readonly Costed<NamedCohort>[];
  /** Repairs that people recorded, the newest first. */
  readonly repairs: readonly Repaired[];
  readonly asyncGap: Summary["asyncGap"];
  /** The newest day whose refunds are all past their checkpoint; null where there is none. */
  readonly checkpoint: Summary["checkpoint"];
  /** Habits of booking that ended: what they say is asked of later documents no more. */
  readonly endedHabits: readonly BookingHabit[];
  /** What was learned about whose documents the ERP shows; null before it was learned. */
  readonly learned: LearnedOwnership | null;
  /** The storefront's list of payments compared with its refunds; null where no day was. */
  readonly payments?: PaymentsTold | null;
};

/**
 * One day of a brand: what was refunded, what does not tie out, since when, and why.
 *
 * Amounts are exact. A total in the brand's currency sums the records in that currency only; the
 * other currencies are in `byCurrency`.
 */
export function summarise(input: DayInput): Summary {
  const { brand, window, records } = input;
  const within = (instant: Instant | null): boolean =>
    instant !== null && instant >= window.from && instant < window.to;
  const ofDay = records.filter(({ refund }) => within(refund?.processedAt ?? null));
  const refunds = ofDay.filter(isRefund);
  const leftOut = records.filter(isLeftOut);
  const open = records.filter(isException);
  const rows = exceptionRows(input, open);
  const ownRows = rows.filter(isOurs);
  const refunded = refunds.map((record) => ({ ...record, amount: refundedAmount(record) }));
  const atRisk = rows.map(({ exposure, currency }) => ({ amount: exposure, currency }));
  const sumOf = (amounts: readonly { amount: Amount; currency: string }[]): Amount =>
    totalByCurrency(amounts, brand.currency).find(({ currency }) => currency === brand.currency)
      ?.amount ?? Money.zero(brand.currency).toString();

  return {
    schemaVersion: 1,
    brand: brand.brand,
    currency: brand.currency,
    date: input.date,
    generatedAt: input.generatedAt,
    window: { ...window },
    totals: {
      refunds: refunds.length,
      refundedAmount: sumOf(refunded),
      matched: refunds.filter(({ status }) => status === "matched").length,
      pending: refunds.filter(({ status }) => status === "pending").length,
      exceptions: open.length,
      opened: records.filter(
        ({ openedAt, ownership }) => within(openedAt) && ownership !== "probably_not_ours",
      ).length,
      resolved: records.filter(
        ({ status, resolvedAt }) => status === "resolved" && within(resolvedAt),
      ).length,
      exposure: sumOf(atRisk),
      twoStateShare: twoStateShare(refunds, window.to),
      quarantined: input.quarantined,
      openOverAWeek: input.openOverAWeek,
    },
    byCurrency: currencies(refunded, atRisk, brand.currency),
    completeness: input.completeness.map((source) => ({ ...source })),
    endedHabits: endedHabits(input),
    checkpoint: input.checkpoint === null ? null : { ...input.checkpoint },
    byStatus: tally(records.filter((one) => !isLeftOut(one)).map(({ status }) => status)),
    byMismatch: tally(
      ownRows.flatMap(({ mismatches }) => [...new Set(mismatches.map(({ kind }) => kind))]),
    ),
    byCause: tally(ownRows.map(({ diagnosis }) => diagnosis.cause)),
    byPattern: tally(ownRows.flatMap(({ diagnosis }) => diagnosis.pattern ?? [])),
    byBenign: tally([...ofDay, ...leftOut].flatMap(({ benign }) => [...new Set(benign)])),
    odd: oddRefunds([
      ...ofDay,
      ...records.filter((one) => isFutureDated(one) && !within(one.refund?.processedAt ?? null)),
    ]),
    aging: aging(ownRows, brand.currency),
    asyncGap: { ...input.asyncGap },
    exceptions: rows,
    otherBusinesses: otherBusinesses(rows, input),
    payments: paymentsOf(input.payments ?? null),
    cohorts: input.cohorts.map((cohort) => ({
      ...cohort,
      segment: { ...cohort.segment },
      onset: cohort.onset === null ? null : { ...cohort.onset },
      questions: cohort.questions.map((question) => ({ ...question })),
      nextSteps: [...cohort.nextSteps],
    })),
    checkIns: input.repairs.map(checkInRow),
  };
}

function checkInRow({ saved, ...found }: Repaired): Summary["checkIns"][number] {
  const { before, after, change } = found;
  return {
    ...found,
    before: { ...before },
    after: { ...after },
    change: { ...change },
    saved: saved === null ? null : { minutes: saved.minutes, work: saved.work },
  };
}

/** A claim, or one that was withdrawn, is no refund: nobody knows that its money moved. */
function isRefund({ refund }: SyncRecord): boolean {
  return refund === null || !(isClaim(refund) || refund.benign.includes("claim_withdrawn"));
}

/** For a month: after that, nobody misses what the habit said. */
function endedHabits({ endedHabits: all, date }: DayInput): Summary["endedHabits"] {
  const from = new Date(Date.parse(date) - ENDED_DAYS * 86_400_000).toISOString().slice(0, 10);
  return all.flatMap(({ path, until, unpaid, change }) => {
    if (until === null || until < from) return [];
    const kind = change === null ? null : change.kind;
    return [{ path, until, unpaid: unpaid !== null, kind }];
  });
}

const ENDED_DAYS = 30;

/** Its day has not come, so it would be in no digest. */
function isFutureDated({ refund }: SyncRecord): boolean {
  return refund?.marks.includes("future_dated") === true;
}

function isException(record: SyncRecord): boolean {
  return EXCEPTION_STATUSES.has(record.status);
}

function paymentsOf(told: PaymentsTold | null): Summary["payments"] {
  if (told === null) return null;
  const { days, notShown, withoutRefund, withoutPayment } = told;
  return {
    ...told,
    days: [...days],
    notShown: [...notShown],
    withoutRefund: withoutRefund.map((one) => ({ ...one })),
    withoutPayment: withoutPayment.map((one) => ({ ...one })),
  };
}

function exceptionRows(input: DayInput, open: readonly SyncRecord[]): SummaryException[] {
  const sorted = byExposure(open, input.brand.currency, (record) => ({
    amount: record.exposure,
    currency: record.currency,
    since: since(record) ?? input.window.to,
    id: record.id,
  }));
  const rows = sorted.map((record) => exceptionRow(record, input));
  return [
    ...rows.filter((row) => isOurs(row) && !isUnclear(row)),
    ...rows.filter(isUnclear),
    ...rows.filter((row) => !isOurs(row)),
  ];
}

/** A document of the day that the brand file's scope leaves out. */
function isLeftOut({ refund, benign }: SyncRecord): boolean {
  return refund === null && benign.includes("outside_scope");
}

function exceptionRow(
  record: SyncRecord,
  { diagnoses, countedWith, window }: DayInput,
): SummaryException {
  const counted = countedWith.get(record.id);
  const diagnosis = diagnoses.get(record.id) ?? UNDIAGNOSED;
  const processedAt = since(record) ?? window.to;
  return {
    refundId: record.refund?.refundId ?? null,
    orderNumber: record.refund?.orderNumber ?? record.order,
    erpDocumentIds: record.documents.map(({ documentId }) => documentId),
    status: record.status,
    mismatches: record.mismatches.map((mismatch) => ({ ...mismatch })),
    amount: refundedAmount(record),
    currency: record.currency,
    exposure: record.exposure,
    processedAt,
    ageHours: hoursBetween(processedAt, window.to),
    matchRule: record.match?.rule ?? null,
    ambiguous: [...record.ambiguous],
    ...(record.ownership !== null && { ownership: record.ownership }),
    ...(counted !== undefined && { countedWith: counted }),
    diagnosis: { ...diagnosis, evidence: [...diagnosis.evidence] },
  };
}

/** What the storefront paid back; without a refund, what the ERP booked. */
function refundedAmount({ refund, documents, currency }: SyncRecord): Amount {
  if (refund !== null) return refund.settled;
  const booked = documents.filter((document) => document.currency === currency);
  const totals = booked.map(({ total }) => Money.of(total, currency));
  return Money.sum(totals, currency).toString();
}

function since({ refund, documents }: SyncRecord): Instant | null {
  if (refund !== null) return refund.processedAt;
  return documents.map(({ createdAt }) => createdAt).toSorted()[0] ?? null;
}

/** Never below zero, even if the clock of a source is ahead of the end of the window. */
function hoursBetween(from: Instant, to: Instant): number {
  const hours = (Date.parse(to) - Date.parse(from)) / 3_600_000;
  return Math.max(0, Math.round(hours * 100) / 100);
}

function currencies(
  refunded: readonly { amount: Amount; currency: string }[],
  atRisk: readonly { amount: Amount; currency: string }[],
  brandCurrency: string,
): Summary["byCurrency"] {
  const codes = [brandCurrency, ...[...refunded, ...atRisk].map(({ currency }) => currency)];
  const nothing = [...new Set(codes)].map((currency) => ({
    amount: Money.zero(currency).toString(),
    currency,
  }));
  const exposure = new Map(
    totalByCurrency([...nothing, ...atRisk], brandCurrency).map((row) => [
      row.currency,
      row.amount,
    ]),
  );
  return Object.fromEntries(
    totalByCurrency([...nothing, ...refunded], brandCurrency).map(({ currency, amount }) => [
      currency,
      {
        refundedAmount: amount,
        exposure: exposure.get(currency) ?? Money.zero(currency).toString(),
      },
    ]),
  );
}

/** For each mark, how many refunds have it and the first of their orders, sorted as text. */
function oddRefunds(records: readonly SyncRecord[]): Summary["odd"] {
  const refunds = records.flatMap(({ refund }) => refund ?? []);
  return REFUND_MARKS.flatMap((mark) => {
    const orders = refunds
      .filter(({ marks }) => marks.includes(mark))
      .map(({ orderNumber }) => orderNumber)
      .toSorted();
    return orders.length === 0
      ? []
      : [{ mark, count: orders.length, orders: orders.slice(0, MOST_ODD) }];
  });
}

const MOST_ODD = 10;

function tally(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(
    [...counts].toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)),
  );
}

const UNDIAGNOSED: Diagnosis = {
  cause: "undetermined",
  pattern: null,
  confidence: 0,
  evidence: ["Too early to tell: this exception has no diagnosis yet."],
};

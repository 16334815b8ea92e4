import { isUnpaid } from "../refund/record/mismatch.ts";
import { sinceInWords } from "../refund/time/days-in-words.ts";
import { asciiWord } from "./printable.ts";
import { Money } from "../refund/money/money.ts";
import type { Summary, SummaryException } from "../refund/summary/summary.ts";
import { counted, localTime, money, percent, spokenDate, spokenMinutes } from "./figures.ts";
import { checkpointSentence, gapSentence, habitSentences } from "./day-sentences.ts";
import { paymentsStory } from "./payments-told.ts";
import type { PaymentsStory } from "./payments-told.ts";
import { unlinked } from "./printable.ts";
import type { ReportContext } from "./report-context.ts";
import {
  BENIGN_WORDS,
  CAUSE_WORDS,
  LEFT_OUT_WORDS,
  MARK_WORDS,
  MISMATCH_WORDS,
  PATTERN_WORDS,
  spelled,
  TRAIT_WORDS,
  wordFor,
} from "./words.ts";

/** The day in sentences. HTML, text and subject line all use it, so that they say the same. */
export function story(summary: Summary, context: ReportContext): Story {
  const unread = partialSources(summary, context);
  return {
    headline: headline(summary, unread),
    action: action(summary, context, unread),
    unread,
    soFar: unread.length > 0 ? " so far" : "",
    gap: gapSentence(summary, context),
    checkpoint: checkpointSentence(summary),
    habits: habitSentences(summary),
    benign: Object.entries(summary.byBenign).map(
      ([name, count]) => `${wordFor(BENIGN_WORDS, name)}: ${count}`,
    ),
    odd: summary.odd.map(
      ({ mark, count, orders }) => `${MARK_WORDS[mark]}: ${count} (${someOf(orders, count)})`,
    ),
    otherCurrencies: otherCurrencies(summary),
    others: othersSentence(summary),
    setting: settingLines(summary),
    payments: paymentsStory(summary, context),
  };
}

export type Story = {
  /** A few words: how many, how much. */
  readonly headline: string;
  /** What to do today, and why in this order. */
  readonly action: string;
  /** A sentence for each source that was not read to the end of the day; empty when all were. */
  readonly unread: readonly string[];
  /** " so far" while a source is not read completely, else empty: a partial zero is not a zero. */
  readonly soFar: string;
  readonly gap: string;
  /** Empty before the first checkpoint. */
  readonly checkpoint: string;
  /** Ways of booking that count as the brand's way now. */
  readonly habits: readonly string[];
  readonly benign: readonly string[];
  /** Refunds with a problem in the storefront's own data, one phrase for each mark. */
  readonly odd: readonly string[];
  readonly otherCurrencies: readonly string[];
  /** What is probably another business's; empty when nothing is. */
  readonly others: string;
  /** The lines for the brand file that leave it out; empty when no line can. */
  readonly setting: readonly string[];
  readonly payments: PaymentsStory;
};

/** "test orders: 2, rows shown twice: 40"; empty when nothing was left out. */
export function leftOutOf(row: Summary["completeness"][number] | undefined): string {
  return Object.entries(row?.leftOut ?? {})
    .map(([name, count]) => `${wordFor(LEFT_OUT_WORDS, name)}: ${count}`)
    .join(", ");
}

function someOf(orders: readonly string[], count: number): string {
  const more = count - orders.length;
  const listed = orders.map((order) => asciiWord(order, 30)).join(", ");
  return more > 0 ? `${listed} and ${more} more` : listed;
}

type Cohort = Summary["cohorts"][number];

/** The segment in words, such as "channel pos, gateway cash", or its pattern or mismatch. */
export function segmentName({ segment }: Pick<Cohort, "segment">): string {
  const parts = Object.entries(segment).map(([key, value]) => {
    if (key === "pattern") return wordFor(PATTERN_WORDS, value);
    if (key === "mismatch")
      return value === NOT_PAID_OUT ? NOT_PAID : wordFor(MISMATCH_WORDS, value);
    return `${unlinked(spelled(key))} ${unlinked(value)}`;
  });
  return parts.length === 0 ? "all refunds" : parts.join(", ");
}

/** "Booked as a credit and not paid out since 12 November."; empty where nothing is to be said. */
export function sinceWhen({
  failure,
  onset,
  segment,
}: Pick<Cohort, "failure" | "onset" | "segment">): string {
  // The name of a cohort without a segment says what is wrong already.
  const isNamed = segment["mismatch"] !== undefined;
  const what = isNamed ? undefined : BOOKED_OTHERWISE.get(failure);
  if (onset === null) return what === undefined ? "" : `${what}.`;
  return `${what ?? (BOOKED_OTHERWISE.has(failure) ? "This is so" : "More frequent")} ${sinceInWords(onset)}.`;
}

/** How a cohort names credits that are not paid out, and the words for it. */
const NOT_PAID_OUT = "not_paid_out";
const NOT_PAID = "booked as a credit and not paid out";
const BOOKED_OTHERWISE: ReadonlyMap<Cohort["failure"], string> = new Map([
  ["unpaid", "Booked as a credit and not paid out"],
  ["transaction_type", "Booked as another kind of document"],
]);

/** The cohort's key for the commands, and the cost of the work by hand. */
export function keyAndCost({ key, cost }: Cohort, currency: string): string {
  return `Work by hand: ${spokenMinutes(cost.minutes)}, ${money(cost.work, currency)}. Key: ${unlinked(key)}`;
}

/** "Process, confidence 87 %"; an undetermined cause has no confidence. */
export function verdict(diagnosis: {
  readonly cause: Cohort["cause"];
  readonly confidence: number;
}): string {
  const cause = CAUSE_WORDS[diagnosis.cause];
  return diagnosis.cause === "undetermined"
    ? cause
    : `${cause}, confidence ${percent(diagnosis.confidence)}`;
}

/**
 * What is wrong with one refund: one phrase for each mismatch, with both figures if there are two.
 */
export function mismatchTexts({
  mismatches,
  status,
  ownership,
  countedWith,
}: SummaryException): readonly string[] {
  const doubt = [
    ...(ownership === "unclear" ? ["its owner is unclear"] : []),
    ...(countedWith === undefined ? [] : [`the same money as order ${unlinked(countedWith)}`]),
  ];
  if (mismatches.length === 0) return [`status ${status}`, ...doubt];
  const texts = mismatches.map((mismatch) => {
    const { kind, expected, actual, difference, currency, hidden, leg } = mismatch;
    if (isUnpaid(mismatch)) return `${NOT_PAID}: ${money(expected, currency)}`;
    const what =
      hidden === true
        ? `${MISMATCH_WORDS[kind]}, in the lines only`
        : leg === "paid"
          ? `${MISMATCH_WORDS[kind]} in the payout`
          : MISMATCH_WORDS[kind];
    if (kind === "missing_in_erp" || kind === "missing_in_storefront") return what;
    if (difference !== "")
      return `${what}: ${unlinked(expected)} / ${unlinked(actual)}, ${money(difference, currency)}`;
    return expected === "" && actual === ""
      ? what
      : `${what}: ${unlinked(expected || "-")} / ${unlinked(actual || "-")}`;
  });
  return [...texts, ...doubt];
}

function othersSentence({ otherBusinesses, currency }: Summary): string {
  const { count, amount, unclear, traits } = otherBusinesses;
  const whyOf = (wanted: (typeof traits)[number]["ownership"]): string =>
    traits
      .filter(({ open, ownership }) => open > 0 && ownership === wanted)
      .map(
        ({ trait, value, open, seen, agreed }) =>
          ` ${open} of ${TRAIT_WORDS[trait]} ${unlinked(value)}: when this was learned, ${agreed} of its ${counted(seen, "document")} had the order and the amount, or the id, of a refund of this shop.`,
      )
      .join("");
  const theirs =
    count === 0
      ? ""
      : `${counted(count, "document")} of the ERP, ${money(amount, currency)}, ${count === 1 ? "is" : "are"} probably another business's: not at risk here, not among the exceptions above, but in exceptions.csv.${whyOf("probably_not_ours")}`;
  const doubtful =
    unclear.count === 0
      ? ""
      : `Of ${counted(unclear.count, "document")} among the exceptions above, ${money(unclear.amount, currency)}, the owner is unclear: they may be another business's.${whyOf("unclear")}`;
  return [theirs, doubtful].filter((sentence) => sentence !== "").join(" ");
}

export const OTHERS_TITLE = "Documents that may be another business's";
export const LEAVE_OUT =
  "If they are another business's, let an engineer add this inside erp of the brand file: they are then left out. If some are this shop's, do not add it: their refunds would look missing.";

function settingLines({ otherBusinesses }: Summary): readonly string[] {
  const { setting } = otherBusinesses;
  return setting === null ? [] : ["erp:", "  scope:", `    ${unlinked(setting)}`];
}

/** Open exceptions that are this shop's, as far as anything shows. */
export function ownExceptions({ exceptions }: Summary): readonly SummaryException[] {
  return exceptions.filter(({ ownership }) => ownership !== "probably_not_ours");
}

function headline(summary: Summary, unread: readonly string[]): string {
  const { currency } = summary;
  const partial = unread.length > 0 ? "Partial: " : "";
  const all = ownExceptions(summary);
  const clear = all.filter(({ ownership }) => ownership === undefined);
  const doubtful = all.length - clear.length;
  const unexplained = summary.payments?.withoutRefund.length ?? 0;
  const doubt =
    doubtful === 0
      ? ""
      : `${counted(doubtful, "document")} whose owner is unclear, ${money(exposureOf(all, currency, true), currency)}`;
  if (clear.length === 0 && doubtful > 0) return `${partial}${doubt}`;
  if (clear.length === 0 && unexplained > 0) {
    return `${partial}${counted(unexplained, "payment")} without a refund`;
  }
  if (clear.length === 0) {
    return unread.length > 0 ? "Partial: no result for the whole day yet" : "Nothing to work on";
  }
  const many = counted(clear.length, "exception");
  const atRisk = [
    money(exposureOf(all, currency, false), currency),
    ...codesAtRisk(clear, currency).map((code) => money(exposureOf(all, code, false), code)),
  ];
  return `${partial}${many}, ${atRisk.join(" + ")} at risk${doubt === "" ? "" : `; ${doubt}`}`;
}

/** The other currencies in which something is at risk. */
function codesAtRisk(rows: readonly SummaryException[], brandCurrency: string): string[] {
  const exposed = rows.filter(({ exposure }) => /[1-9]/.test(exposure));
  const codes = new Set(exposed.map(({ currency }) => currency));
  codes.delete(brandCurrency);
  return [...codes].toSorted();
}

/** What is at risk in this currency: of documents whose owner is unclear, or of the others. */
function exposureOf(
  rows: readonly SummaryException[],
  wanted: string,
  isDoubtful: boolean,
): string {
  const some = rows.filter(
    ({ ownership, currency }) => (ownership !== undefined) === isDoubtful && currency === wanted,
  );
  const amounts = some.map(({ exposure, currency }) => Money.of(exposure, currency));
  return Money.sum(amounts, wanted).toString();
}

function action(summary: Summary, context: ReportContext, unread: readonly string[]): string {
  const { cohorts } = summary;
  const exceptions = ownExceptions(summary);
  if (exceptions.length === 0 && unread.length > 0) {
    return "First check why the source stopped answering. Refunds after the time named below were not compared, so an empty list does not mean that nothing is wrong.";
  }
  const unexplained = summary.payments?.withoutRefund.length ?? 0;
  if (exceptions.length === 0 && unexplained > 0) {
    return `No refund is an exception, but ${context.storefront} shows money that went back to buyers without a refund: it is listed below. Look each of these orders up there.`;
  }
  if (exceptions.length === 0) return emptyState(summary, context);
  const caution =
    unread.length > 0
      ? "Some refunds may be listed only because a source was not read completely: check that first. "
      : "";
  const [first] = cohorts;
  const [top] = exceptions;
  if (first === undefined) {
    if (top === undefined) return `${caution}The list is in exceptions.csv.`;
    return `${caution}No common cause stands out. Start with the largest, ${largest(top)}.`;
  }
  const step = first.nextSteps[0];
  const exposed = /[1-9]/.test(first.exposure);
  const since = first.onset === null ? "" : ` ${sinceInWords(first.onset)}`;
  const what = `${segmentName(first)}${since}: ${first.count} of ${counted(first.population, "refund")} ${first.count === 1 ? "has" : "have"} this problem`;
  const how = step === undefined ? "" : ` ${step}`;
  if (exposed || top === undefined) {
    return `${caution}Start with ${what}, ${money(first.exposure, summary.currency)} at risk.${how}`;
  }
  // Finance begins with money at risk. A group without it is work for the integration's owner.
  return `${caution}Start with the largest, ${largest(top)}. In common, with no money at risk: ${what}.${how}`;
}

function largest(top: SummaryException): string {
  const name = unlinked(top.orderNumber ?? top.refundId ?? top.erpDocumentIds.join(", "));
  return `${name}: ${money(top.exposure, top.currency)}, ${mismatchTexts(top)[0] ?? ""}`;
}

/** An empty list must say what was compared; otherwise it could mean that nothing was compared. */
function emptyState({ totals, date }: Summary, { storefront, erp }: ReportContext): string {
  if (totals.refunds === 0) {
    return `${storefront} had no refund on ${spokenDate(date)}, and no older exception is open. Both systems were read through the end of the day.`;
  }
  const pending =
    totals.pending === 0
      ? ""
      : ` ${counted(totals.pending, "refund")} pending, within the time allowed.`;
  return `${counted(totals.refunds, "refund")} of ${spokenDate(date)} compared between ${storefront} and ${erp}: ${totals.matched} matched.${pending} No older exception is open.`;
}

function partialSources(
  { completeness, window }: Summary,
  { storefront, erp, timeZone }: ReportContext,
): readonly string[] {
  const names = { storefront, erp };
  return (["storefront", "erp"] as const).flatMap((source) => {
    const row = completeness.find((one) => one.source === source);
    const through = row?.completeThrough ?? null;
    const problems = [
      ...(row?.missing ?? []).map(
        (permission) =>
          `${names[source]} does not grant ${permission}: the data behind it cannot be read. Grant it.`,
      ),
      ...(row?.trouble === null || row?.trouble === undefined ? [] : [row.trouble]),
    ];
    if (through === null) return [`${names[source]} was never read completely.`, ...problems];
    if (through >= window.to) return problems;
    return [`${names[source]} was read only through ${localTime(through, timeZone)}.`, ...problems];
  });
}

function otherCurrencies({ byCurrency, currency }: Summary): readonly string[] {
  return Object.entries(byCurrency)
    .filter(([code]) => code !== currency)
    .map(
      ([code, row]) =>
        `${money(row.refundedAmount, code)} refunded, ${money(row.exposure, code)} at risk`,
    );
}

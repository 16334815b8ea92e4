import type { Brand } from "../lambdas/brand.ts";
import type { Diagnosis } from "../lambdas/refund/diagnosis/patterns/diagnosis.ts";
import type { Mismatch } from "../lambdas/refund/record/mismatch.ts";
import { isClaim } from "../lambdas/refund/observation/nothing-to-book.ts";
import type { Match, SyncRecord } from "../lambdas/refund/record/sync-record.ts";
import { localTime, money } from "../lambdas/reports/figures.ts";
import { PLATFORM_NAMES } from "../lambdas/platforms.ts";
import { segmentName, verdict } from "../lambdas/reports/story.ts";
import {
  MISMATCH_WORDS,
  PATTERN_WORDS,
  QUESTIONS,
  STATUS_WORDS,
  MARK_WORDS,
} from "../lambdas/reports/words.ts";
import { stepsOf } from "./explain-cohort.ts";
import type { KnownCohort } from "./find-cohort.ts";
import { paragraph } from "./screen.ts";
import { sideBySide } from "./side-by-side.ts";

/** One refund on one screen: both sides, match, differences, history, cause, and what to do. */
export function explainRecord(
  input: {
    readonly record: SyncRecord;
    /** Null for a record that is no exception. */
    readonly diagnosis: Diagnosis | null;
    readonly cohort: KnownCohort | null;
  },
  { storefront, erp, timeZone }: Brand,
): string[] {
  const { record, diagnosis, cohort } = input;
  const names = {
    storefront: PLATFORM_NAMES[storefront.platform],
    erp: PLATFORM_NAMES[erp.platform],
    timeZone,
  };
  return [
    ...paragraph(heading(record)),
    "",
    ...sideBySide(record, names),
    "",
    ...paragraph(`Match: ${matchOf(record)}`, 0, 2),
    ...paragraph(`Known to be harmless: ${record.benign.join(", ") || "nothing"}.`, 0, 2),
    ...(record.refund?.marks ?? []).flatMap((mark) =>
      paragraph(`Problem in the storefront's own data: ${MARK_WORDS[mark]}.`, 0, 2),
    ),
    ...mismatchesOf(record),
    "",
    `What happened (${timeZone})`,
    ...record.history
      .slice(-MOST_HISTORY)
      .flatMap(({ at, status, why }) =>
        paragraph(`${localTime(at, timeZone)}  ${STATUS_WORDS[status]}: ${why}`, 2, 2),
      ),
    ...(diagnosis === null ? [] : ["", ...diagnosisOf(diagnosis)]),
    ...(cohort === null ? [] : ["", ...cohortLines(cohort)]),
  ];
}

function heading({ id, refund, order, status, exposure, currency, history }: SyncRecord): string {
  const number = refund?.orderNumber ?? order;
  const where = number === null ? "names no order" : `order ${number}`;
  const risk = /[1-9]/.test(exposure) ? `, ${money(exposure, currency)} at risk` : "";
  const ended = status === "matched" && refund === null && history.at(-1)?.why;
  const words = typeof ended === "string" ? `does not count (${ended})` : STATUS_WORDS[status];
  return `${id.replace(":", " ")}, ${where}: ${words}${risk}`;
}

function matchOf({ match, ambiguous }: SyncRecord): string {
  const several =
    ambiguous.length === 0
      ? ""
      : ` Equally good candidates, so none was chosen: ${ambiguous.join(", ")}.`;
  if (match === null) return `none.${several}`;
  const shared =
    match.sharedWith.length === 0
      ? ""
      : ` The same document books refunds ${match.sharedWith.join(", ")} too.`;
  return `by ${RULE_WORDS[match.rule]}: ${match.reason}.${shared}${several}`;
}

function mismatchesOf({ mismatches, refund, documents }: SyncRecord): string[] {
  if (mismatches.length === 0) return ["Nothing differs."];
  if (refund !== null && isClaim(refund) && documents.length === 0) {
    const amount = /[1-9]/.test(refund.settled)
      ? money(refund.settled, refund.currency)
      : "amount not known";
    return [
      "What differs",
      ...paragraph(
        `The order says refunded (${amount}). The storefront has no refund and the ERP has no document. It is not known whether money moved.`,
        2,
        2,
      ),
    ];
  }
  return ["What differs", ...mismatches.flatMap((one) => paragraph(mismatch(one), 2, 2))];
}

function mismatch(input: Mismatch): string {
  const { kind, expected, actual, difference, currency, hidden, leg } = input;
  const where = hidden === true ? ", in the lines only" : leg === "paid" ? " in the payout" : "";
  if (kind === "status") return `${MISMATCH_WORDS[kind]}: wanted ${expected}, got ${actual}`;
  const sides = `storefront ${expected || "nothing"}, ERP ${actual || "nothing"}`;
  const by = difference === "" ? "" : `, difference ${money(difference, currency)}`;
  return `${MISMATCH_WORDS[kind]}${where}: ${sides}${by}`;
}

function diagnosisOf(diagnosis: Diagnosis): string[] {
  const { pattern, evidence } = diagnosis;
  const words = pattern === null ? "" : `; ${PATTERN_WORDS[pattern]}`;
  return [
    ...paragraph(`Why: ${verdict(diagnosis)}${words}`, 0, 2),
    ...evidence.slice(0, MOST_EVIDENCE).flatMap((line) => paragraph(`- ${line}`, 2, 2)),
  ];
}

function cohortLines(cohort: KnownCohort): string[] {
  const { key, count, population, questions, nextSteps } = cohort;
  const more = nextSteps.length - MOST_STEPS;
  const name = `One of ${count} similar exceptions among ${population} refunds: ${segmentName(cohort)}; ${verdict(cohort)}.`;
  return [
    ...paragraph(name, 0, 2),
    ...questions.map(
      ({ id, answer, points }) =>
        `  ${id}. ${QUESTIONS.get(id) ?? ""} ${answer}${points === "neither" ? "" : ` -> ${points}`}`,
    ),
    "What to do, in this order",
    ...stepsOf(nextSteps.slice(0, MOST_STEPS)),
    ...(more > 0 ? [`  and ${more} more:`] : []),
    ...paragraph(`For the numbers, run: explain '${key}'`, 0, 2),
  ];
}

const RULE_WORDS: Readonly<Record<Match["rule"], string>> = {
  reference: "reference",
  order_amount: "order and amount",
  order_parts: "order and parts",
  order: "order",
  circumstantial: "circumstance",
};
const MOST_HISTORY = 6;
const MOST_EVIDENCE = 4;
const MOST_STEPS = 3;

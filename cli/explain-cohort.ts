import type { Brand } from "../lambdas/brand.ts";
import { byExposure } from "../lambdas/refund/money/by-currency.ts";
import type { SyncRecord } from "../lambdas/refund/record/sync-record.ts";
import { money, percent, spokenDuration } from "../lambdas/reports/figures.ts";
import { segmentName, verdict } from "../lambdas/reports/story.ts";
import { CAUSE_MEANS, PATTERN_WORDS, QUESTIONS } from "../lambdas/reports/words.ts";
import type { KnownCohort } from "./find-cohort.ts";
import { paragraph } from "./screen.ts";

/**
 * A cohort on one screen: segment, cause, confidence, the five answers, and what to do in order.
 */
export function explainCohort(
  cohort: KnownCohort,
  records: readonly SyncRecord[],
  brand: Brand,
): string[] {
  const { count, population, rate, exposure, pattern, cost, key, asOf } = cohort;
  const share = `${count} of ${population} refunds (${percent(rate)}), ${money(exposure, brand.currency)} at risk`;
  const work = `${spokenDuration(cost.minutes * 60_000)} of work by hand, ${money(cost.work, brand.currency)}`;
  return [
    ...paragraph(`Cohort: ${segmentName(cohort)}${asOf === undefined ? "" : `, as of ${asOf}`}`),
    ...paragraph(`${share}; ${work}.`),
    ...paragraph(`Key: ${key}`),
    "",
    ...paragraph(
      `${verdict(cohort)}${pattern === null ? "" : `; ${PATTERN_WORDS[pattern]}`}. Meaning: ${CAUSE_MEANS[cohort.cause]}.`,
    ),
    "",
    "The five questions",
    ...answersOf(cohort),
    "",
    "What to do, in this order",
    ...stepsOf(cohort.nextSteps),
    ...(records.length === 0 ? [] : ["", ...sample(records, brand)]),
  ];
}

/** One line for each answer, with its numbers below. */
function answersOf({ questions }: Pick<KnownCohort, "questions">): string[] {
  return questions.flatMap(({ id, answer, points, evidence }) => [
    `  ${id}. ${QUESTIONS.get(id) ?? ""} ${answer.toUpperCase()}${points === "neither" ? "" : ` -> ${points}`}`,
    ...paragraph(evidence, 5),
  ]);
}

export function stepsOf(steps: readonly string[]): string[] {
  return steps.flatMap((step, index) => paragraph(`${index + 1}. ${step}`, 2, 3));
}

function sample(records: readonly SyncRecord[], { currency }: Brand): string[] {
  const sorted = byExposure(records, currency, (record) => ({
    amount: record.exposure,
    currency: record.currency,
    since: record.openedAt ?? "",
    id: record.id,
  }));
  const some = sorted
    .slice(0, SAMPLES)
    .map(
      ({ id, refund, exposure, currency: its }) =>
        `${refund?.orderNumber ?? id} (${money(exposure, its)})`,
    );
  const more = records.length > SAMPLES ? `, and ${records.length - SAMPLES} more` : "";
  return paragraph(`Its records, the largest first: ${some.join(", ")}${more}.`);
}

const SAMPLES = 8;

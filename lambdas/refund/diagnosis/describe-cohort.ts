import type { CohortCase } from "./questions/cohort-case.ts";
import type { Cause, Diagnosis } from "./patterns/diagnosis.ts";
import type { Cohort } from "./cohort.ts";
import { bookedOtherwiseSince } from "./hypotheses/booked-otherwise.ts";
import { repairSteps } from "./repairs/repair-steps.ts";
import { isUnpaid } from "../record/mismatch.ts";
import { Money } from "../money/money.ts";
import { answersTo } from "./questions/answer-questions.ts";
import type { Pattern } from "./patterns/diagnosis.ts";
import { logOddsOf, withLogOdds } from "./cohort-log-odds.ts";
import { decided, patternOf, verdictOf, weighed } from "./hypotheses/weigh-hypotheses.ts";

/** The cohort as the reports show it, and the diagnosis of each member that follows from it. */
export function describeCohort(one: CohortCase): DescribedCohort {
  const { found } = one;
  const questions = answersTo(one);
  const logOdds = logOddsOf(questions, one);
  const reweighted = found.members.map((member) => ({
    id: member.record.id,
    hypotheses: withLogOdds(member.hypotheses, logOdds),
  }));
  const shares = reweighted.map(({ hypotheses }) => weighed(hypotheses));
  const verdict = decided(mean(shares.map(({ byCause }) => byCause)));
  const pattern = patternOf(mean<Pattern | null>(shares.map(({ byPattern }) => byPattern)));
  const cohort: Cohort = {
    segment: segmentOf(one, pattern),
    count: found.members.length,
    population: found.population,
    rate: found.members.length / found.population,
    exposure: exposureOf(one),
    ...verdict,
    pattern,
    onset: onsetIn(one),
    questions: questions.map(({ id, answer, points, evidence }) => ({
      id,
      answer,
      points,
      evidence,
    })),
    nextSteps: repairSteps(one, verdict.cause, pattern),
  };
  return {
    found,
    cohort,
    diagnoses: new Map(reweighted.map(({ id, hypotheses }) => [id, verdictOf(hypotheses)])),
  };
}

export type DescribedCohort = {
  readonly found: CohortCase["found"];
  readonly cohort: Cohort;
  /** By record id: the diagnosis of each member, with the evidence of the whole cohort. */
  readonly diagnoses: ReadonlyMap<string, Diagnosis>;
};

/**
 * What the members have in common: the segment where they are concentrated, else the pattern, else
 * the most frequent kind of mismatch.
 */
function segmentOf({ found }: CohortCase, pattern: Pattern | null): Cohort["segment"] {
  if (found.segment.size > 0) return Object.fromEntries(found.segment);
  if (pattern !== null) return { pattern };
  const kinds = new Map<string, number>();
  for (const { record } of found.members) {
    for (const mismatch of record.mismatches) {
      const kind = isUnpaid(mismatch) ? "not_paid_out" : mismatch.kind;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  }
  const [most] = [...kinds].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return most === undefined ? {} : { mismatch: most[0] };
}

/**
 * Bookings that changed are dated by the habit of their path. A day's roll-up counts such a failure
 * only after it was made again.
 */
function onsetIn({ found, since, policy }: CohortCase): Cohort["onset"] {
  const [first] = found.members;
  if (first?.failure === "unpaid" || first?.failure === "transaction_type") {
    const range = bookedOtherwiseSince(first.record, policy);
    if (range !== null) return range;
  }
  return since === null ? null : { from: since.from, to: since.to };
}

/** In the brand's currency. Amounts in other currencies are not converted, so they are left out. */
function exposureOf({ found, policy }: CohortCase): string {
  const own = found.members
    .filter(({ record }) => record.currency === policy.brandCurrency)
    .map(({ record }) => Money.of(record.exposure, record.currency));
  return Money.sum(own, policy.brandCurrency).toString();
}

function mean<Key extends Cause | Pattern | null>(
  all: readonly ReadonlyMap<Key, number>[],
): Map<Key, number> {
  const total = new Map<Key, number>();
  for (const one of all) {
    for (const [key, share] of one) total.set(key, (total.get(key) ?? 0) + share / all.length);
  }
  return total;
}

import type { CohortCase } from "./questions/cohort-case.ts";
import type { QuestionAnswer } from "./questions/question.ts";
import type { Hypothesis } from "./hypotheses/hypothesis.ts";
import type { AnsweredQuestion } from "./questions/answer-questions.ts";
import type { DiagnosedException } from "./hypotheses/diagnosed-exception.ts";
import {
  FIRST_APPEARANCE_WEIGHT,
  QUESTION_WEIGHTS,
  QUESTION_WEIGHTS_BY_HAND,
} from "./hypotheses/hypothesis-weights.ts";

/**
 * The log-odds that the five answers add for process against integration. When as many answers
 * point to one family as to the other, the side where the mismatch first appears decides.
 */
export function logOddsOf(questions: readonly AnsweredQuestion[], { found }: CohortCase): number {
  let odds = 0;
  for (const { id, points, byPerson } of questions) {
    odds += direction(points) * (byPerson ? QUESTION_WEIGHTS_BY_HAND : QUESTION_WEIGHTS)[id];
  }
  const votes = questions.reduce((total, { points }) => total + direction(points), 0);
  return votes === 0 ? odds + FIRST_APPEARANCE_WEIGHT * firstAppearance(found.members) : odds;
}

/** A record's hypotheses, with their weights changed by the log-odds of its cohort. */
export function withLogOdds(
  hypotheses: readonly Hypothesis[],
  logOdds: number,
): readonly Hypothesis[] {
  return hypotheses.map((hypothesis) => {
    const side =
      hypothesis.cause === "integration" ? -1 : hypothesis.cause === "undetermined" ? 0 : 1;
    return { ...hypothesis, weight: hypothesis.weight * Math.exp((side * logOdds) / 2) };
  });
}

function direction(points: QuestionAnswer["points"]): -1 | 0 | 1 {
  if (points === "neither") return 0;
  return points === "process" ? 1 : -1;
}

/**
 * The mean over the members: 1 when the mismatch begins with the storefront's staff, -1 when it
 * begins on a document that the integration made.
 */
function firstAppearance(members: readonly DiagnosedException[]): number {
  const sides = members.map(({ record: { documents }, features }): number => {
    if (documents.some(({ createdBy }) => createdBy.kind === "integration")) return -1;
    return documents.length === 0 && features?.role === "staff" ? 1 : 0;
  });
  const sum = sides.reduce((total, side) => total + side, 0);
  return sides.length === 0 ? 0 : sum / sides.length;
}

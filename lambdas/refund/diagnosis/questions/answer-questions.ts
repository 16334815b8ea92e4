import { cohortKey } from "../cohorts/cohort-key.ts";
import type { CohortCase } from "./cohort-case.ts";
import type { QuestionAnswer } from "./question.ts";
import type { PersonsAnswer } from "./given-answer.ts";
import { concentration } from "./concentration.ts";
import { humanTouch } from "./touched-by-hand.ts";
import { onset } from "./onset.ts";
import { repetition } from "./repetition.ts";
import { reproduction } from "./reproduction.ts";

/**
 * The five questions of a cohort, answered from data, each with its numbers. What the data cannot
 * answer is "unknown", with the reason; a person's answer overrides the data.
 */
export function answersTo(one: CohortCase): readonly AnsweredQuestion[] {
  const key = cohortKey(one.found);
  return [repetition(one), humanTouch(one), concentration(one), onset(one), reproduction(one)].map(
    (answer) => {
      const person = latest(
        one.answers.filter(({ cohort, question }) => cohort === key && question === answer.id),
      );
      return person === null ? { ...answer, byPerson: false } : overriddenBy(person, answer);
    },
  );
}

/** The family to which an answer points, by the meaning of each question. */
export function pointsOf(
  id: QuestionAnswer["id"],
  answer: QuestionAnswer["answer"],
): QuestionAnswer["points"] {
  if (answer === "unknown" || answer === "mixed") return "neither";
  const yesIs = YES_POINTS_TO[id];
  if (answer === "yes") return yesIs;
  return yesIs === "process" ? "integration" : "process";
}

const YES_POINTS_TO: Readonly<Record<QuestionAnswer["id"], "integration" | "process">> = {
  1: "integration",
  2: "process",
  3: "process",
  4: "integration",
  5: "integration",
};

export type AnsweredQuestion = QuestionAnswer & { readonly byPerson: boolean };

function overriddenBy(
  { answer, by, at, note }: PersonsAnswer,
  data: QuestionAnswer,
): AnsweredQuestion {
  const why = note === "" ? "" : `: ${note}`;
  return {
    id: data.id,
    byPerson: true,
    answer,
    points: pointsOf(data.id, answer),
    evidence: `${by} answered on ${at.slice(0, 10)}${why}. The data say: ${data.evidence}`,
  };
}

function latest(answers: readonly PersonsAnswer[]): PersonsAnswer | null {
  return answers.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0] ?? null;
}

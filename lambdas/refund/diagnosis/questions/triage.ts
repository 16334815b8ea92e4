import type { Cause } from "../patterns/diagnosis.ts";
import type { QuestionAnswer } from "./question.ts";
import { pointsOf } from "./answer-questions.ts";
import { QUESTION_WEIGHTS_BY_HAND, LIMITS } from "../hypotheses/hypothesis-weights.ts";

/**
 * The five questions for one mismatch, answered by a person in five minutes, without access to the
 * ERP. Answers that the data already give are filled in; a person's answer overrides them. Without
 * any answer that points to a family, the verdict is undetermined.
 */
export function triage({ known = [], answers = {} }: TriageInput): Triaged {
  const questions = TRIAGE_QUESTIONS.map(({ id, text }): TriagedQuestion => {
    const data = known.find((one) => one.id === id);
    const answer = answers[id] ?? data?.answer ?? "unknown";
    return {
      id,
      text,
      answer,
      points: pointsOf(id, answer),
      from: answers[id] !== undefined ? "person" : data === undefined ? "nobody" : "data",
      evidence: data?.evidence ?? "",
    };
  });
  const odds = questions.reduce((total, { id, points }) => {
    if (points === "neither") return total;
    return total + (points === "process" ? 1 : -1) * QUESTION_WEIGHTS_BY_HAND[id];
  }, 0);
  const process = 1 / (1 + Math.exp(-odds));
  const likelier = Math.max(process, 1 - process);
  const cause: Cause =
    likelier < LIMITS.decidedInTriage ? "undetermined" : process > 0.5 ? "process" : "integration";
  return {
    questions,
    cause,
    confidence: cause === "undetermined" ? 0 : Math.round(likelier * 1000) / 1000,
    indicators: questions
      .filter(({ points }) => points !== "neither")
      .map(
        ({ id, answer, points }) => `${id}. ${INDICATORS[id][answer === "yes" ? 0 : 1]}: ${points}`,
      ),
    nextSteps: STEPS[cause],
    settledBy: cause === "undetermined" ? openQuestions(questions) : [],
  };
}

export const TRIAGE_QUESTIONS: readonly {
  readonly id: QuestionAnswer["id"];
  readonly text: string;
}[] = [
  { id: 1, text: "Does it repeat for the same order type?" },
  { id: 2, text: "Did a person edit or override it after it was processed?" },
  {
    id: 3,
    text: "Is it concentrated in categories, order sizes, fulfilment methods, locations or staff?",
  },
  { id: 4, text: "Did it appear after a delay (and not at once)?" },
  { id: 5, text: "Does it reproduce in a test environment?" },
];

export type TriageInput = {
  /** What the data say, where the record or its cohort is known. */
  readonly known?: readonly QuestionAnswer[];
  readonly answers?: Readonly<Partial<Record<QuestionAnswer["id"], QuestionAnswer["answer"]>>>;
};

export type TriagedQuestion = {
  readonly id: QuestionAnswer["id"];
  readonly text: string;
  readonly answer: QuestionAnswer["answer"];
  readonly points: QuestionAnswer["points"];
  readonly from: "person" | "data" | "nobody";
  readonly evidence: string;
};

export type Triaged = {
  readonly questions: readonly TriagedQuestion[];
  readonly cause: Cause;
  readonly confidence: number;
  readonly indicators: readonly string[];
  readonly nextSteps: readonly string[];
  /** The open questions that would decide it, when it is undetermined. */
  readonly settledBy: readonly string[];
};

function openQuestions(questions: readonly TriagedQuestion[]): string[] {
  return questions
    .filter(({ points }) => points === "neither")
    .toSorted((a, b) => QUESTION_WEIGHTS_BY_HAND[b.id] - QUESTION_WEIGHTS_BY_HAND[a.id])
    .map(({ id, text }) => `${id}. ${text}`);
}

const INDICATORS: Readonly<Record<QuestionAnswer["id"], readonly [yes: string, no: string]>> = {
  1: ["it repeats for the same order type", "it does not repeat for the same order type"],
  2: ["a person edited it", "no person touched it"],
  3: ["it is concentrated", "it is spread evenly"],
  4: ["it appeared after a delay", "it appeared at once"],
  5: ["it reproduces in a test", "it does not reproduce in a test"],
};

const STEPS: Readonly<Record<Cause, readonly string[]>> = {
  integration: [
    "Integration's owner: audit the mapping of the refund transaction type: order id, payment reference, customer, type, reason, amount, currency.",
    "Integration's owner: read the reconciliation log: what was sent, what the ERP confirmed, when.",
    "Integration's owner: send one test refund like it from storefront to ERP and compare the amounts.",
    "ERP administrator: set the alerts on amount and age for this kind.",
  ],
  process: [
    "Store operations or customer service: map the whole workflow with every exception path.",
    "Store operations or customer service: find the step at which the entry in the ERP is skipped.",
    "ERP administrator: make the entry in the ERP mandatory before a refund can be completed.",
    "Finance: set one policy and one threshold for everybody.",
    "Finance: check after 30 days whether the rate fell by more than chance.",
  ],
  both: [],
  undetermined: [
    "Answer the open questions, the most important first, before you repair anything.",
  ],
};

import { TRIAGE_QUESTIONS } from "../lambdas/refund/diagnosis/questions/triage.ts";
import { required } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** The person's name, which is stored with the decision. */
export function personsName(by: string | undefined): string {
  return short(required(by, "by"), "by", 100);
}

/** Stored and shown unchanged; it is never markup. */
export function personsNote(note: string | undefined): string {
  return short(note ?? "", "note", 500);
}

function short(text: string, name: string, most: number): string {
  const trimmed = text.trim();
  if (trimmed.length > most) {
    throw new UsageError(`--${name} must be at most ${most} characters, got ${trimmed.length}`);
  }
  return trimmed;
}

/** Answers to the five questions, such as `2=yes`; the last answer to a question counts. */
export function readAnswers(words: readonly string[]): ReadonlyMap<QuestionId, Answer> {
  const answers = new Map<QuestionId, Answer>();
  for (const word of words) {
    const [number = "", said] = word.split("=");
    const id = TRIAGE_QUESTIONS.find((question) => String(question.id) === number)?.id;
    const answer = ANSWERS.find((one) => one === said);
    if (id === undefined || answer === undefined) {
      throw new UsageError(
        `an answer is the question's number, = and ${ANSWERS.join(", ")}, such as 2=yes; got ${JSON.stringify(word)}`,
      );
    }
    answers.set(id, answer);
  }
  return answers;
}

type QuestionId = (typeof TRIAGE_QUESTIONS)[number]["id"];
type Answer = (typeof ANSWERS)[number];
export const ANSWERS = ["yes", "no", "mixed", "unknown"] as const;

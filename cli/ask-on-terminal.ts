import { createInterface } from "node:readline/promises";

import type { QuestionAnswer } from "../lambdas/refund/diagnosis/questions/question.ts";
import type { TriagedQuestion } from "../lambdas/refund/diagnosis/questions/triage.ts";
import { ANSWERS } from "./person-input.ts";
import { say } from "./say.ts";
import { UsageError } from "./usage-error.ts";

/** Asks a person what nobody has answered yet, one question after the other. */
export async function askOnTerminal(
  open: readonly TriagedQuestion[],
  known: readonly QuestionAnswer[],
): Promise<ReadonlyMap<QuestionAnswer["id"], QuestionAnswer["answer"]>> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Line by line, so that lines that were pasted together are not lost between two questions.
  const lines: AsyncIterator<string, undefined> = terminal[Symbol.asyncIterator]();
  const answers = new Map<QuestionAnswer["id"], QuestionAnswer["answer"]>();
  try {
    for (const { id, answer, evidence } of known)
      say(`${id}. ${answer} (from the data): ${evidence}`);
    for (const { id, text } of open) answers.set(id, await answerTo(`${id}. ${text}`, lines));
  } finally {
    terminal.close();
  }
  return answers;
}

async function answerTo(
  question: string,
  lines: AsyncIterator<string, undefined>,
): Promise<QuestionAnswer["answer"]> {
  for (;;) {
    say(`${question} [yes, no, mixed; empty: unknown]`);
    const line = await lines.next();
    if (line.value === undefined)
      throw new UsageError("the input ended before all questions were answered");
    const typed = line.value.trim().toLowerCase();
    const answer = typed === "" ? "unknown" : ANSWERS.find((one) => one.startsWith(typed));
    if (answer !== undefined) return answer;
    say(`   one of ${ANSWERS.join(", ")}, or their first letter`);
  }
}

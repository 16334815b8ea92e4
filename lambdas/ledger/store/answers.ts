import { createHash } from "node:crypto";

import { personsAnswerSchema } from "../../refund/diagnosis/questions/given-answer.ts";
import type { PersonsAnswer } from "../../refund/diagnosis/questions/given-answer.ts";
import type { Table } from "../ports.ts";

/** People's answers to the five questions: the newest answer for each cohort and question. */
export async function readAnswers(table: Table): Promise<readonly PersonsAnswer[]> {
  const items = await table.query("answer");
  return items.map(({ pk: _pk, sk: _sk, ...answer }) => personsAnswerSchema.parse(answer));
}

export async function saveAnswer(table: Table, answer: PersonsAnswer): Promise<void> {
  const sk = `${shortName(answer.cohort)}#${answer.question}`;
  await table.put({ pk: "answer", sk, ...answer }, "any");
}

/** A cohort's key may be longer than a sort key allows. */
export function shortName(cohort: string): string {
  return createHash("sha256").update(cohort).digest("hex").slice(0, 32);
}

import * as z from "zod";

import { ANSWERS, QUESTION_IDS } from "./question.ts";

/**
 * A person's answer to one of the five questions about a cohort. It overrides what the data say and
 * is kept with the brand's state, so that nobody is asked twice.
 */
export type PersonsAnswer = z.infer<typeof personsAnswerSchema>;

export const personsAnswerSchema = z.strictObject({
  /** The cohort's key, see `cohortKey`. */
  cohort: z.string().min(1),
  question: z.literal(QUESTION_IDS),
  answer: z.enum(ANSWERS),
  by: z.string().min(1).max(100),
  at: z.iso.datetime(),
  note: z.string().max(500).default(""),
});

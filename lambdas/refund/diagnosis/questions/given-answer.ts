import * as z from "zod";

/**
 * A person's answer to one of the five questions about a cohort. It overrides what the data say and
 * is kept with the brand's state, so that nobody is asked twice.
 */
export type PersonsAnswer = z.infer<typeof personsAnswerSchema>;

export const personsAnswerSchema = z.strictObject({
  /** The cohort's key, see `cohortKey`. */
  cohort: z.string().min(1),
  question: z.literal([1, 2, 3, 4, 5]),
  answer: z.enum(["yes", "no", "mixed", "unknown"]),
  by: z.string().min(1).max(100),
  at: z.iso.datetime(),
  note: z.string().max(500).default(""),
});

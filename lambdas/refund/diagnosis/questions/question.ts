/** The answer to one of the five questions about a cohort. */
export type QuestionAnswer = {
  readonly id: (typeof QUESTION_IDS)[number];
  readonly answer: (typeof ANSWERS)[number];
  readonly points: (typeof POINTS)[number];
  /** With its numbers; when unknown, why. */
  readonly evidence: string;
};

export const QUESTION_IDS = [1, 2, 3, 4, 5] as const;
export const ANSWERS = ["yes", "no", "mixed", "unknown"] as const;
export const POINTS = ["integration", "process", "neither"] as const;

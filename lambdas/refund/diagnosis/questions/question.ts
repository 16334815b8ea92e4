/** The answer to one of the five questions about a cohort. */
export type QuestionAnswer = {
  readonly id: 1 | 2 | 3 | 4 | 5;
  readonly answer: "yes" | "no" | "mixed" | "unknown";
  readonly points: "integration" | "process" | "neither";
  /** With its numbers; when unknown, why. */
  readonly evidence: string;
};

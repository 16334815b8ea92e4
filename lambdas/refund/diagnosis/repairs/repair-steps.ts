import type { CohortCase } from "../questions/cohort-case.ts";
import type { Cause, Pattern } from "../patterns/diagnosis.ts";
import { integrationSteps } from "./integration-steps.ts";
import { processSteps } from "./process-steps.ts";

/**
 * What to do, in which order, each step with whose work it is and the cohort's own figures. When
 * both families are at fault the process comes first: data mended before the bypass is closed is
 * bypassed again.
 */
export function repairSteps(
  one: CohortCase,
  cause: Cause,
  pattern: Pattern | null,
): readonly string[] {
  switch (cause) {
    case "integration":
      return integrationSteps(one, pattern);
    case "process":
      return processSteps(one, pattern);
    case "both":
      return [
        "First the process, then the integration's data: what is mended before the bypass is closed is bypassed again.",
        ...processSteps(one, pattern),
        ...integrationSteps(one, pattern),
      ];
    case "undetermined":
      return [
        "Customer service: ask whoever made one of these refunds the five questions (refund-watch triage); five minutes settle what the data cannot.",
        "Integration's owner: send a test refund of the same kind through the sandbox. If it fails there, it is the integration; if it arrives, it is the process.",
      ];
  }
}

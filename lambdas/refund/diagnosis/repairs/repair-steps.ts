import type { CohortCase } from "../questions/cohort-case.ts";
import type { Cause, Pattern } from "../patterns/diagnosis.ts";
import { integrationSteps } from "./integration-steps.ts";
import { processSteps } from "./process-steps.ts";

/**
 * The repair steps in their order. Each step states who does it and gives the cohort's own figures.
 * When both families are a cause, the process comes first: data that are repaired while the bypass
 * is still open are bypassed again.
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
        "Repair the process first and the integration's data second: data that are repaired while the bypass is still open are bypassed again.",
        ...processSteps(one, pattern),
        ...integrationSteps(one, pattern),
      ];
    case "undetermined":
      return [
        "Customer service: ask the person who made one of these refunds the five questions (command: refund-watch triage); this takes five minutes and answers what the data cannot.",
        "Integration's owner: send a test refund of the same kind through the sandbox. If it fails there, the cause is the integration; if it arrives, the cause is the process.",
      ];
  }
}

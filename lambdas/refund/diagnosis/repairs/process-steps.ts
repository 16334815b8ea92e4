import { someOf } from "../questions/cohort-case.ts";
import type { CohortCase } from "../questions/cohort-case.ts";
import type { Pattern } from "../patterns/diagnosis.ts";
import { sinceInWords } from "../../time/days-in-words.ts";
import { workflowMap } from "./workflow-map.ts";
import { pathInWords, workflowPathOf } from "../features/workflow-path.ts";

/** The steps of a process repair: map, find the step, make it mandatory, one policy, check in. */
export function processSteps(one: CohortCase, pattern: Pattern | null): string[] {
  const { members } = one.found;
  const who = OWNERS[pattern ?? "none"];
  return [
    `${who}: map the whole workflow with every exception path. ${pathsSeen(one)}`,
    `${who}: find the step at which the entry in the ERP is skipped: ${stepOf(one, pattern)}.`,
    `ERP administrator: make the entry in the ERP mandatory before a refund can be completed; if the systems have no such check, adding it is a project, not a repair.`,
    `Finance: set one policy and one threshold for everybody (the approval limit is now ${one.policy.approvalLimit} ${one.policy.brandCurrency}); enter by hand what is missing: ${someOf(members)}.`,
    "Finance: record the date of the change (command: refund-watch fix) and check after 30 days whether the rate fell by more than chance; if not, go back to step 1.",
  ];
}

function pathsSeen({ rollups }: CohortCase): string {
  const paths = workflowMap(rollups).filter(({ missing }) => missing > 0);
  if (paths.length === 0) return "No path with a missing refund was seen in the last days.";
  const words = paths.slice(0, 4).map(({ path, refunds, missing, onset }) => {
    const since = onset === null ? "" : `, more often ${sinceInWords(onset)}`;
    return `${path}: ${missing} of ${refunds} missing${since}`;
  });
  return `Seen: ${words.join("; ")}.`;
}

function stepOf({ found }: CohortCase, pattern: Pattern | null): string {
  const features = found.members.find((member) => member.features !== null)?.features ?? null;
  const path =
    features === null
      ? "the document's entry"
      : pathInWords({ ...workflowPathOf(features), staff: null });
  return `${STEPS[pattern ?? "none"]} (${path})`;
}

type StepKey = Pattern | "none";

const OWNERS: Readonly<Record<StepKey, string>> = {
  register_bypass: "Store operations",
  verbal_approval: "Customer service",
  cross_team_handoff: "Store operations with the other team",
  store_credit_loop: "Customer service with finance",
  partial_sync: "Finance",
  rounding_drift: "Finance",
  promo_mismatch: "Finance",
  async_gap: "Finance",
  none: "Finance",
};

const STEPS: Readonly<Record<StepKey, string>> = {
  register_bypass: "the money leaves the register and nobody enters it",
  verbal_approval:
    "somebody approves the refund orally, and there is no return, ticket or note from which to enter it",
  cross_team_handoff: "another team handles the goods, and its form does not reach the ERP",
  store_credit_loop: "somebody gives credit for a problem and does not log it as a refund",
  partial_sync: "the document is entered without its references",
  rounding_drift: "the amount is typed in",
  promo_mismatch: "the amount is typed in",
  async_gap: "the entry waits for somebody",
  none: "the document is entered or changed by hand",
};

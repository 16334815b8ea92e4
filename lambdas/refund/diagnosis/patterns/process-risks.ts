import type { Pattern } from "./diagnosis.ts";
import type { WorkflowPath } from "../features/workflow-path.ts";
import { crossTeamHandoffRisk } from "./cross-team-handoff.ts";
import { registerBypassRisk } from "./register-bypass.ts";
import type { RiskGroup } from "./risk-group.ts";
import { storeCreditLoopRisk } from "./store-credit-loop.ts";
import { verbalApprovalRisk } from "./verbal-approval.ts";

/** The patterns by which people can leave a refund on this workflow path out of the ERP. */
export function processRisks(path: WorkflowPath): readonly ProcessRisk[] {
  return RISKS.flatMap(([pattern, riskOf]) => {
    const group = riskOf(path);
    return group === null ? [] : [{ pattern, ...group }];
  });
}

export type ProcessRisk = RiskGroup & { readonly pattern: ProcessPattern };
export type ProcessPattern = Extract<
  Pattern,
  "register_bypass" | "verbal_approval" | "cross_team_handoff" | "store_credit_loop"
>;

/** The most specific pattern first: it is assumed where no miss rate is learned yet. */
const RISKS: readonly (readonly [ProcessPattern, (path: WorkflowPath) => RiskGroup | null])[] = [
  ["store_credit_loop", storeCreditLoopRisk],
  ["register_bypass", registerBypassRisk],
  ["verbal_approval", verbalApprovalRisk],
  ["cross_team_handoff", crossTeamHandoffRisk],
];

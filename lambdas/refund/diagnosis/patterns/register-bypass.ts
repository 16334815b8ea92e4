import type { WorkflowPath } from "../features/workflow-path.ts";
import type { RiskGroup } from "./risk-group.ts";

/** A point-of-sale or cash refund in a store that nobody entered in the ERP's workflow. */
export function registerBypassRisk(path: WorkflowPath): RiskGroup | null {
  if (path.atRegister !== true && path.inCash !== true) return null;
  const group = path.inCash === true ? "in cash at the register" : "made at the register";
  return { group, subgroup: `${group}, ${path.location ?? "store unknown"}` };
}

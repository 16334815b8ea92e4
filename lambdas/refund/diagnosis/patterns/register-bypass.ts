import type { WorkflowPath } from "../features/workflow-path.ts";
import type { RiskGroup } from "./risk-group.ts";

/** Point-of-sale or cash refund in a store, never entered the ERP's workflow. */
export function registerBypassRisk(path: WorkflowPath): RiskGroup | null {
  if (path.atRegister !== true && path.inCash !== true) return null;
  const way = path.inCash === true ? "cash at the register" : "refunded at the register";
  return { way, place: `${way}, ${path.location ?? "store unknown"}` };
}

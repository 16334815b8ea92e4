import type { WorkflowPath } from "../features/workflow-path.ts";
import type { RiskGroup } from "./risk-group.ts";

/**
 * Store credit or gift card for a problem, later spent on an order that is itself refunded: two
 * refund events for one problem, neither maps to the original ERP transaction.
 */
export function storeCreditLoopRisk({ asCredit, gateway }: WorkflowPath): RiskGroup | null {
  if (asCredit !== true) return null;
  return { way: "as store credit", place: `as store credit, ${gateway ?? "gateway unknown"}` };
}

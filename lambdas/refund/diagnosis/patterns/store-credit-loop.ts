import type { WorkflowPath } from "../features/workflow-path.ts";
import type { RiskGroup } from "./risk-group.ts";

/**
 * The customer got store credit or a gift card for a problem and later paid with it for an order
 * that is itself refunded. So one problem has two refund events, and neither of them maps to the
 * original ERP transaction.
 */
export function storeCreditLoopRisk({ asCredit, gateway }: WorkflowPath): RiskGroup | null {
  if (asCredit !== true) return null;
  return { group: "as store credit", subgroup: `as store credit, ${gateway ?? "gateway unknown"}` };
}

import type { WorkflowPath } from "../features/workflow-path.ts";
import type { RiskGroup } from "./risk-group.ts";

/**
 * A member of staff made the refund without return, ticket, note or approval. The amount is
 * typically under the documentation limit, and only one system has the refund.
 *
 * Where the platform does not show who made a refund, a refund without any document has the same
 * risk. Goods that were returned over a counter are a document too, so at the register only refunds
 * without returned goods have this risk.
 */
export function verbalApprovalRisk(path: WorkflowPath): RiskGroup | null {
  if (path.role === "app" || path.role === "nobody") return null;
  if (!path.undocumented || path.underLimit === false) return null;
  if (path.atRegister === true && path.way === "returned") return null;
  const who = path.role === "staff" ? "by staff" : "by an unknown person";
  const group = `${who} without return or note`;
  return { group, subgroup: `${group}, ${path.staff ?? "staff unknown"}` };
}

import type { WorkflowPath } from "../features/workflow-path.ts";
import type { RiskGroup } from "./risk-group.ts";

/**
 * Issued by a member of staff without return, ticket, note or approval; typically under the
 * documentation limit; present in one system only.
 *
 * Where the platform does not tell who made a refund, one without any paper is as open to it. Goods that came back over a counter are a document too, so at the register only refunds without
 * goods are open to it.
 */
export function verbalApprovalRisk(path: WorkflowPath): RiskGroup | null {
  if (path.role === "app" || path.role === "nobody") return null;
  if (!path.undocumented || path.underLimit === false) return null;
  if (path.atRegister === true && path.way === "returned") return null;
  const who = path.role === "staff" ? "by staff" : "by somebody unnamed";
  const way = `${who} without return or note`;
  return { way, place: `${way}, ${path.staff ?? "staff unknown"}` };
}

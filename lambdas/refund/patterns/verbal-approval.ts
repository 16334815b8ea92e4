import type { WorkflowPath } from "../workflow-path.ts";
import type { RiskGroup } from "./risk-group.ts";

/**
 * Issued by a member of staff without return, ticket, note or approval; typically under the
 * documentation limit; present in one system only.
 *
 * Goods that came back over a counter are a document too, so at the register only refunds without
 * goods are open to it.
 */
export function verbalApprovalRisk(path: WorkflowPath): RiskGroup | null {
  if (path.role !== "staff" || !path.undocumented || path.underLimit === false) return null;
  if (path.atRegister === true && path.way === "returned") return null;
  const way = "by staff without return or note";
  return { way, place: `${way}, ${path.staff ?? "staff unknown"}` };
}

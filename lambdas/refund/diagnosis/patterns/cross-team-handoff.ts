import { FeatureText } from "../features/feature-words.ts";
import { isPlaceUnseen } from "../features/workflow-path.ts";
import type { WorkflowPath } from "../features/workflow-path.ts";
import type { RiskGroup } from "./risk-group.ts";

/**
 * The goods were sent from or returned to a distribution centre, where another team uses its own
 * form. The missing refunds are concentrated by location or fulfilment path.
 *
 * Where the platform does not show what happened to the goods, any refund that a member of staff made
 * for goods has this risk.
 */
export function crossTeamHandoffRisk(path: WorkflowPath): RiskGroup | null {
  const { handedTo, role } = path;
  if (handedTo === null) {
    if (!isPlaceUnseen(path) || role !== "staff") return null;
    const group = "by staff, of goods whose place the storefront does not show";
    return { group, subgroup: group };
  }
  const group = FeatureText.warehouse.test(handedTo)
    ? "with goods at a distribution centre"
    : "with goods at another place";
  return { group, subgroup: `with goods at ${handedTo}` };
}

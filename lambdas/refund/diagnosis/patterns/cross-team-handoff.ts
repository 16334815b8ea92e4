import { FeatureText } from "../features/feature-words.ts";
import type { WorkflowPath } from "../features/workflow-path.ts";
import type { RiskGroup } from "./risk-group.ts";

/**
 * The goods were sent from or returned to a distribution centre, where another team uses its own
 * form. The missing refunds are concentrated by location or fulfilment path.
 */
export function crossTeamHandoffRisk({ handedTo }: WorkflowPath): RiskGroup | null {
  if (handedTo === null) return null;
  const group = FeatureText.warehouse.test(handedTo)
    ? "with goods at a distribution centre"
    : "with goods at another place";
  return { group, subgroup: `with goods at ${handedTo}` };
}

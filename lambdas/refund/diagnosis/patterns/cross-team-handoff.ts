import { FeatureText } from "../features/feature-words.ts";
import type { WorkflowPath } from "../features/workflow-path.ts";
import type { RiskGroup } from "./risk-group.ts";

/**
 * Fulfilled from or returned to a distribution centre, the other team's form; missing, concentrated
 * by location or fulfilment path.
 */
export function crossTeamHandoffRisk({ handedTo }: WorkflowPath): RiskGroup | null {
  if (handedTo === null) return null;
  const way = FeatureText.warehouse.test(handedTo)
    ? "with goods at a distribution centre"
    : "with goods at another place";
  return { way, place: `with goods at ${handedTo}` };
}

import { processRisks } from "../patterns/process-risks.ts";
import type { ProcessPattern } from "../patterns/process-risks.ts";
import type { RiskGroup } from "../patterns/risk-group.ts";
import { isPlaceUnseen } from "../features/workflow-path.ts";
import type { WorkflowPath } from "../features/workflow-path.ts";

/**
 * Every reason why a refund on this path may go missing, in addition to those of any refund: the
 * process patterns, people in general (one clerk, one kind of approval), a transaction type that
 * the integration does not transfer at all, and what may have happened to goods at a place that the
 * storefront does not show.
 */
export function risksOf(path: WorkflowPath): readonly Risk[] {
  return [
    ...processRisks(path).map((risk) => ({ ...risk, reason: risk.pattern })),
    ...peopleRisks(path),
    ...typeRisks(path),
    ...placeRisks(path),
  ];
}

export type Risk = RiskGroup & {
  readonly reason: ProcessPattern | "people" | "type" | "place";
  readonly pattern: ProcessPattern | null;
};

/** A clerk's refunds with goods at another team's place are evidence about that place instead. */
function peopleRisks({ role, staff, underLimit, handedTo }: WorkflowPath): readonly Risk[] {
  if (role !== "staff") return [];
  const people = { reason: "people", pattern: null } as const;
  const above = "by staff, above the approval limit";
  const clerk =
    staff === null || handedTo !== null
      ? []
      : [{ ...people, group: "by staff", subgroup: `by ${staff}` }];
  return underLimit === false ? [...clerk, { ...people, group: above, subgroup: above }] : clerk;
}

/**
 * Goods that came back to a place that the storefront does not show. If these refunds go missing
 * more often than others, another team may have left them out, or the integration may lose what has
 * goods: the records cannot tell.
 */
function placeRisks(path: WorkflowPath): readonly Risk[] {
  if (!isPlaceUnseen(path) || path.role === "staff") return [];
  const group = "of goods whose place the storefront does not show, not known to be by staff";
  return [{ reason: "place", pattern: null, group, subgroup: group }];
}

/**
 * At a register the result depends on the person and not on the transaction type. Elsewhere the
 * integration handles all refunds of a type.
 */
function typeRisks({ gateway, channel, buyerCurrency, ...path }: WorkflowPath): readonly Risk[] {
  if (path.atRegister === true || path.inCash === true) return [];
  const types = [
    ["with gateway", gateway],
    ["on channel", channel],
    ["for buyers in", buyerCurrency],
  ] as const;
  return types.flatMap(([label, value]) =>
    value === null
      ? []
      : [
          {
            reason: "type",
            pattern: null,
            group: `${label} ${value}`,
            subgroup: `${label} ${value}`,
          } as const,
        ],
  );
}

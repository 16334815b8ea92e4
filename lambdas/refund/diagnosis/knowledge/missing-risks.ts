import { processRisks } from "../patterns/process-risks.ts";
import type { ProcessPattern } from "../patterns/process-risks.ts";
import type { RiskGroup } from "../patterns/risk-group.ts";
import type { WorkflowPath } from "../features/workflow-path.ts";

/**
 * Every way by which a refund on this path may go missing, beside those by which any refund may: the
 * patterns of people, people as such (one clerk, one kind of approval), and a type of transaction that
 * the integration does not carry at all.
 */
export function risksOf(path: WorkflowPath): readonly Risk[] {
  return [
    ...processRisks(path).map((risk) => ({ ...risk, reason: risk.pattern })),
    ...peopleRisks(path),
    ...typeRisks(path),
  ];
}

export type Risk = RiskGroup & {
  readonly reason: ProcessPattern | "people" | "type";
  readonly pattern: ProcessPattern | null;
};

/** A clerk's refunds whose goods go to another team's house say more about that house. */
function peopleRisks({ role, staff, underLimit, handedTo }: WorkflowPath): readonly Risk[] {
  if (role !== "staff") return [];
  const people = { reason: "people", pattern: null } as const;
  const above = "by staff, above the approval limit";
  const clerk =
    staff === null || handedTo !== null
      ? []
      : [{ ...people, way: "by staff", place: `by ${staff}` }];
  return underLimit === false ? [...clerk, { ...people, way: above, place: above }] : clerk;
}

/** What people do at a register varies with them, whatever the type; elsewhere a type is the machine's. */
function typeRisks({ gateway, channel, buyerCurrency, ...path }: WorkflowPath): readonly Risk[] {
  if (path.atRegister === true || path.inCash === true) return [];
  const types = [
    ["paid by", gateway],
    ["through", channel],
    ["for buyers in", buyerCurrency],
  ] as const;
  return types.flatMap(([how, what]) =>
    what === null
      ? []
      : [
          {
            reason: "type",
            pattern: null,
            way: `${how} ${what}`,
            place: `${how} ${what}`,
          } as const,
        ],
  );
}

import type { RoundingFinding } from "../../lambdas/refund/diagnosis/rounding/rounding-finding.ts";
import type { Rule } from "../../lambdas/refund/diagnosis/rounding/rounding-rule.ts";
import { generateLife } from "../../local/life/generate.ts";
import type { LifeOptions, RoundingRule } from "../../local/life/options.ts";
import { judgeLife } from "./judged-life.ts";

/** Whether the product names the planted rule of a life, alone or among equally good rules. */
export function nameRounding(options: LifeOptions): NamedRounding {
  const life = generateLife(options);
  const { said, exceptions } = judgeLife(life, life.to);
  const drifting = exceptions.filter(({ truth }) => truth?.fault === "rounding_drift").length;
  const planted = options.roundingRule ?? null;
  const rules = rulesOf(said.rounding);
  const at = rules.findIndex((rule) => planted !== null && isRule(rule, planted));
  return {
    drifting,
    canBeFound: drifting >= LEAST_DRIFTING,
    named: at >= 0,
    first: at === 0,
    alike: Math.max(0, rules.length - 1),
  };
}

export type NamedRounding = {
  readonly drifting: number;
  /** Whether so many refunds drift that a person with all the documents could find the rule. */
  readonly canBeFound: boolean;
  readonly named: boolean;
  /** Named as the first choice. */
  readonly first: boolean;
  /** How many other rules the product names as equally good. */
  readonly alike: number;
};

function rulesOf(finding: RoundingFinding | null): readonly Rule[] {
  return finding === null ? [] : [finding.rule, ...finding.alike];
}

/**
 * Compares the generator's name of a rule with the product's rule. A planted rule applies to net
 * goods and not to shipping.
 */
function isRule(rule: Rule, planted: RoundingRule): boolean {
  if (planted === "discount-by-quantity")
    return rule.kind === "discount" && rule.shared === "quantity";
  const mode = MODES.find((one) => planted.endsWith(one));
  if (rule.kind === "discount" || rule.kind === "remainder" || rule.mode !== mode) return false;
  if (planted.startsWith("unit-price")) return rule.kind === "price";
  const scope = SCOPES.find((one) => planted.includes(`-${one}-`));
  return (
    rule.kind === "tax" && rule.scope === scope && rule.reach === "goods" && rule.base === "on top"
  );
}

const MODES = ["half-up", "half-even", "down"] as const;
const SCOPES = ["total", "line", "unit"] as const;
const LEAST_DRIFTING = 8;

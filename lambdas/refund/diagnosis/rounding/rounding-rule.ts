import type { RoundingRule } from "../../money/money.ts";

/**
 * The grammar of the rules by which a system may round a refund. A rule says the one thing that it
 * does its own way; everything else it takes from the refund as it is.
 */
export type Rule =
  | {
      readonly kind: "tax";
      readonly scope: Scope;
      readonly reach: Reach;
      readonly mode: RoundingRule;
      readonly base: TaxBase;
    }
  | {
      readonly kind: "discount";
      readonly shared: "price" | "quantity";
      readonly mode: RoundingRule;
    }
  | { readonly kind: "price"; readonly mode: RoundingRule }
  | { readonly kind: "currency"; readonly mode: RoundingRule }
  | { readonly kind: "digits"; readonly fewer: number; readonly mode: RoundingRule };

export type TaxRule = Extract<Rule, { readonly kind: "tax" }>;

/** Unit by unit; line by line; goods and shipping each; or once for all that is worked out anew. */
type Scope = "unit" | "line" | "component" | "total";
/** Whose tax is worked out anew: many connectors do it for the goods and take shipping as it comes. */
type Reach = "goods" | "goods and shipping";
/**
 * What the tax is worked out from: the net amount beside it (tax on top, or already taken out line by
 * line), or where prices hold their tax, the gross amount, or the net that was rounded first.
 */
type TaxBase = "on top" | "from gross" | "from rounded net";

const MODES: readonly RoundingRule[] = ["half-up", "half-even", "down"];
/** Of the goods alone, a component is the total. */
const SCOPES: readonly (readonly [Scope, Reach])[] = [
  ["line", "goods"],
  ["unit", "goods"],
  ["total", "goods"],
  ["line", "goods and shipping"],
  ["unit", "goods and shipping"],
  ["component", "goods and shipping"],
  ["total", "goods and shipping"],
];

export const TAX_RULES: readonly TaxRule[] = MODES.flatMap((mode) =>
  SCOPES.flatMap(([scope, reach]) =>
    (["on top", "from gross", "from rounded net"] as const).map((base) => ({
      kind: "tax" as const,
      scope,
      reach,
      mode,
      base,
    })),
  ),
);

export const RULES: readonly Rule[] = [
  ...TAX_RULES,
  ...MODES.flatMap((mode) => [
    { kind: "discount" as const, shared: "price" as const, mode },
    { kind: "discount" as const, shared: "quantity" as const, mode },
    { kind: "price" as const, mode },
    { kind: "currency" as const, mode },
    { kind: "digits" as const, fewer: 1, mode },
    { kind: "digits" as const, fewer: 2, mode },
    { kind: "digits" as const, fewer: 3, mode },
  ]),
];

/** "tax rounded per line, half-even": the rule as a person would name it. */
export function ruleInWords(rule: Rule): string {
  switch (rule.kind) {
    case "tax":
      return `tax ${BASE_WORDS[rule.base]}rounded ${SCOPE_WORDS[rule.scope]}, ${rule.mode}${REACH_WORDS[rule.reach]}`;
    case "discount":
      return `discount shared by ${rule.shared} and rounded per line, ${rule.mode}`;
    case "price":
      return `price of a unit rounded before it is multiplied, ${rule.mode}`;
    case "currency":
      return `converted line by line and rounded before it is added up, ${rule.mode}`;
    case "digits":
      return `rounded to ${rule.fewer} digit${rule.fewer === 1 ? "" : "s"} fewer than the currency has, ${rule.mode}`;
  }
}

const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  unit: "per unit",
  line: "per line",
  component: "per component",
  total: "on the total",
};
const REACH_WORDS: Readonly<Record<Reach, string>> = {
  goods: " (shipping as given)",
  "goods and shipping": "",
};
const BASE_WORDS: Readonly<Record<TaxBase, string>> = {
  "on top": "",
  "from gross": "taken out of the gross and ",
  "from rounded net": "added to the rounded net and ",
};

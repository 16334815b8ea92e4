import type { RoundingRule } from "../../money/money.ts";

/**
 * All rules by which a system may round a refund. A rule states the one step that the system does
 * differently; all other figures are taken from the refund unchanged.
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
  | { readonly kind: "digits"; readonly fewer: number; readonly mode: RoundingRule }
  /** Each refund is rounded by itself; the storefront's last refund of an order is not. */
  | { readonly kind: "remainder" };

export type TaxRule = Extract<Rule, { readonly kind: "tax" }>;

/**
 * Rounded per unit, per line, once each for goods and shipping, or once on all that is recomputed.
 */
type Scope = "unit" | "line" | "component" | "total";
/** Whose tax is recomputed: many connectors do it for the goods and take shipping unchanged. */
type Reach = "goods" | "goods and shipping";
/**
 * From what the tax is computed: from the net amount (the tax is on top, or was taken out line by
 * line before); or, where prices include tax, from the gross amount or from the rounded net amount.
 */
type TaxBase = "on top" | "from gross" | "from rounded net";

const MODES: readonly RoundingRule[] = ["half-up", "half-even", "down"];
/** If only the goods are recomputed, "component" equals "total", so it is not listed for them. */
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
  { kind: "remainder" },
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

/** The rule in words, for example "tax rounded per line, half-even". */
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
    case "remainder":
      return "each refund rounded by itself, while the storefront's last refund of an order takes the cents of tax that the ones before it left";
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

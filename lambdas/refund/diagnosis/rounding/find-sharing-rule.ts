import type { RoundingCase } from "./rounding-case.ts";
import type { RoundingFinding } from "./rounding-finding.ts";
import { RULES } from "./rounding-rule.ts";
import type { Rule } from "./rounding-rule.ts";

/**
 * Does the ERP share an order's discount by quantity, where the storefront shares it by price? Such
 * refunds differ by much more than cents, and only in the discount.
 *
 * The order is not known, so its whole discount is not known either. But two returned lines of one
 * order, in one refund or in two, are still a test: if the discount is shared by quantity, every
 * unit has the same share at any price. A single line fits every share and tests nothing: it is
 * counted as untested and is no evidence for the rule.
 *
 * Null where too few refunds differ in this way, none can be tested, or the tested ones disagree.
 */
export function findSharingRule(cases: readonly RoundingCase[]): RoundingFinding | null {
  const shared = cases.filter(({ otherShare }) => otherShare !== undefined);
  if (shared.length < LEAST_SHARED) return null;
  const testable = [...byOrder(shared).values()].filter(separatesQuantityFromPrice);
  const tested = testable.flat();
  const missed = testable.filter((order) => !isEven(order.flatMap(asBooked))).flat();
  const reproduced = tested.length - missed.length;
  if (tested.length === 0 || reproduced < tested.length * LEAST_COVERAGE) return null;
  const [rule, ...alike] = RULES.filter(isBy("quantity"));
  if (rule === undefined) return null;
  const cents = cases.filter(
    ({ otherShare, booked, settled }) => otherShare === undefined && booked !== settled,
  );
  return {
    rule,
    alike,
    storefront: RULES.find(isBy("price")) ?? null,
    reproduced,
    drifting: tested.length,
    untested: shared.length - tested.length,
    unexplained: new Set([...missed, ...cents].map(({ id }) => id)),
    steadyKept: 0,
    steady: 0,
  };
}

function isBy(shared: "price" | "quantity"): (rule: Rule) => boolean {
  return (rule) => rule.kind === "discount" && rule.shared === shared;
}

function byOrder(cases: readonly RoundingCase[]): ReadonlyMap<string, RoundingCase[]> {
  const orders = new Map<string, RoundingCase[]>();
  for (const one of cases) {
    const order = one.otherShare?.order ?? one.id;
    orders.set(order, [...(orders.get(order) ?? []), one]);
  }
  return orders;
}

/** Whether the storefront's shares are too uneven per unit to come from sharing by quantity. */
function separatesQuantityFromPrice(order: readonly RoundingCase[]): boolean {
  return !isEven(
    order.flatMap(({ lines }) => lines.map(([quantity, , discount]) => ({ quantity, discount }))),
  );
}

function asBooked({ lines, otherShare }: RoundingCase): { quantity: number; discount: number }[] {
  return lines.map(([quantity], at) => ({
    quantity,
    discount: otherShare?.discounts[at] ?? 0,
  }));
}

/** Whether one share per unit fits all lines that have a discount. */
function isEven(lines: readonly { quantity: number; discount: number }[]): boolean {
  const discounted = lines.filter(({ discount }) => discount !== 0);
  const least = discounted.map(({ quantity, discount }) => (discount - REMAINDER) / quantity);
  const most = discounted.map(({ quantity, discount }) => (discount + REMAINDER) / quantity);
  return Math.max(...least) <= Math.min(...most);
}

const LEAST_SHARED = 5;
const LEAST_COVERAGE = 0.8;
/** Tolerance of one line, in minor units: shares are rounded, and the last line takes the rest. */
const REMAINDER = 2;

import { sum } from "../../collections/sum.ts";
import type { RoundingRule } from "../../money/money.ts";
import { minorDigits } from "../../money/money.ts";
import type { RoundingCase } from "./rounding-case.ts";
import { STEPS } from "./tax-rates.ts";
import { roundedRatio } from "../../money/rounded-ratio.ts";
import type { Rule, TaxRule } from "./rounding-rule.ts";

/**
 * The total of a refund recomputed by a rule, in minor units; null for a refund to which the rule
 * does not apply. `rate` is the tax rate in steps of 0.001 %.
 */
export function recompute(rule: Rule, one: RoundingCase, rate: number | null): number | null {
  switch (rule.kind) {
    case "tax": {
      const fits = rule.base === "on top" || one.taxesIncluded;
      if (!fits || rate === null || one.otherCurrency !== null) return null;
      const pieces = parts(rule.base === "on top" ? netOf(one) : one, rule);
      return (
        one.settled - asGiven(one, rule) + sum(pieces.map((piece) => taxed(piece, rate, rule)))
      );
    }
    case "discount":
      return one.otherCurrency === null
        ? withDiscountSharedAgain(one, rule.shared, rule.mode)
        : null;
    case "price":
      return one.otherCurrency === null ? withUnitPriceRounded(one, rule.mode) : null;
    case "currency":
      return converted(one, rule.mode);
    case "remainder":
      return one.otherCurrency === null ? one.settled - (one.remainder ?? 0) : null;
    case "digits": {
      if (rule.fewer > minorDigits(one.currency)) return null;
      const unit = 10 ** rule.fewer;
      return roundedRatio(one.settled, unit, rule.mode) * unit;
    }
  }
}

/** The refund with the tax taken out of prices that include it: many connectors send it so. */
function netOf(one: RoundingCase): RoundingCase {
  if (!one.taxesIncluded) return one;
  return {
    ...one,
    lines: one.lines.map(([quantity, price, discount, amount, tax]) => [
      quantity,
      price,
      discount,
      amount - tax,
      tax,
    ]),
    shipping: one.shipping - one.shippingTax,
  };
}

/** A part of the refund that is rounded separately: `amount` divided by `over`, `times` times. */
type Piece = { readonly amount: number; readonly over: number; readonly times: number };

/** The taxed amounts that are recomputed, divided into the pieces that are rounded separately. */
function parts(one: RoundingCase, { scope, reach }: TaxRule): Piece[] {
  const lines = one.lines.filter(bearsTax);
  const goods = sum(lines.map(([, , , amount]) => amount));
  const shipping = reach === "goods" || one.shippingTax === 0 ? [] : [undivided(one.shipping)];
  switch (scope) {
    case "unit":
      return [
        ...lines.map(([quantity, , , amount]) => ({ amount, over: quantity, times: quantity })),
        ...shipping,
      ];
    case "line":
      return [...lines.map(([, , , amount]) => undivided(amount)), ...shipping];
    case "component":
      return [undivided(goods), ...shipping];
    case "total":
      return [undivided(goods + sum(shipping.map(({ amount }) => amount)))];
  }
}

function bearsTax([, , , , tax]: RoundingCase["lines"][number]): boolean {
  return tax !== 0;
}

function undivided(amount: number): Piece {
  return { amount, over: 1, times: 1 };
}

/** A piece with its tax. Where the tax is on top, the net amount itself is not rounded again. */
function taxed({ amount, over, times }: Piece, rate: number, { mode, base }: TaxRule): number {
  if (base === "on top") return amount + times * roundedRatio(amount * rate, STEPS * over, mode);
  const net = roundedRatio(amount * STEPS, (STEPS + rate) * over, mode);
  const tax =
    base === "from gross"
      ? roundedRatio(amount * rate, (STEPS + rate) * over, mode)
      : roundedRatio(net * rate, STEPS, mode);
  return times * (net + tax);
}

/** The same pieces as the storefront has them, with their tax. */
function asGiven(one: RoundingCase, { reach }: TaxRule): number {
  const onTop = (tax: number): number => (one.taxesIncluded ? 0 : tax);
  const goods = one.lines.filter(bearsTax).map(([, , , amount, tax]) => amount + onTop(tax));
  const shipping =
    reach === "goods" || one.shippingTax === 0 ? 0 : one.shipping + onTop(one.shippingTax);
  return sum(goods) + shipping;
}

/** The total if the discount is shared again over the returned goods, with each share rounded. */
function withDiscountSharedAgain(
  one: RoundingCase,
  by: "price" | "quantity",
  mode: RoundingRule,
): number | null {
  const discounted = one.lines.filter(([, price, discount]) => discount > 0 && price !== null);
  const whole = sum(discounted.map(([, , discount]) => discount));
  const weights = discounted.map(
    ([quantity, price]) => quantity * (by === "price" ? (price ?? 0) : 1),
  );
  const total = sum(weights);
  if (discounted.length < 2 || total === 0) return null;
  const shares = sum(weights.map((weight) => roundedRatio(whole * weight, total, mode)));
  return one.settled + whole - shares;
}

/** The total if the price of one unit is rounded and then multiplied by the quantity. */
function withUnitPriceRounded(one: RoundingCase, mode: RoundingRule): number | null {
  const several = one.lines.filter(([quantity]) => quantity > 1);
  if (several.length === 0) return null;
  return (
    one.settled + sum(several.map(([n, , , amount]) => n * roundedRatio(amount, n, mode) - amount))
  );
}

/**
 * The total if the shop's amounts are converted into the buyer's currency piece by piece, in the
 * pieces of a document: the goods of each line without tax, the shipping, all tax as one sum, and
 * the rest of what was settled.
 */
function converted(one: RoundingCase, mode: RoundingRule): number | null {
  const shop = one.otherCurrency?.settled ?? 0;
  if (shop === 0) return null;
  const net = netOf(one);
  const tax = sum(one.lines.map((line) => line[4])) + one.shippingTax;
  const known = [...net.lines.map(([, , , amount]) => amount), net.shipping, tax];
  const pieces = [...known, shop - sum(known)].filter((units) => units !== 0);
  return sum(pieces.map((units) => roundedRatio(units * one.settled, shop, mode)));
}

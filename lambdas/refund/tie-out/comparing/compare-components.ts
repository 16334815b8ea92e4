import { ofAmount } from "../../record/mismatch.ts";
import { Money, minorDigits } from "../../money/money.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import type { Amount } from "../../money/amount.ts";
import type { Figures } from "../../observation/refund-figures.ts";
import {
  bothParts,
  isNothing,
  partSlackOf,
  partsTotal,
  toBook,
  withoutCashRounding,
} from "../../observation/refund-figures.ts";
import type { Mismatch, MismatchKind } from "../../record/mismatch.ts";

/**
 * Compares tax, shipping and discount, where both sides state them.
 *
 * The two sides may divide the same money in different ways without a mismatch: tax inside the
 * prices, the tax of shipping in the shipping or in the tax, shipping or tax as a line of the
 * document, the discount already subtracted from the items.
 */
export function compareComponents(input: Compared): readonly Mismatch[] {
  return linesMakeUpTotal(input) ? [...taxAndShipping(input), ...discount(input)] : [];
}

/**
 * Whether the lines and shipping add up to what was refunded. If they do not (an amount without
 * lines, a retained fee, a netted exchange), the sum of their taxes is not the refund's tax, and
 * only the total is compared.
 */
function linesMakeUpTotal({ refund, figures }: Compared): boolean {
  const { currency, components } = figures;
  if (!isNothing(components.adjustment)) return false;
  const told = partsTotal(figures, refund.taxesIncluded);
  if (told === null) return false;
  const parts = Money.of(told, currency);
  const paid = [toBook(figures), bothParts(figures), ...withoutCashRounding(refund, figures)];
  const slack = conversionSlackOf(refund, currency);
  return paid.some(
    (amount) => parts.minus(Money.of(amount, currency)).absolute().compare(slack) <= 0,
  );
}

type Compared = {
  readonly refund: StorefrontRefund;
  readonly figures: Figures;
  readonly document: ErpDocument;
  readonly tolerance: Money;
  /** actual − expected of the totals; null when they agree. */
  readonly difference: Money | null;
};

/**
 * An ERP may divide the same money into tax and shipping in several ways. The usual one is first,
 * and the division with the fewest differences counts.
 */
function taxAndShipping(input: Compared): readonly Mismatch[] {
  const { figures, document, refund } = input;
  if (document.tax === null && document.shipping === null) return [];
  const { tax } = figures.components;
  const shipping = figures.components.shipping ?? "0";
  // Where the shipping's tax is not stated, it is in the tax.
  const shippingTax = figures.components.shippingTax ?? "0";
  if (document.tax === tax && document.shipping === shipping && isNothing(shippingTax)) return [];
  const money = (amount: Amount): Money => Money.of(amount, figures.currency);
  const allTax = money(tax).plus(money(shippingTax));
  const netShipping = refund.taxesIncluded
    ? money(shipping).minus(money(shippingTax))
    : money(shipping);
  const divisions = [
    { tax: allTax, shipping: netShipping },
    { tax: money(tax), shipping: netShipping.plus(money(shippingTax)) },
    { tax: allTax, shipping: money(shipping) },
    { tax: allTax, shipping: netShipping.plus(money(shippingTax)) },
  ];
  const wrong = divisions.map((division) => [
    ...differing("tax", document.tax, division.tax, input),
    ...differing("shipping", document.shipping, division.shipping, input),
  ]);
  return wrong.toSorted((one, other) => one.length - other.length)[0] ?? [];
}

function differing(
  kind: MismatchKind & ("tax" | "shipping"),
  actual: Amount | null,
  expected: Money,
  input: Compared,
): readonly Mismatch[] {
  if (actual === null) return [];
  const { currency } = input.figures;
  const difference = Money.of(actual, currency).minus(expected);
  if (difference.absolute().compare(input.tolerance) <= 0) return [];
  if (difference.absolute().compare(conversionSlack(input)) <= 0) return [];
  if (isNothing(actual) && input.difference === null && isStatedElsewhere(kind, expected, input))
    return [];
  const stated = { kind, expected: expected.toString(), actual, currency };
  return [ofAmount(stated, difference.toString())];
}

/**
 * In the buyer's currency the storefront rounds each part separately, so correct parts may not add
 * up to the correct total. If the totals agree, one minor unit for each part is allowed. Parts that
 * are computed from the order are rounded too.
 */
function conversionSlack({ refund, figures, difference }: Compared): Money {
  if (difference !== null) return Money.zero(figures.currency);
  return conversionSlackOf(refund, figures.currency);
}

function conversionSlackOf(refund: StorefrontRefund, currency: string): Money {
  if (currency === refund.currency) return partSlackOf(refund, currency);
  const unit = Money.of("1", currency).dividedBy(10 ** minorDigits(currency));
  return unit.times(refund.lines.length + 1);
}

/**
 * Whether the amount is somewhere else, when the header states zero and the totals agree: in the
 * prices, in a line, or in one undivided sum.
 */
function isStatedElsewhere(
  kind: "tax" | "shipping",
  expected: Money,
  { refund, document }: Compared,
): boolean {
  if (kind === "tax" && refund.taxesIncluded) return true;
  if (document.lines === null) return false;
  if (document.lines.every((line) => line.kind === "other")) return true;
  return document.lines.some(({ amount }) => amount === expected.toString());
}

/**
 * The mismatch of the discount. It is reported only if the ERP states another discount or none, and
 * its total differs by exactly that amount, because it expected the base price.
 */
function discount({ figures, document, tolerance, difference }: Compared): readonly Mismatch[] {
  const { currency, components } = figures;
  if (components.discount === null) return [];
  const expected = Money.of(components.discount, currency);
  const stated = document.discount ?? (document.lines === null ? null : "0");
  if (stated === null || expected.isZero()) return [];
  const actual = Money.of(stated, currency).absolute();
  const gap = actual.minus(expected);
  if (gap.absolute().compare(tolerance) <= 0) return [];
  if (difference === null) return []; // the discount is in the items or the lines: the money agrees
  if (difference.plus(gap).absolute().compare(tolerance) > 0) return [];
  const both = { expected: expected.toString(), actual: actual.toString(), currency };
  return [ofAmount({ kind: "discount", ...both }, gap.toString())];
}

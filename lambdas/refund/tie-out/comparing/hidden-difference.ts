import { ofAmount } from "../../record/mismatch.ts";
import { Money } from "../../money/money.ts";
import type {
  DocumentLine,
  ErpDocument,
  RefundLine,
  StorefrontRefund,
} from "../../observation/observation.ts";
import type { Amount } from "../../money/amount.ts";
import { partSlackOf } from "../../observation/refund-figures.ts";
import type { Figures } from "../../observation/refund-figures.ts";
import type { Mismatch } from "../../record/mismatch.ts";

/**
 * The difference that a balancing line hides: the totals agree, the goods do not, and a line that
 * is not for goods of this refund has exactly the opposite amount.
 *
 * Null if the lines of a side are unknown or goods have no SKU. Null also if the two sides only
 * write the same lines differently: split by quantity, with or without tax, before or after
 * discount.
 */
export function hiddenDifference(
  refund: StorefrontRefund,
  figures: Figures,
  document: ErpDocument,
  tolerance: Money,
): Mismatch | null {
  const { currency } = figures;
  if (document.lines === null || refund.lines.length === 0) return null;
  if (refund.lines.some(({ amount, tax }) => amount === null || tax === null)) return null;
  // Line amounts are in the shop's currency only.
  if (currency !== refund.currency) return null;
  const slack = tolerance.plus(partSlackOf(refund, currency));
  const balancing = balancingOf(refund, figures, document.lines);
  if (balancing.length === 0) return null;
  const goods = document.lines.filter(
    (line) => line.kind === "item" && line.sku !== null && !balancing.includes(line),
  );
  if (goods.length === 0 || refund.lines.some(({ sku }) => sku === null)) return null;
  const booked = bySku(goods, ({ amount }) => Money.of(amount, currency), currency);
  const balance = Money.sum(
    balancing.map(({ amount }) => Money.of(amount, currency)),
    currency,
  );
  if (balance.isZero()) return null;
  for (const value of LINE_VALUES) {
    const expected = bySku(refund.lines, (line) => value(line, refund, currency), currency);
    const sums = differing(expected, booked, currency, slack);
    if (sums === null) return null;
    const difference = sums.actual.minus(sums.expected);
    if (difference.plus(balance).absolute().compare(tolerance) > 0) continue;
    const both = { expected: sums.expected.toString(), actual: sums.actual.toString(), currency };
    return ofAmount({ kind: "amount", ...both, hidden: true }, difference.toString());
  }
  return null;
}

/** The lines that are neither goods nor any other part of the refund. */
function balancingOf(
  refund: StorefrontRefund,
  { components, currency }: Figures,
  lines: readonly DocumentLine[],
): readonly DocumentLine[] {
  const skus = new Set(refund.lines.map(({ sku }) => sku));
  const otherLines = lines.filter(
    ({ kind, sku }) => kind === "other" || (kind === "item" && (sku === null || !skus.has(sku))),
  );
  if (otherLines.length === 0) return otherLines;
  const { duties, adjustment, tax, charges = [] } = components;
  const shipping = components.shipping ?? "0";
  const shippingTax = components.shippingTax ?? "0";
  const known = new Set<Amount>([shipping, duties, tax, shippingTax]);
  for (const { amount } of charges) known.add(amount);
  const both = Money.of(shipping, currency).plus(Money.of(shippingTax, currency)).toString();
  const extraPaid = Money.of(adjustment, currency).negated().toString();
  known.add(both).add(extraPaid);
  return otherLines.filter(({ amount }) => !known.has(amount));
}

type Valued = (line: RefundLine, refund: StorefrontRefund, currency: string) => Money;

const LINE_VALUES: readonly Valued[] = [
  (line, refund, currency) =>
    refund.taxesIncluded
      ? money(line.amount, currency).minus(money(line.tax, currency))
      : money(line.amount, currency),
  (line, refund, currency) =>
    refund.taxesIncluded
      ? money(line.amount, currency)
      : money(line.amount, currency).plus(money(line.tax, currency)),
  (line, _, currency) => money(line.amount, currency).plus(money(line.discount, currency)),
];

/** The sums of the goods that differ; null when none does. */
function differing(
  expected: ReadonlyMap<string, Money>,
  booked: ReadonlyMap<string, Money>,
  currency: string,
  tolerance: Money,
): { readonly expected: Money; readonly actual: Money } | null {
  const zero = Money.zero(currency);
  const wrong = [...new Set([...expected.keys(), ...booked.keys()])].filter((sku) => {
    const gap = (expected.get(sku) ?? zero).minus(booked.get(sku) ?? zero);
    return gap.absolute().compare(tolerance) > 0;
  });
  if (wrong.length === 0) return null;
  const sum = (of: ReadonlyMap<string, Money>): Money =>
    Money.sum(
      wrong.map((sku) => of.get(sku) ?? zero),
      currency,
    );
  return { expected: sum(expected), actual: sum(booked) };
}

function bySku<Line extends { readonly sku: string | null }>(
  lines: readonly Line[],
  valueOf: (line: Line) => Money,
  currency: string,
): ReadonlyMap<string, Money> {
  const sums = new Map<string, Money>();
  for (const line of lines) {
    const sku = line.sku ?? "";
    sums.set(sku, (sums.get(sku) ?? Money.zero(currency)).plus(valueOf(line)));
  }
  return sums;
}

/** @param amount null only in a record that was left out before */
function money(amount: Amount | null, currency: string): Money {
  return Money.of(amount ?? "0", currency);
}

import { Money } from "../../../refund/money/money.ts";
import { roundParts } from "../../../refund/money/round-parts.ts";
import type { Charge, Components } from "../../../refund/observation/observation.ts";
import type { BigOrder, BigProduct, BigRefund } from "./page.ts";

/**
 * The parts of a refund, computed from its items and the order.
 *
 * BigCommerce states only the total and its whole tax. An item for goods has a quantity and no
 * amount; an item for shipping has an amount, and it is not documented whether that amount includes
 * tax, or whether a row's total is before its discounts. So each reading is tried, and the first one
 * counts whose parts add up to the stated total and whose taxes add up to the stated tax. If none
 * does (an amount that the merchant set), the parts are unknown.
 */
export function partsOf(facts: OrderFacts, refund: BigRefund, currency: string): Parts | null {
  const money = (amount: string): Money => Money.of(amount, currency);
  const total = money(refund.total_amount);
  const tax = money(refund.total_tax ?? "0");
  const custom = Money.sum(
    refund.items.flatMap((item) =>
      item.item_type === "ORDER" ? [money(item.requested_amount ?? "0")] : [],
    ),
    currency,
  );
  const rest = total.minus(custom);
  const isInside = facts.order.is_tax_inclusive_pricing === true;
  for (const reading of READINGS) {
    const read = partedItems(refund).map((item) => readItem(item, facts, reading, currency));
    if (read.includes(null)) return null;
    const parts = read.flatMap((one) => one ?? []);
    if (parts.length === 0) {
      // Only tax went back, or only an amount that the merchant typed.
      if (!rest.equals(tax)) return null;
      return { ...NO_PARTS, taxes: [], adjustment: custom.negated() };
    }
    const taxes = roundParts(
      parts.map((part) => part.tax),
      tax,
    );
    const amounts = roundParts(
      parts.map((part) => (isInside ? part.net.plus(part.tax) : part.net)),
      isInside ? rest : rest.minus(tax),
    );
    if (taxes === null || amounts === null) continue;
    return {
      amounts,
      taxes,
      discounts: parts.map(({ discount }) => discount.rounded("half-up")),
      adjustment: custom.negated(),
    };
  }
  return null;
}

export type OrderFacts = { readonly order: BigOrder; readonly products: readonly BigProduct[] };

/**
 * The items of a refund that are not a custom amount (`ORDER`). A deduction from the goods follows
 * as an item of its own.
 */
export function partedItems({ items }: BigRefund): readonly Item[] {
  const own = items.filter(({ item_type: kind }) => kind !== "ORDER");
  const deducted = own.flatMap((item) =>
    item.adjustments.map(({ amount }) => ({
      ...item,
      item_type: DEDUCTION,
      requested_amount: amount,
    })),
  );
  return [...own, ...deducted];
}

/** One entry for each of {@link partedItems}, in their order. */
export type Parts = {
  /** With tax in a shop whose prices include it, else without. */
  readonly amounts: readonly Money[];
  readonly taxes: readonly Money[];
  readonly discounts: readonly Money[];
  /** Negative: a custom amount is more than what was calculated. */
  readonly adjustment: Money;
};

/** The refund's components; the parts that are not known are null. */
export function componentsOf(refund: BigRefund, parts: Parts | null, currency: string): Components {
  const { items, total_tax: stated } = refund;
  const zero = Money.zero(currency).toString();
  const tax = Money.of(stated ?? "0", currency);
  const parted = partedItems(refund);
  if (parts === null) {
    const hasShipping = items.some(({ item_type: kind }) => kind === "SHIPPING");
    const has = (kind: string): boolean => items.some(({ item_type }) => item_type === kind);
    return {
      items: has("PRODUCT") ? null : zero,
      tax: tax.toString(),
      shipping: hasShipping ? null : zero,
      shippingTax: hasShipping ? null : zero,
      duties: zero,
      adjustment: zero,
      discount: has("PRODUCT") ? null : zero,
      // Without this a charge of an unknown amount would look like no charge.
      ...(parted.length > 0 && !has("PRODUCT") && !hasShipping && { items: null }),
    };
  }
  const sumOf = (list: readonly Money[], ...kinds: readonly string[]): Money =>
    Money.sum(
      parted.flatMap(({ item_type: kind }, index) =>
        kinds.includes(kind) ? (list[index] ?? []) : [],
      ),
      currency,
    );
  const shippingTax = sumOf(parts.taxes, "SHIPPING");
  const charges = parted.flatMap(({ item_type: type }, index): Charge[] => {
    const kind = CHARGES.get(type);
    const amount = parts.amounts[index];
    return kind === undefined || amount === undefined ? [] : [{ kind, amount: amount.toString() }];
  });
  return {
    items: sumOf(parts.amounts, "PRODUCT").toString(),
    tax: tax.minus(shippingTax).toString(),
    shipping: sumOf(parts.amounts, "SHIPPING").toString(),
    shippingTax: shippingTax.toString(),
    duties: zero,
    ...(charges.length > 0 && { charges }),
    adjustment: parts.adjustment.toString(),
    discount: sumOf(parts.discounts, "PRODUCT").toString(),
  };
}

type Item = BigRefund["items"][number];

/** How an amount is read where the contract does not say it. */
type Reading = {
  /** The amount of an item for shipping, handling or a fee is with or without its tax. */
  readonly requested: "without tax" | "with tax";
  /** A row's total is before its discounts (which are without or with tax), or after them. */
  readonly discount: "without tax" | "with tax" | "taken off already";
};

const READINGS: readonly Reading[] = (["without tax", "with tax"] as const).flatMap((requested) =>
  (["without tax", "with tax", "taken off already"] as const).map((discount) => ({
    requested,
    discount,
  })),
);

type ItemParts = { readonly net: Money; readonly tax: Money; readonly discount: Money };

/** Null for an item whose amount is not known in any reading. */
function readItem(
  item: Item,
  { order, products }: OrderFacts,
  reading: Reading,
  currency: string,
): ItemParts | null {
  const row = products.find(({ id }) => id === item.item_id);
  switch (item.item_type) {
    case "PRODUCT":
      return row === undefined ? null : productParts(item, row, reading, currency);
    case DEDUCTION:
      return costParts(item.requested_amount, reading, currency, {
        net: row?.total_ex_tax,
        gross: row?.total_inc_tax,
        tax: row?.total_tax,
      });
    case "GIFT_WRAPPING":
      return costParts(null, reading, currency, {
        net: row?.wrapping_cost_ex_tax,
        gross: row?.wrapping_cost_inc_tax,
        tax: row?.wrapping_cost_tax,
      });
    case "SHIPPING":
      return costParts(item.requested_amount, reading, currency, {
        net: order.shipping_cost_ex_tax,
        gross: order.shipping_cost_inc_tax,
        tax: order.shipping_cost_tax,
      });
    case "HANDLING":
      return costParts(item.requested_amount, reading, currency, {
        net: order.handling_cost_ex_tax,
        gross: order.handling_cost_inc_tax,
        tax: order.handling_cost_tax,
      });
    case "FEE": {
      // The id is the fee's in one published schema, and the order's in another.
      const fees = order.fees ?? [];
      const fee =
        fees.find(({ id }) => id === item.item_id) ?? (fees.length === 1 ? fees[0] : null);
      return costParts(item.requested_amount, reading, currency, {
        net: fee?.cost_ex_tax,
        gross: fee?.cost_inc_tax,
        tax: fee?.cost_tax,
      });
    }
    default:
      return null;
  }
}

function productParts(
  { quantity }: Item,
  row: BigProduct,
  { discount: basis }: Reading,
  currency: string,
): ItemParts | null {
  const sold = Number(row.quantity);
  const returned = Number(quantity ?? "0");
  const { total_ex_tax: net, total_inc_tax: gross } = row;
  if (net === null || gross === null || sold < 1 || returned < 1) return null;
  const money = (amount: string): Money => Money.of(amount, currency);
  const share = (amount: Money): Money => amount.times(returned).dividedBy(sold);
  const discount = Money.sum(
    row.applied_discounts.map(({ amount }) => money(amount ?? "0")),
    currency,
  );
  const [all, allWithTax] = [money(net), money(gross)];
  const off = basis === "taken off already" ? Money.zero(currency) : discount;
  if (basis === "with tax") {
    const paid = allWithTax.minus(off);
    const withoutTax = allWithTax.isZero()
      ? paid
      : paid.times(all.toString()).dividedBy(allWithTax.toString());
    return {
      net: share(withoutTax),
      tax: share(paid.minus(withoutTax)),
      discount: share(discount),
    };
  }
  const paid = all.minus(off);
  const rowTax = allWithTax.minus(all);
  const tax = all.isZero() ? rowTax : paid.times(rowTax.toString()).dividedBy(all.toString());
  return { net: share(paid), tax: share(tax), discount: share(discount) };
}

/** A cost of the order of which `requested` was refunded; null means the whole cost. */
function costParts(
  requested: string | null,
  { requested: basis }: Reading,
  currency: string,
  cost: {
    readonly net: string | null | undefined;
    readonly gross: string | null | undefined;
    readonly tax: string | null | undefined;
  },
): ItemParts | null {
  const discount = Money.zero(currency);
  const money = (amount: string | null | undefined): Money => Money.of(amount ?? "0", currency);
  const net = money(cost.net);
  const gross =
    cost.gross === null || cost.gross === undefined ? net.plus(money(cost.tax)) : money(cost.gross);
  if (requested === null) {
    if (cost.net === null || cost.net === undefined) return null;
    return { net, tax: gross.minus(net), discount };
  }
  const asked = money(requested);
  if (net.isZero() || gross.isZero()) return { net: asked, tax: discount, discount };
  if (basis === "without tax") {
    const tax = asked.times(gross.minus(net).toString()).dividedBy(net.toString());
    return { net: asked, tax, discount };
  }
  const withoutTax = asked.times(net.toString()).dividedBy(gross.toString());
  return { net: withoutTax, tax: asked.minus(withoutTax), discount };
}

/** Not a type of BigCommerce's: a deduction is a field of its item. */
const DEDUCTION = "deduction";

const CHARGES: ReadonlyMap<string, Charge["kind"]> = new Map([
  ["HANDLING", "handling"],
  ["GIFT_WRAPPING", "gift_wrapping"],
  ["FEE", "fee"],
  [DEDUCTION, "fee"],
]);

const NO_PARTS = { amounts: [], discounts: [] };

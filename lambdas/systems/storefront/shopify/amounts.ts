import { Money } from "../../../refund/money/money.ts";
import type { Components, RefundLine } from "../../../refund/observation/observation.ts";
import type { Amount } from "../../../refund/money/amount.ts";
import type { Bag, ShopifyLine, ShopifyRefund, ShopifyTransaction } from "./page.ts";

/**
 * Reads the amounts of a refund in one of its two currencies: the shop's or the buyer's.
 *
 * Every amount of the refund is read with it, so the first amount in a wrong currency stops the
 * reading of the record ({@link MixedCurrency}).
 */
export function amountReader(
  side: "shopMoney" | "presentmentMoney",
  currency: string,
): AmountReader {
  return {
    currency,
    money: (bag, field) => {
      const { amount, currency: came } = bag[side];
      if (came !== currency) throw new MixedCurrency(`${field}.${side}`, currency, came);
      return Money.of(amount, currency);
    },
  };
}

export type AmountReader = {
  readonly currency: string;
  readonly money: (bag: Bag, field: string) => Money;
};

/** The components of the refund in this currency. */
export function componentsOf(refund: ShopifyRefund, { money, currency }: AmountReader): Components {
  const sum = (amounts: readonly Money[]): Amount => Money.sum(amounts, currency).toString();
  const lines = refund.refundLineItems.nodes;
  const shipping = refund.refundShippingLines.nodes;
  return {
    items: sum(lines.map((line) => money(line.subtotalSet, "refundLineItems.subtotalSet"))),
    tax: sum(lines.map((line) => money(line.totalTaxSet, "refundLineItems.totalTaxSet"))),
    shipping: sum(
      shipping.map((line) =>
        money(line.subtotalAmountSet, "refundShippingLines.subtotalAmountSet"),
      ),
    ),
    shippingTax: sum(
      shipping.map((line) => money(line.taxAmountSet, "refundShippingLines.taxAmountSet")),
    ),
    duties: sum((refund.duties ?? []).map((duty) => money(duty.amountSet, "duties.amountSet"))),
    adjustment: sum(
      refund.orderAdjustments.nodes.flatMap((adjustment) => [
        money(adjustment.amountSet, "orderAdjustments.amountSet"),
        money(adjustment.taxAmountSet, "orderAdjustments.taxAmountSet"),
      ]),
    ),
    discount: sum(lines.map((line) => discountShare(line, { money, currency }))),
  };
}

/**
 * The discount on the returned units of a line.
 *
 * The order gives the discount of a line for all its units. The returned units get their share of
 * it, rounded half-up to the currency's digits.
 */
function discountShare(
  { quantity, lineItem }: Pick<ShopifyLine, "quantity" | "lineItem">,
  { money, currency }: AmountReader,
): Money {
  const whole = Money.sum(
    lineItem.discountAllocations.map(({ allocatedAmountSet }) =>
      money(allocatedAmountSet, "lineItem.discountAllocations.allocatedAmountSet"),
    ),
    currency,
  );
  const ordered = Math.max(lineItem.quantity, quantity, 1);
  return whole.times(quantity).dividedBy(ordered).rounded("half-up");
}

export function refundLine(line: ShopifyLine, shop: AmountReader): RefundLine {
  const { lineItem } = line;
  const discounts = lineItem.discountAllocations.filter(
    ({ allocatedAmountSet }) => !shop.money(allocatedAmountSet, "discountAllocations").isZero(),
  );
  const kinds = discounts.map(({ discountApplication }) => discountApplication.kind);
  return {
    lineId: lineItem.id,
    sku: lineItem.sku ?? null,
    quantity: line.quantity,
    amount: shop.money(line.subtotalSet, "refundLineItems.subtotalSet").toString(),
    tax: shop.money(line.totalTaxSet, "refundLineItems.totalTaxSet").toString(),
    unitPrice: shop
      .money(lineItem.originalUnitPriceSet, "lineItem.originalUnitPriceSet")
      .toString(),
    discount: discountShare(line, shop).toString(),
    discountKinds: [...new Set(kinds.flatMap((kind) => DISCOUNT_KINDS.get(kind) ?? []))].toSorted(),
    giftCard: lineItem.isGiftCard,
    restock: RESTOCKS.get(line.restockType ?? "") ?? "unknown",
    location: line.location?.name ?? null,
  };
}

/** The sum of the transactions whose status `counts`. */
export function paid(
  transactions: readonly ShopifyTransaction[],
  counts: (status: string) => boolean,
  { money, currency }: AmountReader,
): Money {
  const counted = transactions.filter(({ status }) => counts(status));
  return Money.sum(
    counted.map(({ amountSet }) => money(amountSet, "transactions.amountSet")),
    currency,
  );
}

/** An amount is in another currency than the order names. */
class MixedCurrency extends Error {
  override readonly name = "MixedCurrency";
  constructor(field: string, wanted: string, came: string) {
    super(`${field}.currencyCode: wanted the order's ${wanted}, got ${came}`);
  }
}

const DISCOUNT_KINDS: ReadonlyMap<string, RefundLine["discountKinds"][number]> = new Map([
  ["DiscountCodeApplication", "code"],
  ["AutomaticDiscountApplication", "automatic"],
  ["ManualDiscountApplication", "manual"],
  ["ScriptDiscountApplication", "script"],
]);

const RESTOCKS: ReadonlyMap<string, RefundLine["restock"]> = new Map([
  ["RETURN", "return"],
  ["CANCEL", "cancel"],
  ["NO_RESTOCK", "no_restock"],
]);

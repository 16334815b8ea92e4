import type { LifeOrder } from "../life/life.ts";
import { moneyBag, sumOf } from "./money-bag.ts";

/** Shopify's `LineItem`: a line of the order, with the discounts on all its units. */
export function lineItem(order: LifeOrder, line: LifeOrder["lines"][number]): object {
  const money = (amount: string) => moneyBag(order, amount);
  const discounts = line.discounts.map(({ amount }) => amount);
  return {
    id: `gid://shopify/LineItem/${line.lineId}`,
    sku: line.sku,
    name: line.title,
    title: line.title,
    quantity: line.quantity,
    isGiftCard: line.giftCard,
    originalUnitPriceSet: money(line.unitPrice),
    originalTotalSet: () =>
      money(
        sumOf(
          order,
          Array.from({ length: line.quantity }, () => line.unitPrice),
        ),
      ),
    totalDiscountSet: () => money(sumOf(order, discounts)),
    discountAllocations: line.discounts.map(({ kind, label, amount }, index) => ({
      allocatedAmountSet: money(amount),
      discountApplication: {
        __typename: DISCOUNTS[kind],
        index,
        targetType: "LINE_ITEM",
        allocationMethod: "ACROSS",
        code: label,
        title: label,
      },
    })),
  };
}

export function shippingLine(order: LifeOrder): object | null {
  const { shipping } = order;
  if (shipping === null) return null;
  return {
    id: `gid://shopify/ShippingLine/${order.orderId}`,
    title: shipping.title,
    originalPriceSet: moneyBag(order, shipping.amount),
  };
}

const DISCOUNTS = {
  code: "DiscountCodeApplication",
  automatic: "AutomaticDiscountApplication",
  manual: "ManualDiscountApplication",
} as const;

import { Money } from "../../lambdas/refund/money/money.ts";
import type { LifeOrder } from "../life/life.ts";

/**
 * An amount of an order in the shop's currency and in the buyer's, as Shopify gives both.
 *
 * The buyer's amount is computed with the order's own rate; each amount is rounded half-up alone.
 */
export function moneyBag(order: LifeOrder, amount: string) {
  const shop = Money.of(amount, order.currency);
  const same = order.currency === order.presentmentCurrency;
  const exact = shop.times(order.presentmentRate);
  const buyer = same
    ? shop
    : Money.of(exact.toString(), order.presentmentCurrency).rounded("half-up");
  return {
    shopMoney: { amount: shop.toString(), currencyCode: order.currency },
    presentmentMoney: { amount: buyer.toString(), currencyCode: order.presentmentCurrency },
  };
}

/** The sum of shop amounts, for the fields that contain a sum. */
export function sumOf(order: LifeOrder, amounts: readonly string[]): string {
  const all = amounts.map((amount) => Money.of(amount, order.currency));
  return Money.sum(all, order.currency).toString();
}

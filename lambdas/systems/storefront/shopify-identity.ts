import { Money } from "../../refund/money.ts";
import { type Book, componentsOf, paid } from "./shopify-amounts.ts";
import type { ShopifyRefund, ShopifyTransaction } from "./shopify-page.ts";

/**
 * Lines + tax + shipping + duties − adjustments = payments that moved or are on their way.
 *
 * Tax stands inside the lines when the order's prices hold it. A refund without payments has money
 * 0 whatever its lines say. A failed payment counts where it was not tried again; cash rounding may
 * stand in the payment or beside it.
 */
export function addsUp(
  refund: ShopifyRefund,
  payments: readonly ShopifyTransaction[],
  shop: Book,
): boolean {
  if (payments.length === 0) return true;
  const { currency } = shop;
  const parts = componentsOf(refund, shop);
  const part = (amount: string): Money => Money.of(amount, currency);
  const onTop = refund.order.taxesIncluded ? [] : [part(parts.tax), part(parts.shippingTax)];
  const told = [part(parts.items), part(parts.shipping), part(parts.duties), ...onTop];
  const due = Money.sum(told, currency).minus(part(parts.adjustment));

  const moved = paid(payments, [...SETTLED, ...PENDING], shop);
  const tried = moved.plus(paid(payments, FAILED, shop));
  const rounding = Money.sum(
    payments.map(({ amountRoundingSet }) => roundingOf(amountRoundingSet, shop)),
    currency,
  );
  return [moved, tried, moved.plus(rounding), moved.minus(rounding)].some((sum) => sum.equals(due));
}

/** Cash rounding at the register, signed; zero where there was none. */
export function roundingOf(bag: ShopifyTransaction["amountRoundingSet"], shop: Book): Money {
  if (bag === null || bag === undefined) return Money.zero(shop.currency);
  return shop.money(bag, "transactions.amountRoundingSet");
}

/** Shopify's statuses of a payment, by what they mean for its money. */
export const SETTLED = ["SUCCESS"];
export const PENDING = ["PENDING", "AWAITING_RESPONSE"];
export const FAILED = ["FAILURE", "ERROR"];

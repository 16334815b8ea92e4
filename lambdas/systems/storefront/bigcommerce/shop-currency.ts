import { isCurrency, minorDigits, Money } from "../../../refund/money/money.ts";
import type { Components, StorefrontRefund } from "../../../refund/observation/observation.ts";
import type { Amount } from "../../../refund/money/amount.ts";
import type { BigOrder } from "./page.ts";

/**
 * The refund's figures in the shop's own currency, where the shopper paid in another one. BigCommerce
 * states only the shopper's currency, and the rate of the order: units of the shopper's currency for
 * one unit of the shop's.
 *
 * The shopper's amount was rounded after the rate was applied. So a computed amount is away from the
 * true one by at most half a smallest unit of each currency.
 *
 * Source: BigCommerce Orders V2, `store_default_to_transactional_exchange_rate`.
 */
export function inShopCurrency(
  order: BigOrder | null,
  refund: Pick<StorefrontRefund, "currency" | "settled" | "pending" | "components">,
): StorefrontRefund["presentment"] {
  const shop = order?.store_default_currency_code ?? null;
  const rate = order?.store_default_to_transactional_exchange_rate ?? null;
  if (shop === null || rate === null || shop === refund.currency || !isCurrency(shop)) return null;
  if (!/[1-9]/.test(rate) || rate.startsWith("-")) return null;
  const convert = (amount: Amount): Amount =>
    inOther(Money.of(amount, refund.currency).dividedBy(rate), shop).rounded("half-up").toString();
  return {
    currency: shop,
    settled: convert(refund.settled),
    pending: convert(refund.pending),
    components: converted(refund.components, convert),
    computedWithin: within(refund.currency, shop, rate),
  };
}

function unit(currency: string): Money {
  return Money.of("1", currency).dividedBy(10 ** minorDigits(currency));
}

/** The same number in the other currency; the rate was applied before. */
function inOther(amount: Money, currency: string): Money {
  return Money.of(amount.rounded("half-up", EXACT_DIGITS).toString(), currency);
}

const EXACT_DIGITS = 20;

function converted(components: Components, convert: (amount: Amount) => Amount): Components {
  const known = (amount: Amount | null): Amount | null =>
    amount === null ? null : convert(amount);
  const { charges, ...parts } = components;
  return {
    items: known(parts.items),
    tax: convert(parts.tax),
    shipping: known(parts.shipping),
    shippingTax: known(parts.shippingTax),
    duties: convert(parts.duties),
    adjustment: convert(parts.adjustment),
    discount: known(parts.discount),
    ...(charges !== undefined && {
      charges: charges.map(({ kind, amount }) => ({ kind, amount: convert(amount) })),
    }),
  };
}

/** At least one smallest unit of the shop's currency. */
function within(paid: string, shop: string, rate: string): Amount {
  const half = inOther(unit(paid).dividedBy(2).dividedBy(rate), shop);
  const exact = half.plus(unit(shop).dividedBy(2));
  return exact.compare(unit(shop)) <= 0
    ? unit(shop).toString()
    : exact.plus(unit(shop).dividedBy(2)).rounded("half-up").toString();
}

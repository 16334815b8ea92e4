import { Money } from "../../../refund/money/money.ts";
import { type Book, componentsOf, paid } from "./amounts.ts";
import type { ShopifyRefund, ShopifyTransaction } from "./page.ts";

/**
 * Lines + tax + shipping + duties − adjustments = payments that moved or are on their way, and what
 * moved is Shopify's own `totalRefundedSet`, which counts successful payments only.
 *
 * Tax stands inside the lines when the order's prices hold it. A refund without payments has money
 * 0 whatever its lines say. A failed payment counts where it was not tried again; cash rounding may
 * stand in the payment or beside it. While a payment is on its way Shopify holds an adjustment of
 * the reason PENDING_REFUND_DISCREPANCY against it: it counts or not, as the payment does.
 */
export function addsUp(
  refund: ShopifyRefund,
  payments: readonly ShopifyTransaction[],
  shop: Book,
): boolean {
  if (payments.length === 0) return true;
  const { currency } = shop;
  if (!isShopifysTotal(refund, payments, shop)) return false;
  const parts = componentsOf(refund, shop);
  const part = (amount: string): Money => Money.of(amount, currency);
  const onTop = refund.order.taxesIncluded ? [] : [part(parts.tax), part(parts.shippingTax)];
  const told = [part(parts.items), part(parts.shipping), part(parts.duties), ...onTop];
  const due = Money.sum(told, currency).minus(part(parts.adjustment));
  const unheld = due.plus(heldBack(refund, shop));

  const moved = paid(payments, (status) => !FAILED.includes(status), shop);
  const tried = moved.plus(paid(payments, (status) => FAILED.includes(status), shop));
  const rounding = Money.sum(
    payments.map(({ amountRoundingSet }) => roundingOf(amountRoundingSet, shop)),
    currency,
  );
  return [moved, tried, moved.plus(rounding), moved.minus(rounding)].some(
    (sum) => sum.equals(due) || sum.equals(unheld),
  );
}

function isShopifysTotal(
  { totalRefundedSet, transactions: { nodes } }: ShopifyRefund,
  payments: readonly ShopifyTransaction[],
  shop: Book,
): boolean {
  const total = totalRefundedSet?.shopMoney;
  // A total of nothing, or in another currency, states nothing to check against.
  if (total === undefined || total.currency !== shop.currency || !/[1-9]/.test(total.amount)) {
    return true;
  }
  const settled = paid(payments, isSettled, shop);
  const tests = nodes.filter(({ kind, test }) => kind === "REFUND" && test);
  const told = Money.of(total.amount, shop.currency);
  return told.equals(settled) || told.equals(settled.plus(paid(tests, isSettled, shop)));
}

/** Signed, with its tax, as the adjustments are. */
function heldBack({ orderAdjustments }: ShopifyRefund, shop: Book): Money {
  return Money.sum(
    orderAdjustments.nodes
      .filter(({ reason }) => reason === "PENDING_REFUND_DISCREPANCY")
      .flatMap(({ amountSet, taxAmountSet }) => [
        shop.money(amountSet, "orderAdjustments.amountSet"),
        shop.money(taxAmountSet, "orderAdjustments.taxAmountSet"),
      ]),
    shop.currency,
  );
}

/** Cash rounding at the register, signed; zero where there was none. */
export function roundingOf(bag: ShopifyTransaction["amountRoundingSet"], shop: Book): Money {
  if (bag === null || bag === undefined) return Money.zero(shop.currency);
  return shop.money(bag, "transactions.amountRoundingSet");
}

/**
 * Shopify's final statuses of a payment, by what they mean for its money. Any other (PENDING,
 * AWAITING_RESPONSE, UNKNOWN, a new one) is not final: the money may be on its way.
 */
const SETTLED: readonly string[] = ["SUCCESS"];
export const FAILED: readonly string[] = ["FAILURE", "ERROR"];

export function isUnderway(status: string): boolean {
  return !SETTLED.includes(status) && !FAILED.includes(status);
}

export function isSettled(status: string): boolean {
  return SETTLED.includes(status);
}

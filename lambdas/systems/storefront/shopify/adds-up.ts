import { Money } from "../../../refund/money/money.ts";
import { type AmountReader, componentsOf, paid } from "./amounts.ts";
import type { ShopifyRefund, ShopifyTransaction } from "./page.ts";

/**
 * Checks two equations. Lines + tax + shipping + duties − adjustments = successful and pending
 * payments; and the successful payments = Shopify's own `totalRefundedSet`, which counts no others.
 *
 * If the order's prices include tax, the lines include it too. A refund without payments always
 * passes, because no money moved. A failed payment counts if it was not tried again. Cash rounding
 * may be part of the payment or separate from it. While a payment is pending, Shopify adds an
 * adjustment with the reason PENDING_REFUND_DISCREPANCY against it. So the first equation may hold
 * with or without failed payments, cash rounding and this adjustment.
 */
export function addsUp(
  refund: ShopifyRefund,
  payments: readonly ShopifyTransaction[],
  shop: AmountReader,
): boolean {
  if (payments.length === 0) return true;
  const { currency } = shop;
  if (!isShopifysTotal(refund, payments, shop)) return false;
  const parts = componentsOf(refund, shop);
  const part = (amount: string | null): Money => Money.of(amount ?? "0", currency);
  const onTop = refund.order.taxesIncluded ? [] : [part(parts.tax), part(parts.shippingTax)];
  const told = [part(parts.items), part(parts.shipping), part(parts.duties), ...onTop];
  const due = Money.sum(told, currency).minus(part(parts.adjustment));
  const dueWithoutHold = due.plus(pendingAdjustments(refund, shop));

  const moved = paid(payments, (status) => !FAILED.includes(status), shop);
  const tried = moved.plus(paid(payments, (status) => FAILED.includes(status), shop));
  const rounding = Money.sum(
    payments.map(({ amountRoundingSet }) => roundingOf(amountRoundingSet, shop)),
    currency,
  );
  return [moved, tried, moved.plus(rounding), moved.minus(rounding)].some(
    (sum) => sum.equals(due) || sum.equals(dueWithoutHold),
  );
}

function isShopifysTotal(
  { totalRefundedSet, transactions: { nodes } }: ShopifyRefund,
  payments: readonly ShopifyTransaction[],
  shop: AmountReader,
): boolean {
  const total = totalRefundedSet?.shopMoney;
  // A total of zero or in another currency cannot be compared.
  if (total === undefined || total.currency !== shop.currency || !/[1-9]/.test(total.amount)) {
    return true;
  }
  const settled = paid(payments, isSettled, shop);
  const tests = nodes.filter(({ kind, test }) => kind === "REFUND" && test);
  const told = Money.of(total.amount, shop.currency);
  return told.equals(settled) || told.equals(settled.plus(paid(tests, isSettled, shop)));
}

/** The sum with tax, with the sign of the adjustments. */
function pendingAdjustments({ orderAdjustments }: ShopifyRefund, shop: AmountReader): Money {
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
export function roundingOf(
  bag: ShopifyTransaction["amountRoundingSet"],
  shop: AmountReader,
): Money {
  if (bag === null || bag === undefined) return Money.zero(shop.currency);
  return shop.money(bag, "transactions.amountRoundingSet");
}

/**
 * Shopify's final statuses of a payment: the money moved or did not. Any other status (PENDING,
 * AWAITING_RESPONSE, UNKNOWN, a new one) is not final: the money may still move.
 */
const SETTLED: readonly string[] = ["SUCCESS"];
export const FAILED: readonly string[] = ["FAILURE", "ERROR"];

export function isUnderway(status: string): boolean {
  return !SETTLED.includes(status) && !FAILED.includes(status);
}

export function isSettled(status: string): boolean {
  return SETTLED.includes(status);
}

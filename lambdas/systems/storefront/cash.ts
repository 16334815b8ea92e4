import type { Amount } from "../../refund/money/amount.ts";
import { Money } from "../../refund/money/money.ts";

/**
 * What a register adds to an amount in cash, or takes from it, where the storefront does not show it.
 *
 * @param coin the smallest coin that the registers give; null where payments are not rounded
 */
export function cashRounding(amount: Money, coin: Amount | null): Money {
  if (coin === null || !/[1-9]/.test(coin)) return Money.zero(amount.currency);
  return amount.dividedBy(coin).rounded("half-up", 0).times(coin).minus(amount);
}

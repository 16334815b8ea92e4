import { byText } from "../collections/order.ts";
import { Money } from "./money.ts";
import type { Amount } from "./amount.ts";

/** An amount with its currency, as records carry it. */
type CurrencyAmount = { readonly amount: Amount; readonly currency: string };

/**
 * One exact sum for each currency: the brand's currency first, the others in the order of their
 * codes. No amount is converted, because an exchange rate of our own would add one more difference
 * to explain.
 */
export function totalByCurrency(
  amounts: Iterable<CurrencyAmount>,
  brandCurrency: string,
): readonly CurrencyAmount[] {
  const totals = new Map<string, Money>();
  for (const { amount, currency } of amounts) {
    const sum = totals.get(currency) ?? Money.zero(currency);
    totals.set(currency, sum.plus(Money.of(amount, currency)));
  }
  return [...totals.values()]
    .map((total) => ({ amount: total.toString(), currency: total.currency }))
    .toSorted((one, other) => byCurrency(one.currency, other.currency, brandCurrency));
}

/**
 * Sorts by money at risk, the largest first, with the brand's currency before the others. Equal
 * amounts are sorted by age, the oldest first, then by id. The result does not depend on the order
 * of the input.
 */
export function byExposure<Item>(
  items: readonly Item[],
  brandCurrency: string,
  read: (item: Item) => CurrencyAmount & { readonly since: string; readonly id: string },
): readonly Item[] {
  return items
    .map((item) => {
      const { amount, currency, since, id } = read(item);
      return { item, money: Money.of(amount, currency), since, id };
    })
    .toSorted(
      (one, other) =>
        byCurrency(one.money.currency, other.money.currency, brandCurrency) ||
        other.money.compare(one.money) ||
        byText(one.since, other.since) ||
        byText(one.id, other.id),
    )
    .map(({ item }) => item);
}

function byCurrency(one: string, other: string, brandCurrency: string): number {
  if (one === other) return 0;
  if (one === brandCurrency) return -1;
  return other === brandCurrency ? 1 : byText(one, other);
}

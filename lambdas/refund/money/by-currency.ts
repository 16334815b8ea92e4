import { Money } from "./money.ts";
import type { Amount } from "./amount.ts";

/** An amount with its currency, as records carry it. */
type Carried = { readonly amount: Amount; readonly currency: string };

/**
 * The exact sum of each currency by itself: the brand's first, then by code. Nothing is converted,
 * because a rate of ours would be one more difference to explain.
 */
export function totalByCurrency(
  amounts: Iterable<Carried>,
  brandCurrency: string,
): readonly Carried[] {
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
 * Largest money at risk first, the brand's currency before the others; equal amounts by age, the
 * oldest first, then by id. The same list however it arrived.
 */
export function byExposure<Item>(
  items: readonly Item[],
  brandCurrency: string,
  read: (item: Item) => Carried & { readonly since: string; readonly id: string },
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

/** Plain text order: never the machine's language. */
export function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function byCurrency(one: string, other: string, brandCurrency: string): number {
  if (one === other) return 0;
  if (one === brandCurrency) return -1;
  return other === brandCurrency ? 1 : byText(one, other);
}

import { type Calendar, DAY } from "./calendar.ts";
import type { LifeOptions } from "./options.ts";
import type { Random } from "./random.ts";
import { refundsOf } from "./refunds.ts";
import { momentsOf, sell } from "./sales.ts";
import { type Shop, STORE_CREDIT } from "./shop.ts";
import { moved, type Sale, type Story } from "./story.ts";

/** Orders of so many days before the life are generated too, because they can be refunded in it. */
const MEMORY_DAYS = 50;

/** All orders and refunds that the storefront shows, in the order of time. */
export function populate(
  options: LifeOptions & { readonly fromMs: number; readonly toMs: number },
  shop: Shop,
  calendar: Calendar,
  random: Random,
): { sales: Sale[]; stories: Story[] } {
  const { fromMs, toMs } = options;
  const firstDay = calendar.day(fromMs);
  const sales: Sale[] = [];
  const stories: Story[] = [];
  const keep = (sale: Sale, refunds: readonly Story[]) => {
    const within = refunds.filter(({ at }) => at >= fromMs && at < toMs);
    if (sale.at >= toMs || (sale.early && within.length === 0)) return;
    sales.push(sale);
    stories.push(...within);
    for (const story of within) {
      const next = spendCredit(story, toMs);
      if (next !== null) keep(next.sale, next.told);
    }
  };
  const spendCredit = (story: Story, until: number) => {
    const dice = random.fork(`credit ${story.at} ${story.total}`);
    const credit = story.payments.every(({ gateway }) => gateway === STORE_CREDIT);
    if (!credit || moved(story) === 0 || !dice.chance(0.65)) return null;
    const day = calendar.day(story.at + dice.between(1, 9) * DAY);
    const at = calendar.instant(day * DAY + dice.int(9, 21) * (DAY / 24) + dice.int(0, 3_500_000));
    if (at >= until) return null;
    const { customer } = story.sale;
    const when = { at, inStore: false, early: false, firstDay, day };
    const sale = sell(when, shop, dice, { gateway: STORE_CREDIT, customer });
    if (!dice.chance(0.45)) return { sale, told: [] };
    const refunds = refundsOf(sale, shop, calendar, dice, true);
    for (const again of refunds) again.loop = story;
    const first = refunds.find((again) => again.at < until && again.settledAt !== null);
    if (first !== undefined) story.loop ??= first;
    return { sale, told: refunds };
  };

  const until = calendar.day(toMs);
  for (let day = firstDay - MEMORY_DAYS; day <= until; day += 1) {
    const dice = random.fork(`day ${day}`);
    for (const { at, inStore } of momentsOf(
      day,
      options.ordersPerDay ?? 400,
      calendar,
      shop,
      dice,
    )) {
      const early = at < fromMs;
      const refunded = dice.chance(shop.refundRate);
      if (early && !refunded) continue;
      const sale = sell({ at, inStore, early, firstDay, day }, shop, dice);
      keep(sale, refunded ? refundsOf(sale, shop, calendar, dice) : []);
    }
  }
  number(sales, stories, random.fork("numbers"));
  return { sales, stories };
}

/** Assigns ids and numbers like the storefront's: very long, and growing with time. */
function number(sales: Sale[], stories: Story[], random: Random): void {
  sales.sort((one, other) => one.at - other.at);
  stories.sort((one, other) => one.at - other.at);
  const order = counter(random.int(5_210_000_000_000, 6_480_000_000_000), random);
  const line = counter(random.int(13_400_000_000_000, 15_900_000_000_000), random);
  const refund = counter(random.int(1_010_000_000_000, 1_390_000_000_000), random);
  const erpOrder = counter(random.int(1_200_000, 4_800_000), random, 1);
  let shown = random.int(8_000, 90_000);
  for (const sale of sales) {
    shown += sale.early ? random.int(1, 22) : 1;
    sale.number = shown;
    sale.orderId = order();
    sale.erpOrderId = erpOrder();
    for (const each of sale.lines) each.lineId = line();
  }
  for (const story of stories) story.refundId = refund();
}

/** Ids that grow by uneven steps. */
export function counter(first: number, random: Random, step = 32_768): () => string {
  let last = first;
  return () => {
    last += step * random.int(1, 5);
    return String(last);
  };
}

import { type Calendar, DAY, HOUR, MINUTE, STORE_HOURS, WEB_HOURS } from "./calendar.ts";
import { ratio, share, sum } from "./minor.ts";
import type { Random } from "./random.ts";
import {
  CASH,
  GIFT_CARD,
  GIFT_CARDS,
  type Gateway,
  type Product,
  type Shop,
  type Store,
} from "./shop.ts";
import type { Sale, SaleLine } from "./story.ts";

/** The times of the orders of a day. */
export function momentsOf(
  day: number,
  perDay: number,
  calendar: Calendar,
  shop: Shop,
  random: Random,
): { at: number; inStore: boolean }[] {
  const expected = perDay * calendar.volume(day);
  const count = Math.max(0, Math.round(expected + random.normal() * Math.sqrt(expected)));
  return Array.from({ length: count }, () => {
    const inStore = random.chance(shop.storeShare);
    return { at: calendar.moment(day, inStore ? STORE_HOURS : WEB_HOURS, random), inStore };
  });
}

/** One order: its goods, prices, discounts and payment. */
export function sell(
  when: { at: number; inStore: boolean; early: boolean; firstDay: number; day: number },
  shop: Shop,
  random: Random,
  paidWith?: { gateway: Gateway; customer: Sale["customer"] },
): Sale {
  const store = when.inStore ? openStore(shop, when.day - when.firstDay, random) : null;
  const channel = store === null ? webChannel(shop, random) : "pos";
  const taxRate = store === null ? random.pick(shop.taxRates) : storeRate(shop, store);
  const lines = priced(shop, channel, taxRate, random);
  const goods = sum(lines.map(({ net }) => net));
  const presentment =
    channel === "web" && shop.otherCurrencies.length > 0 && random.chance(0.16)
      ? random.pick(shop.otherCurrencies)
      : null;
  const shipping = channel === "pos" ? null : shippingFor(goods, taxRate, shop, random);
  const duties =
    presentment !== null && random.chance(0.06) ? ratio(goods, random.int(3, 9), 100) : 0;
  const taxOnTop = shop.taxesIncluded ? 0 : sum(lines.map(({ tax }) => tax)) + (shipping?.tax ?? 0);
  const number = random.int(1_000, 9_999_999);
  return {
    at: when.at,
    orderId: "",
    number: 0,
    erpOrderId: "",
    early: when.early,
    channel,
    store,
    app: channel === "marketplace" ? shop.marketplace : null,
    customer: paidWith?.customer ?? {
      id: String(1_000_000 + number),
      name: `Web customer ${number}`,
    },
    lines,
    shipping,
    duties,
    codes: [
      ...new Set(
        lines.flatMap(({ discounts }) =>
          discounts.filter(({ kind }) => kind === "code").map(({ label }) => label),
        ),
      ),
    ],
    taxRate,
    gateway: paidWith?.gateway ?? gatewayFor(channel, shop, random),
    presentment:
      presentment === null ? null : { ...presentment, rate: drift(presentment.rate, when.at) },
    test: channel === "web" && random.chance(0.004),
    edited: channel !== "pos" && random.chance(0.05),
    touched: touches(when.at, channel, random),
    total: goods + (shipping?.amount ?? 0) + duties + taxOnTop,
    refunded: 0,
    shippingRefunded: false,
  };
}

function webChannel(shop: Shop, random: Random): Sale["channel"] {
  return random.weighted([
    ["web", 90],
    ["draft", 5],
    ["marketplace", shop.marketplace === null ? 0 : 5],
  ] as const);
}

function openStore(shop: Shop, dayOfLife: number, random: Random): Store {
  return random.weighted(
    shop.stores.map((store) => [store, store.opens <= dayOfLife ? store.weight : 0] as const),
  );
}

/** A store is in one place, so it always charges the same tax rate. */
function storeRate(shop: Shop, store: Store): number {
  return shop.taxRates.at(Number(store.place.id) % shop.taxRates.length) ?? 0;
}

function gatewayFor(channel: Sale["channel"], shop: Shop, random: Random): Gateway {
  if (channel === "marketplace") {
    return {
      name: "marketplace_payments",
      formatted: "Marketplace payments",
      manual: false,
      slow: false,
    };
  }
  if (channel === "pos" && random.chance(0.27)) return CASH;
  const [cards] = shop.gateways;
  if (channel === "pos" && cards !== undefined) return random.chance(0.05) ? GIFT_CARD : cards[0];
  return random.weighted(shop.gateways);
}

type Basket = { product: Product; quantity: number }[];

function priced(shop: Shop, channel: Sale["channel"], taxRate: number, random: Random): SaleLine[] {
  const size = random.weighted([
    [1, 46],
    [2, 28],
    [3, 15],
    [4, 7],
    [5, 4],
  ] as const);
  const basket: Basket = random.some(shop.products, size).map((product) => ({
    product,
    quantity: random.weighted([
      [1, product.category === "Socks" ? 4 : 17],
      [2, 3],
      [3, product.category === "Socks" ? 3 : 1],
    ] as const),
  }));
  const discounts = random.chance(shop.discountRate)
    ? discounted(basket, channel, random)
    : basket.map(() => []);
  return basket.map(({ product, quantity }, index) => {
    const off = discounts[index] ?? [];
    const discount = sum(off.map(({ amount }) => amount));
    const net = product.price * quantity - discount;
    return {
      lineId: "",
      product,
      quantity,
      unitPrice: product.price,
      discounts: off,
      discount,
      net,
      tax: product.category === GIFT_CARDS ? 0 : taxOn(net, taxRate, shop.taxesIncluded),
      refunded: 0,
    };
  });
}

function taxOn(amount: number, rate: number, included: boolean): number {
  return ratio(amount, rate, included ? 100_000 + rate : 100_000);
}

type Discount = SaleLine["discounts"][number];

function discounted(basket: Basket, channel: Sale["channel"], random: Random): Discount[][] {
  const kind = random.weighted([
    ["code", channel === "pos" ? 1 : 6],
    ["automatic", 4],
    ["manual", channel === "pos" || channel === "draft" ? 4 : 0],
  ] as const);
  const values = basket.map(({ product, quantity }) =>
    product.category === GIFT_CARDS ? 0 : product.price * quantity,
  );
  if (kind === "automatic" && random.chance(0.6)) {
    const category = random.pick(basket).product.category;
    return basket.map(({ product }, index) =>
      product.category === category
        ? [
            {
              kind,
              label: `Season ${category}`,
              amount: ratio(values[index] ?? 0, 20, 100),
              shared: false,
            },
          ]
        : [],
    );
  }
  const percent = random.pick([10, 10, 15, 20, 25]);
  const goods = sum(values);
  const fixed = kind === "code" && random.chance(0.35) && goods > 4_000;
  const whole = fixed ? random.pick([500, 1_000, 2_000]) : ratio(goods, percent, 100);
  const label = {
    code: fixed ? `TAKE${whole / 100}` : `SAVE${percent}`,
    automatic: `Everything ${percent} % off`,
    manual: random.pick(["Price match", "Staff purchase", "Display piece"]),
  }[kind];
  return share(whole, values).map((amount) =>
    amount > 0 ? [{ kind, label, amount, shared: true }] : [],
  );
}

function shippingFor(goods: number, rate: number, shop: Shop, random: Random): Sale["shipping"] {
  if (goods >= 9_900 && random.chance(0.8)) return null;
  const [title, amount] = random.weighted([
    [["Standard", 595], 6],
    [["Standard", 495], 3],
    [["Express", 1_495], 2],
  ] as const);
  const taxed = random.chance(0.8) ? rate : 0;
  return { title, amount, tax: taxOn(amount, taxed, shop.taxesIncluded) };
}

/** The exchange rate of the day: it moves slowly around the seeded rate, like real rates. */
function drift(rate: number, at: number): number {
  return Math.round(
    rate * (1 + 0.012 * Math.sin(at / (9 * DAY)) + 0.004 * Math.sin(at / (2 * DAY))),
  );
}

/** Fulfilment, tags and address changes: they change the order, but no refund. */
function touches(at: number, channel: Sale["channel"], random: Random): number[] {
  const times = channel === "pos" ? [] : [at + random.between(3, 50) * HOUR];
  if (random.chance(0.3)) times.push(at + random.between(20 * MINUTE, 12 * DAY));
  if (random.chance(0.12)) times.push(at + random.between(5, 28) * DAY);
  return times.map(Math.floor).toSorted((one, other) => one - other);
}

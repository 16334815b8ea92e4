import type { LifePerson, LifePlace } from "./life.ts";
import { foreign, MARKETS } from "./markets.ts";
import { digitsOf } from "./minor.ts";
import type { LifeOptions } from "./options.ts";
import type { Random } from "./random.ts";

/** The storefront side of one brand, drawn once from the seed. */
export type Shop = {
  readonly domain: string;
  readonly currency: string;
  readonly digits: number;
  readonly zone: string;
  readonly taxesIncluded: boolean;
  /** Tax rates by where the buyer lives, in hundred-thousandths. */
  readonly taxRates: readonly number[];
  readonly refundRate: number;
  readonly discountRate: number;
  readonly storeCreditRate: number;
  readonly storeShare: number;
  readonly stores: readonly Store[];
  readonly warehouse: LifePlace;
  readonly distribution: readonly LifePlace[];
  /** The support staff with their weights: few of them make many refunds. */
  readonly supportStaff: readonly (readonly [LifePerson, number])[];
  readonly returnsApp: App;
  readonly products: readonly Product[];
  readonly gateways: readonly (readonly [Gateway, number])[];
  readonly marketplace: App | null;
  readonly otherCurrencies: readonly { readonly code: string; readonly rate: number }[];
  /** The smallest coin in use; 0 if all coins are in use. */
  readonly coin: number;
  /** A round amount above which the support staff must ask for an approval. */
  readonly approvalLimit: number;
};

export type App = { readonly id: string; readonly title: string };
export type Store = {
  readonly place: LifePlace;
  readonly clerks: readonly (readonly [LifePerson, number])[];
  readonly weight: number;
  /** How many days after the life's first day it opens; negative for an old store. */
  readonly opens: number;
};
export type Product = {
  readonly sku: string;
  readonly title: string;
  readonly category: string;
  readonly price: number;
};
export type Gateway = {
  readonly name: string;
  readonly formatted: string;
  readonly manual: boolean;
  readonly slow: boolean;
};

export const ADMIN_APP: App = { id: "1830279", title: "Shopify" };
export const POS_APP: App = { id: "129785", title: "Point of Sale" };
/** Sold like goods, without tax or discount. */
export const GIFT_CARDS = "Gift card";

export const CASH: Gateway = gateway("cash", "Cash");
export const STORE_CREDIT: Gateway = gateway("shopify_store_credit", "Store credit");
export const GIFT_CARD: Gateway = gateway("gift_card", "Gift card");

export function openShop(options: LifeOptions, random: Random): Shop {
  const market = random.weighted(MARKETS.map((each) => [each, each.weight] as const));
  const digits = digitsOf(market.currency);
  const people = new Staff(random.int(61_000_000, 99_000_000));
  const multiCurrency = options.multiCurrency ?? random.chance(0.35);
  return {
    domain: `brand-${options.seed}.myshopify.com`,
    currency: market.currency,
    digits,
    zone: market.zone,
    taxesIncluded:
      options.taxRule === undefined ? market.taxesIncluded : options.taxRule === "inclusive",
    taxRates: market.taxRates,
    refundRate: random.between(0.082, 0.118),
    discountRate: random.between(0.3, 0.45),
    storeCreditRate: random.between(0.05, 0.1),
    storeShare: random.between(0.22, 0.4),
    stores: stores(random, people),
    warehouse: place(random, "Warehouse"),
    distribution: ["East", "West", "North"]
      .slice(0, random.int(2, 3))
      .map((side) => place(random, `Distribution centre ${side}`)),
    supportStaff: unevenly(random, random.int(8, 15), (index) => people.next(`Desk ${index + 1}`)),
    returnsApp: {
      id: String(random.int(3_100_000, 6_900_000)),
      title: random.pick(["Returns portal", "Easy returns", "Returns and exchanges"]),
    },
    products: products(random, digits === 0 ? 100 : 1),
    gateways: [
      [gateway("shopify_payments", "Shopify Payments"), 62],
      [gateway("paypal", "PayPal"), random.int(12, 24)],
      [gateway("klarna", "Klarna", { slow: true }), random.int(3, 9)],
      [GIFT_CARD, 4],
      [gateway("bank_deposit", "Bank Deposit", { manual: true }), 2],
    ],
    marketplace: random.chance(0.4)
      ? { id: String(random.int(2_000_000, 2_900_000)), title: "Marketplace" }
      : null,
    otherCurrencies: multiCurrency ? foreign(random, market.currency) : [],
    coin: market.coin,
    approvalLimit: digits === 0 ? 10_000 : random.pick([7_500, 10_000, 15_000]),
  };
}

class Staff {
  #id: number;
  constructor(first: number) {
    this.#id = first;
  }
  next(name: string): LifePerson {
    this.#id += 37;
    return { id: String(this.#id), name };
  }
}

function stores(random: Random, people: Staff): Store[] {
  const fresh = random.int(1, 2);
  let clerks = 0;
  return Array.from({ length: random.int(7, 13) }, (_, index) => ({
    place: place(random, `Store ${index + 1}`),
    clerks: unevenly(random, random.int(3, 6), () => {
      clerks += 1;
      return people.next(`Clerk ${clerks}`);
    }),
    weight: random.between(0.5, 2),
    opens: index < fresh ? random.int(3, 20) : -400,
  }));
}

/** Weights like real workloads: one or two people do much of the work. */
function unevenly<T>(random: Random, count: number, make: (index: number) => T): [T, number][] {
  return Array.from({ length: count }, (_, index) => [
    make(index),
    (1 / (index + 1)) * random.between(0.7, 1.4),
  ]);
}

function place(random: Random, name: string): LifePlace {
  return { id: String(random.int(60_000_000_000, 89_999_999_999)), name };
}

function products(random: Random, scale: number): Product[] {
  const goods = CATEGORIES.flatMap(([category, prefix, low, high]) =>
    Array.from({ length: random.int(7, 12) }, (_, index) => {
      const whole = random.int(low, high) * 100;
      const ending = random.weighted([
        [0, 4],
        [-1, 2],
        [-5, 2],
        [-10, 2],
        [50, 1],
      ] as const);
      const price = scale === 1 ? whole + ending : Math.round(whole / 100) * 100 + 90;
      const number = 100 + index * 7;
      return { sku: `${prefix}-${number}`, title: `${category} ${number}`, category, price };
    }),
  );
  return [...goods, { sku: "GIFT-50", title: "Gift card 50", category: GIFT_CARDS, price: 5_000 }];
}

function gateway(
  name: string,
  formatted: string,
  how: { slow?: true; manual?: true } = {},
): Gateway {
  return { name, formatted, manual: how.manual ?? false, slow: how.slow ?? false };
}

const CATEGORIES: readonly (readonly [string, string, number, number])[] = [
  ["Shirt", "SHT", 19, 59],
  ["Trousers", "TRS", 39, 99],
  ["Shoes", "SHO", 59, 159],
  ["Jacket", "JKT", 89, 249],
  ["Bag", "BAG", 29, 139],
  ["Socks", "SCK", 6, 18],
];

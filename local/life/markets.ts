import type { Random } from "./random.ts";

/** Home markets of brands: currency, zone, taxes and smallest coin, weighted by their frequency. */
export const MARKETS = [
  {
    weight: 34,
    currency: "USD",
    zone: "America/New_York",
    taxesIncluded: false,
    taxRates: [0, 6_000, 6_625, 7_000, 8_250, 8_875, 9_500],
    coin: 0,
  },
  {
    weight: 20,
    currency: "USD",
    zone: "America/Los_Angeles",
    taxesIncluded: false,
    taxRates: [0, 7_250, 7_750, 8_250, 9_250, 10_250],
    coin: 0,
  },
  {
    weight: 12,
    currency: "CAD",
    zone: "America/Toronto",
    taxesIncluded: false,
    taxRates: [5_000, 12_000, 13_000, 14_975],
    coin: 5,
  },
  {
    weight: 14,
    currency: "EUR",
    zone: "Europe/Berlin",
    taxesIncluded: true,
    taxRates: [19_000, 20_000, 21_000],
    coin: 0,
  },
  {
    weight: 11,
    currency: "GBP",
    zone: "Europe/London",
    taxesIncluded: true,
    taxRates: [20_000],
    coin: 0,
  },
  {
    weight: 6,
    currency: "AUD",
    zone: "Australia/Sydney",
    taxesIncluded: true,
    taxRates: [10_000],
    coin: 5,
  },
  {
    weight: 3,
    currency: "JPY",
    zone: "Asia/Tokyo",
    taxesIncluded: true,
    taxRates: [10_000],
    coin: 0,
  },
];

/** Rates in millionths, for one unit of the shop's currency. */
export function foreign(random: Random, home: string): { code: string; rate: number }[] {
  const value = (code: string) => IN_DOLLARS.get(code) ?? 1;
  const others = [...IN_DOLLARS.keys()].filter((code) => code !== home);
  return random
    .shuffled(others)
    .slice(0, random.int(2, 4))
    .map((code) => ({
      code,
      rate: Math.round((value(home) / value(code)) * random.between(0.97, 1.03) * 1_000_000),
    }));
}

const IN_DOLLARS: ReadonlyMap<string, number> = new Map([
  ["USD", 1],
  ["EUR", 1.15],
  ["GBP", 1.31],
  ["CAD", 0.71],
  ["AUD", 0.65],
  ["JPY", 0.0065],
]);

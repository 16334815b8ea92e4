import * as fc from "fast-check";
import { expect, it } from "vitest";
import { atLeastBinomial } from "../../../lambdas/refund/statistics/binomial.ts";
import { falseDiscoveryRates } from "../../../lambdas/refund/statistics/false-discovery.ts";
import { atLeastByChance } from "../../../lambdas/refund/statistics/fisher.ts";
import { chiSquareTail, gTest } from "../../../lambdas/refund/statistics/g-test.ts";
import {
  arrivedBy,
  stillWaiting,
  survivalCurve,
} from "../../../lambdas/refund/statistics/kaplan-meier.ts";
import { logFactorial } from "../../../lambdas/refund/statistics/log-factorial.ts";
import { newcombe, wilson } from "../../../lambdas/refund/statistics/proportion.ts";

it("gives Fisher's own tea-tasting figure (R documentation of fisher.test: p = 0.2429)", () => {
  const tea = { seen: 3, drawn: 4, special: 4, population: 8 };
  expect(atLeastByChance(tea)).toBeCloseTo(17 / 70, 12);
});

it("gives the convictions of Dizygotic twins (R documentation of fisher.test: p = 0.0004652, less)", () => {
  // 2 of 17 dizygotic and 10 of 13 monozygotic twins were convicted
  const more = { seen: 10, drawn: 12, special: 13, population: 30 };
  expect(atLeastByChance(more)).toBeCloseTo(0.0004652, 7);
});

it("sums the hypergeometric distribution to one", () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), fc.nat(200), (population, a, b) => {
      const drawn = Math.min(a, population);
      const special = Math.min(b, population);
      const seen = Math.max(0, drawn + special - population);
      expect(atLeastByChance({ seen, drawn, special, population })).toBeCloseTo(1, 9);
    }),
  );
});

it("gives the binomial tail of Conover's Mendel example (R documentation of binom.test: 682 of 925 at 3/4)", () => {
  // R: binom.test(682, 925, p = 0.75) has p-value 0.3825; its lower tail, pbinom(682, 925, .75), is 0.1997
  expect(1 - atLeastBinomial(683, 925, 0.75)).toBeCloseTo(0.1997, 2);
  expect(atLeastBinomial(2, 2, 0.5)).toBeCloseTo(0.25, 12);
  expect(atLeastBinomial(0, 5, 0.1)).toBe(1);
});

it("gives the survival of the 6-MP arm of Freireich's leukaemia trial (1963, as in every textbook)", () => {
  const relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23];
  const censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
  const curve = survivalCurve([
    ...relapsed.map((time) => ({ time, arrived: true, count: 1 })),
    ...censored.map((time) => ({ time, arrived: false, count: 1 })),
  ]);
  const published = [
    [6, 0.857],
    [7, 0.807],
    [10, 0.753],
    [13, 0.69],
    [16, 0.627],
    [22, 0.538],
    [23, 0.448],
  ] as const;
  expect(curve.map(({ time }) => time)).toEqual(published.map(([time]) => time));
  for (const [time, waiting] of published) {
    expect(stillWaiting(curve, time)).toBeCloseTo(waiting, 3);
  }
  expect(arrivedBy(curve, 0.5)).toBe(23);
  expect(arrivedBy(curve, 0.9), "nobody knows when nine of ten relapse").toBeNull();
});

it("gives Newcombe's published intervals (Statistics in Medicine 17, 1998, tables I and II)", () => {
  expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4);
  expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4);
  expect(wilson(0, 20)).toEqual({ low: 0, high: expect.closeTo(0.1611, 4) as number });
  expect(wilson(1, 29).low).toBeCloseTo(0.0061, 4);
  const difference = newcombe({ hits: 56, tries: 70 }, { hits: 48, tries: 80 });
  expect(difference.low).toBeCloseTo(0.0524, 4);
  expect(difference.high).toBeCloseTo(0.3339, 4);
});

it("gives Benjamini and Hochberg's own example: four of fifteen survive at 5 %", () => {
  const p = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
    0.6528, 0.759, 1,
  ];
  const rates = falseDiscoveryRates(p);
  expect(rates.filter((rate) => rate <= 0.05)).toHaveLength(4);
  expect(rates[3]).toBeCloseTo(0.0356, 4);
});

it("gives the chi-square table's critical values", () => {
  expect(chiSquareTail(3.841459, 1)).toBeCloseTo(0.05, 6);
  expect(chiSquareTail(18.307038, 10)).toBeCloseTo(0.05, 6);
  expect(chiSquareTail(29.588298, 10)).toBeCloseTo(0.001, 6);
});

it("finds nothing in evenly spread failures and much in uneven ones", () => {
  expect(
    gTest([
      { failed: 5, population: 100 },
      { failed: 10, population: 200 },
    ]).g,
  ).toBeCloseTo(0, 9);
  expect(
    gTest([
      { failed: 30, population: 100 },
      { failed: 5, population: 200 },
    ]).p,
  ).toBeLessThan(1e-9);
});

it("joins the table of factorials and Stirling's series without a seam", () => {
  expect(logFactorial(256) - logFactorial(255)).toBeCloseTo(Math.log(256), 11);
  expect(() => logFactorial(1.5)).toThrow(
    "logFactorial wants a whole number of zero or more, got 1.5",
  );
});

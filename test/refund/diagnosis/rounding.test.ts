import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRoundingRule } from "../../../lambdas/refund/diagnosis/rounding/find-rounding-rule.ts";
import { roundingCaseOf } from "../../../lambdas/refund/diagnosis/rounding/rounding-case.ts";
import type { RoundingCase } from "../../../lambdas/refund/diagnosis/rounding/rounding-case.ts";
import { roundedRatio } from "../../../lambdas/refund/money/rounded-ratio.ts";
import { taxRates } from "../../../lambdas/refund/diagnosis/rounding/tax-rates.ts";
import { ruleInWords } from "../../../lambdas/refund/diagnosis/rounding/rounding-rule.ts";
import { Money } from "../../../lambdas/refund/money/money.ts";
import type { RoundingRule } from "../../../lambdas/refund/money/money.ts";
import { factsOf } from "../../../lambdas/refund/diagnosis/features/record-facts.ts";
import { aDocument, aRefund, componentsOf, policy, tie } from "../order-in-step.ts";

type Booking = "line" | "total";

describe("the rounding forensic", () => {
  const planted = [
    { erp: "total", mode: "half-up", words: "tax rounded on the total, half-up" },
    { erp: "line", mode: "down", words: "tax rounded per line, down" },
    { erp: "total", mode: "down", words: "tax rounded on the total, down" },
  ] as const;
  it.each(planted)("names a rule that was planted: $words", ({ erp, mode, words }) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const found = findRoundingRule(brand(seed, erp, mode, 400));
      expect(found === null ? null : [found.rule, ...found.alike].map(ruleInWords)).toContain(
        words,
      );
      expect((found?.reproduced ?? 0) / (found?.drifting ?? 1)).toBeGreaterThan(0.9);
    }
  });

  it("says which rules it cannot tell apart: without shipping, the goods are the total", () => {
    const found = findRoundingRule(brand(7, "total", "half-even", 300));
    const words = found === null ? [] : [found.rule, ...found.alike].map(ruleInWords);
    expect(words).toEqual(
      expect.arrayContaining([
        "tax rounded on the total, half-even",
        "tax rounded per component, half-even",
      ]),
    );
  });

  it("knows an ERP that works out the goods' tax anew and takes shipping as it comes", () => {
    const shipped = brand(8, "line", "down", 400).map((one) => ({
      ...one,
      shipping: 595,
      shippingTax: roundedRatio(595 * one.truth, 100_000, "half-up"),
      settled: one.settled + 595 + roundedRatio(595 * one.truth, 100_000, "half-up"),
      booked: one.booked + 595 + roundedRatio(595 * one.truth, 100_000, "half-up"),
    }));
    const found = findRoundingRule(shipped);
    const words = found === null ? [] : [found.rule, ...found.alike].map(ruleInWords);
    expect(words[0]).toBe("tax rounded per line, down (shipping as given)");
    expect(words).not.toContain("tax rounded per line, down");
    expect(found?.reproduced).toBe(found?.drifting);
  });

  it("knows a storefront whose last refund of an order takes what earlier ones rounded away", () => {
    const cases = brand(15, "line", "half-up", 200).map((one, at): RoundingCase => {
      const isLast = at % 8 === 0;
      const remainder = isLast ? (at % 16 === 0 ? 1 : -1) : 0;
      const settled = one.settled + remainder;
      return { ...one, settled, booked: settled - remainder, ...(isLast && { remainder }) };
    });
    const found = findRoundingRule(cases);
    const words = found === null ? [] : [found.rule, ...found.alike].map(ruleInWords);
    expect(words.join("; ")).toMatch(/the storefront's last refund of an order takes the cents/);
    expect(found?.reproduced).toBe(found?.drifting);
  });

  it("names a conversion line by line, into a currency without digits", () => {
    // 1.5 yen for a cent, and an even number of cents: the total converts exactly, the lines do not.
    const cases = brand(14, "line", "half-up", 200).map((one): RoundingCase => {
      const amounts = one.lines.map(([, , , amount]) => amount);
      const shop = amounts.reduce((total, amount) => total + amount, 0);
      const odd = amounts.filter((amount) => amount % 2 === 1).length;
      const lines = amounts.map((amount): RoundingCase["lines"][number] => [1, null, 0, amount, 0]);
      return {
        ...one,
        currency: "JPY",
        lines,
        settled: (shop * 3) / 2,
        booked: (shop * 3 + odd) / 2,
        bookedTax: null,
        otherCurrency: { currency: "USD", settled: shop },
      };
    });
    const found = findRoundingRule(cases.filter(({ settled }) => Number.isInteger(settled)));
    expect(found === null ? null : ruleInWords(found.rule)).toBe(
      "converted line by line and rounded before it is added up, half-up",
    );
    expect(found?.reproduced).toBe(found?.drifting);
  });

  it.each([
    ["JPY", "1250", 1_250],
    ["KWD", "1.250", 1_250],
    ["USD", "12.50", 1_250],
  ])("counts %s in its own smallest unit", (currency, amount, units) => {
    const refund = aRefund({ currency, amount });
    const document = aDocument({ refers: refund.refundId, currency, total: refund.settled });
    const [record] = tie([refund], [document]);
    expect(record === undefined ? null : roundingCaseOf(factsOf(record, policy))).toMatchObject({
      currency,
      settled: units,
      booked: units,
    });
  });

  it("keeps shipping in the currency that the lines are in, when the ERP books the buyer's", () => {
    const components = { ...aRefund().components, items: "40.00", shipping: "10.00" };
    const refund = aRefund({
      components,
      presentment: {
        currency: "JPY",
        settled: "8100",
        pending: "0",
        components: { ...componentsOf("8100", "JPY"), shipping: "1500" },
      },
    });
    const document = aDocument({ refers: refund.refundId, currency: "JPY", total: "8101" });
    const [record] = tie([refund], [document]);
    expect(record === undefined ? null : roundingCaseOf(factsOf(record, policy))).toMatchObject({
      currency: "JPY",
      shipping: 1_000,
      otherCurrency: { currency: "USD", settled: 5_400 },
    });
  });

  it("names no rule for cents without a rule", () => {
    const random = randomOf(9);
    const noise = brand(9, "line", "half-up", 200).map((one, n) =>
      n % 4 === 0 ? { ...one, booked: one.settled + (random() < 0.5 ? 2 : -2) } : one,
    );
    expect(findRoundingRule(noise)).toBeNull();
  });

  it("names no rule that would take a cent off nearly every refund, for some that lost one", () => {
    const steady = brand(15, "line", "half-up", 300).map((one) => {
      const settled = one.lines.reduce((total, line) => total + line[3], 0);
      return { ...one, taxesIncluded: true, shipping: 0, settled, booked: settled };
    });
    const lost = steady.map((one, n) => (n % 20 === 0 ? { ...one, booked: one.booked - 1 } : one));
    expect(findRoundingRule(lost)).toBeNull();
  });

  it("names no rule from a handful", () => {
    expect(findRoundingRule(brand(3, "total", "down", 4))).toBeNull();
  });
});

it("finds the tax rates that no refund states", () => {
  const cases = brand(11, "line", "half-up", 300, [8250, 8875, 6625]);
  const known = taxRates(cases);
  const right = cases.filter((one) => known.get(one)?.includes(one.truth) === true).length;
  expect(right / cases.length).toBeGreaterThan(0.9);
});

it("gives a line that was prorated one of the brand's rates, not a rate of its own", () => {
  const cases = brand(13, "line", "half-up", 300, [8250, 7000]);
  const [first] = cases;
  if (first === undefined) throw new Error("no refunds");
  // 8.25 % of 209.14 is 17.25; the unit that went back before left a cent more.
  const prorated: RoundingCase = { ...first, lines: [[2, 10_457, 0, 20_914, 1_726]] };
  expect(taxRates([...cases, prorated]).get(prorated)).toEqual([8250]);
});

it("rounds a ratio as Money rounds an exact amount", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fc.integer({ min: 1, max: 1_000 }),
      fc.constantFrom<RoundingRule>("half-up", "half-even", "down"),
      (numerator, denominator, rule) => {
        const exact = Money.of(String(numerator), "JPY").dividedBy(denominator).rounded(rule);
        expect(roundedRatio(numerator, denominator, rule) + 0).toBe(Number(exact.toString()) + 0);
      },
    ),
  );
});

/** Refunds of a storefront that rounds each line half-up, booked by an ERP that does otherwise. */
function brand(
  seed: number,
  erp: Booking,
  mode: RoundingRule,
  count: number,
  rates: readonly number[] = [8250, 7000, 8875],
): (RoundingCase & { truth: number })[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, n) => {
    const rate = rates[Math.floor(random() * rates.length)] ?? 0;
    const amounts = Array.from(
      { length: 1 + Math.floor(random() * 4) },
      () => 499 + Math.floor(random() * 9_000),
    );
    const lines = amounts.map((amount): RoundingCase["lines"][number] => {
      return [1, amount, 0, amount, roundedRatio(amount * rate, 100_000, "half-up")];
    });
    const net = amounts.reduce((total, amount) => total + amount, 0);
    const settled = net + lines.reduce((total, line) => total + line[4], 0);
    const tax =
      erp === "total"
        ? roundedRatio(net * rate, 100_000, mode)
        : amounts.reduce((total, amount) => total + roundedRatio(amount * rate, 100_000, mode), 0);
    return {
      id: `refund:${n}`,
      currency: "USD",
      taxesIncluded: false,
      lines,
      shipping: 0,
      shippingTax: 0,
      settled,
      booked: net + tax,
      bookedTax: tax,
      otherCurrency: null,
      truth: rate,
    };
  });
}

function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

import type { RoundingCase } from "./rounding-case.ts";

/**
 * The tax rates of a brand's refunds. No refund states its rate, so this looks for the fewest rates
 * that explain the tax of every line. A line of 10.00 with 0.83 tax may have 8.25 % or 8.30 %; a
 * hundred lines decide which.
 *
 * Rates are in steps of 0.001 %, so 8250 is 8.25 %. A refund gets the rates of the brand that fit
 * all its lines, the most frequent first; it gets none where its lines do not fit one common rate.
 */
export function taxRates(
  cases: readonly RoundingCase[],
): ReadonlyMap<RoundingCase, readonly number[]> {
  const spans = TOLERANCES.map((tolerance) => spansOf(cases, tolerance));
  const most = Math.max(...spans.map(({ size }) => size));
  const smallest = spans.findIndex(({ size }) => size >= NEARLY_ALL * most);
  const rates = fewest([...(spans[smallest] ?? new Map<RoundingCase, Span>()).values()]);
  const found = new Map<RoundingCase, readonly number[]>();
  // A line that fits no rate of the brand was prorated, so its tax may need a wider tolerance.
  for (const known of [rates.filter(({ refunds }) => refunds >= SEVERAL), rates]) {
    for (const candidates of spans.slice(smallest)) {
      for (const [one, { from, to }] of candidates) {
        if (found.has(one)) continue;
        const agreeing = known.filter(({ rate }) => from <= rate && rate <= to);
        if (agreeing.length > 0)
          found.set(
            one,
            agreeing.map(({ rate }) => rate),
          );
      }
    }
  }
  return found;
}

function spansOf(
  cases: readonly RoundingCase[],
  tolerance: number,
): ReadonlyMap<RoundingCase, Span> {
  const spans = new Map<RoundingCase, Span>();
  for (const one of cases) {
    const span = spanOf(one, tolerance);
    if (span !== null) spans.set(one, span);
  }
  return spans;
}

type Span = { readonly from: number; readonly to: number };

/** The rates that fit the tax of every line within a tolerance in minor units. */
function spanOf(
  { lines, taxesIncluded, shipping, shippingTax }: RoundingCase,
  tolerance: number,
): Span | null {
  let from = 0;
  let to = HIGHEST;
  const taxed = lines.map(([, , , amount, tax]) => ({ amount, tax }));
  if (shippingTax > 0) taxed.push({ amount: shipping, tax: shippingTax });
  const bearing = taxed.filter(({ tax, amount }) => tax > 0 && amount > tax);
  if (bearing.length === 0 || taxed.some(({ tax }) => tax < 0)) return null;
  for (const { amount, tax } of bearing) {
    from = Math.max(from, rateAt(tax - tolerance, amount, taxesIncluded));
    to = Math.min(to, rateAt(tax + tolerance, amount, taxesIncluded));
  }
  return from <= to ? { from: Math.ceil(from), to: Math.floor(to) } : null;
}

function rateAt(tax: number, amount: number, included: boolean): number {
  return (tax * STEPS) / (included ? amount - tax : amount);
}

/** Greedy: takes the rate with the largest weight of spans, then repeats with the other spans. */
function fewest(spans: readonly Span[]): { readonly rate: number; readonly refunds: number }[] {
  const rates: { rate: number; refunds: number }[] = [];
  let rest = spans;
  while (rest.length > 0 && rates.length < MOST_RATES) {
    const rate = agreedBy(rest);
    const left = rest.filter(({ from, to }) => rate < from || to < rate);
    rates.push({ rate, refunds: rest.length - left.length });
    rest = left;
  }
  return rates;
}

function agreedBy(spans: readonly Span[]): number {
  const change = new Float64Array(HIGHEST + 2);
  for (const { from, to } of spans) {
    // A narrow span limits the rate more than a wide one, so it weighs more.
    const spanWeight = 1 / (to - from + 5);
    change[from] = (change[from] ?? 0) + spanWeight;
    change[to + 1] = (change[to + 1] ?? 0) - spanWeight;
  }
  let best = 0;
  let most = 0;
  let height = 0;
  for (let rate = 0; rate <= HIGHEST; rate += 1) {
    height += change[rate] ?? 0;
    const weight = height * roundness(rate);
    if (weight > most) {
      most = weight;
      best = rate;
    }
  }
  return best;
}

/** Real rates are written with few digits. */
function roundness(rate: number): number {
  if (rate % 1000 === 0) return 1.06;
  if (rate % 250 === 0 || rate % 100 === 0) return 1.05;
  if (rate % 125 === 0) return 1.04;
  if (rate % 25 === 0 || rate % 10 === 0) return 1.02;
  return 1;
}

/** The number of steps in a rate of 100 %. */
export const STEPS = 100_000;
const HIGHEST = 35_000;
/**
 * How far a line's tax may be from its exact value, in minor units: 0.5 if it is rounded to the
 * nearest unit, 0.75 if the tax of an order line was prorated, 1 if the storefront rounds down. The
 * smallest tolerance that nearly all refunds fit is used.
 */
const TOLERANCES = [0.5, 0.75, 1];
const NEARLY_ALL = 0.95;
const MOST_RATES = 60;
/** A rate with fewer refunds is probably another rate that a prorated line makes look different. */
const SEVERAL = 10;

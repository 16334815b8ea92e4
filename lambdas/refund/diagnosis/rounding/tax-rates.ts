import type { RoundingCase } from "./rounding-case.ts";

/**
 * The tax rates behind a brand's refunds, which no refund states: as few as explain the tax of
 * every line. A line of 10.00 with 0.83 tax may be 8.25 % or 8.30 %; a hundred lines settle it.
 *
 * Rates are in steps of 0.001 %, so 8250 is 8.25 %. A refund gets the rates of the brand that agree
 * with all its lines, the commonest first; none where they do not agree among themselves.
 */
export function taxRates(
  cases: readonly RoundingCase[],
): ReadonlyMap<RoundingCase, readonly number[]> {
  const spans = LOOSENESS.map((loose) => spansOf(cases, loose));
  const most = Math.max(...spans.map(({ size }) => size));
  const tightest = spans.findIndex(({ size }) => size >= NEARLY_ALL * most);
  const rates = fewest([...(spans[tightest] ?? new Map<RoundingCase, Span>()).values()]);
  const found = new Map<RoundingCase, readonly number[]>();
  // A line that agrees with no rate of the brand was prorated: its tax may be further from exact.
  for (const known of [rates.filter(({ refunds }) => refunds >= SEVERAL), rates]) {
    for (const wider of spans.slice(tightest)) {
      for (const [one, { from, to }] of wider) {
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

function spansOf(cases: readonly RoundingCase[], loose: number): ReadonlyMap<RoundingCase, Span> {
  const spans = new Map<RoundingCase, Span>();
  for (const one of cases) {
    const span = spanOf(one, loose);
    if (span !== null) spans.set(one, span);
  }
  return spans;
}

type Span = { readonly from: number; readonly to: number };

/** The rates that every line's tax allows, were none further than `loose` units from exact. */
function spanOf(
  { lines, taxesIncluded, shipping, shippingTax }: RoundingCase,
  loose: number,
): Span | null {
  let from = 0;
  let to = HIGHEST;
  const taxed = lines.map(([, , , amount, tax]) => ({ amount, tax }));
  if (shippingTax > 0) taxed.push({ amount: shipping, tax: shippingTax });
  const bearing = taxed.filter(({ tax, amount }) => tax > 0 && amount > tax);
  if (bearing.length === 0 || taxed.some(({ tax }) => tax < 0)) return null;
  for (const { amount, tax } of bearing) {
    from = Math.max(from, rateAt(tax - loose, amount, taxesIncluded));
    to = Math.min(to, rateAt(tax + loose, amount, taxesIncluded));
  }
  return from <= to ? { from: Math.ceil(from), to: Math.floor(to) } : null;
}

function rateAt(tax: number, amount: number, included: boolean): number {
  return (tax * STEPS) / (included ? amount - tax : amount);
}

/** Greedy: the rate that the most telling spans agree on, then the next for those that are left. */
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
    // A narrow span knows more than a wide one.
    const says = 1 / (to - from + 5);
    change[from] = (change[from] ?? 0) + says;
    change[to + 1] = (change[to + 1] ?? 0) - says;
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

/** Units of rate in a whole: 100 % is 100,000 steps. */
export const STEPS = 100_000;
const HIGHEST = 35_000;
/**
 * How far a line's tax may be from exact, in units: to the nearest; after an order line's tax was
 * prorated; by a storefront that cuts off. The tightest that nearly all refunds agree with is used.
 */
const LOOSENESS = [0.5, 0.75, 1];
const NEARLY_ALL = 0.95;
const MOST_RATES = 60;
/** A rate that hardly any refund has is more likely another's, seen through a prorated line. */
const SEVERAL = 10;

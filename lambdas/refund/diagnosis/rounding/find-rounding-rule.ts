import type { RoundingCase } from "./rounding-case.ts";
import type { RoundingFinding } from "./rounding-finding.ts";
import { taxRates } from "./tax-rates.ts";
import { recompute } from "./recompute-refund.ts";
import { RULES, TAX_RULES } from "./rounding-rule.ts";
import type { Rule } from "./rounding-rule.ts";
import { sharingForensic } from "./find-sharing-rule.ts";

/**
 * By which pair of rules do storefront and ERP come to totals that differ by cents? Every pair of
 * the grammar is tried on the refunds that drift, and on some that do not: a rule that also makes
 * steady refunds drift explains less than it seems. Rules that say the same of every refund seen are
 * named together: they cannot be told apart.
 *
 * Null when there are too few drifting refunds, or when no rule explains most of them.
 */
export function roundingForensic(cases: readonly RoundingCase[]): RoundingFinding | null {
  const near = cases.filter(({ otherShare }) => otherShare === undefined);
  return centsForensic(near) ?? sharingForensic(cases);
}

function centsForensic(cases: readonly RoundingCase[]): RoundingFinding | null {
  const drifting = cases.filter(({ booked, settled }) => booked !== settled);
  if (drifting.length < LEAST_DRIFTING) return null;
  const rates = taxRates(cases);
  const trials = RULES.map((rule) => tryOut(rule, cases, rates)).filter(
    ({ reproduced, surprise }) =>
      reproduced >= drifting.length * LEAST_COVERAGE && surprise >= LEAST_SURPRISE,
  );
  const best = trials.toSorted(byExplained)[0];
  if (best === undefined) return null;
  return {
    rule: best.rule,
    alike: trials
      .filter((other) => other !== best && best.chance - other.chance < TELLING)
      .toSorted(byExplained)
      .map(({ rule }) => rule),
    storefront: storefrontRule(cases, rates),
    reproduced: best.reproduced,
    drifting: drifting.length,
    untested: 0,
    unexplained: new Set(
      drifting
        .filter((one) => recompute(best.rule, one, rates.get(one)?.[0] ?? null) !== one.booked)
        .map(({ id }) => id),
    ),
    steadyKept: best.steadyKept,
    steady: best.steady,
  };
}

type Trial = {
  readonly rule: Rule;
  readonly reproduced: number;
  readonly steadyKept: number;
  readonly steady: number;
  /** How unlikely it is (negative logarithm) that it reproduces as much of refunds taken at random. */
  readonly surprise: number;
  /** Log-likelihood of all refunds tried, when the rule is the ERP's. */
  readonly chance: number;
};

function tryOut(
  rule: Rule,
  cases: readonly RoundingCase[],
  rates: ReadonlyMap<RoundingCase, readonly number[]>,
): Trial {
  let reproduced = 0;
  let missed = 0;
  let steadyKept = 0;
  let steady = 0;
  const moves = new Map<number, number>();
  const hits: number[] = [];
  for (const one of cases) {
    const total = recompute(rule, one, rates.get(one)?.[0] ?? null);
    const drifts = one.booked !== one.settled;
    if (drifts) {
      if (total === one.booked) {
        reproduced += 1;
        hits.push(total - one.settled);
      } else missed += 1;
    } else if (total !== null) {
      steady += 1;
      if (total === one.settled) steadyKept += 1;
      moves.set(total - one.settled, (moves.get(total - one.settled) ?? 0) + 1);
    }
  }
  return {
    rule,
    reproduced,
    steadyKept,
    steady,
    surprise: hits.reduce(
      (sum, by) => sum - Math.log(((moves.get(by) ?? 0) + 1) / (steady + 2)),
      0,
    ),
    chance: chanceOf({ reproduced, missed, steady, steadyKept, tried: cases.length }),
  };
}

/**
 * A missed drift is a slip of one in thirty. A steady refund that the rule would have made drift
 * may be off the broken path: as many may be as there are, so their share is the rule's to choose.
 */
function chanceOf({
  tried,
  ...seen
}: Record<"reproduced" | "missed" | "steady" | "steadyKept" | "tried", number>): number {
  const moved = seen.steady - seen.steadyKept;
  const onPath = seen.reproduced + moved;
  return (
    seen.reproduced * Math.log(1 - SLIP) +
    seen.missed * Math.log(SLIP) +
    Math.min(STEADY_WEIGHT, MOST_STEADY_SAY / tried) *
      (entropy(seen.reproduced, onPath) + entropy(moved, onPath))
  );
}

function entropy(part: number, whole: number): number {
  return part === 0 ? 0 : part * Math.log(part / whole);
}

function byExplained(a: Trial, b: Trial): number {
  return (
    b.chance - a.chance ||
    b.reproduced - a.reproduced ||
    RULES.indexOf(a.rule) - RULES.indexOf(b.rule)
  );
}

function storefrontRule(
  cases: readonly RoundingCase[],
  rates: ReadonlyMap<RoundingCase, readonly number[]>,
): Rule | null {
  let best: { readonly rule: Rule; readonly kept: number } | null = null;
  for (const rule of TAX_RULES) {
    let kept = 0;
    let tried = 0;
    for (const one of cases) {
      const total = recompute(rule, one, rates.get(one)?.[0] ?? null);
      if (total === null) continue;
      tried += 1;
      if (total === one.settled) kept += 1;
    }
    if (tried > 0 && kept / tried >= LEAST_COVERAGE && kept > (best?.kept ?? 0))
      best = { rule, kept };
  }
  return best?.rule ?? null;
}

const LEAST_DRIFTING = 5;
const LEAST_COVERAGE = 0.8;
/** A rule that would take a cent off every refund reproduces any cent that is missing. */
const LEAST_SURPRISE = 7;
const SLIP = 1 / 30;
/** A path is broken or whole for all refunds on it: several of them say little more than one. */
const STEADY_WEIGHT = 0.25;
/** However many there are: they tell how wide the path is, and a missed drift that the rule is wrong. */
const MOST_STEADY_SAY = 60;
/** Two rules whose likelihoods differ by less than a factor of twenty are not told apart. */
const TELLING = 3;

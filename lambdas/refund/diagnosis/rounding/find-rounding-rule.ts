import type { RoundingCase } from "./rounding-case.ts";
import type { RoundingFinding } from "./rounding-finding.ts";
import { taxRates } from "./tax-rates.ts";
import { recompute } from "./recompute-refund.ts";
import { RULES, TAX_RULES } from "./rounding-rule.ts";
import type { Rule } from "./rounding-rule.ts";
import { findSharingRule } from "./find-sharing-rule.ts";

/**
 * Finds the rounding rules by which storefront and ERP get totals that differ by cents. Every rule
 * in `RULES` is tried on the refunds that drift, and on some that do not (steady refunds): a rule
 * that also makes steady refunds drift explains less than it seems. Rules that explain the refunds
 * equally well are reported together, because the refunds seen cannot separate them.
 *
 * Null when there are too few drifting refunds, or when no rule explains most of them.
 */
export function findRoundingRule(cases: readonly RoundingCase[]): RoundingFinding | null {
  const near = cases.filter(({ otherShare }) => otherShare === undefined);
  return findCentsRule(near) ?? findSharingRule(cases);
}

function findCentsRule(cases: readonly RoundingCase[]): RoundingFinding | null {
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
      .filter(
        (other) => other !== best && best.logLikelihood - other.logLikelihood < LEAST_LOG_RATIO,
      )
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
  /** Negative logarithm of the probability that the rule reproduces these drifts by chance. */
  readonly surprise: number;
  /** Log-likelihood of all refunds tried, if this is the ERP's rule. */
  readonly logLikelihood: number;
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
  const reproducedMoves: number[] = [];
  for (const one of cases) {
    const total = recompute(rule, one, rates.get(one)?.[0] ?? null);
    const drifts = one.booked !== one.settled;
    if (drifts) {
      if (total === one.booked) {
        reproduced += 1;
        reproducedMoves.push(total - one.settled);
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
    surprise: reproducedMoves.reduce(
      (sum, by) => sum - Math.log(((moves.get(by) ?? 0) + 1) / (steady + 2)),
      0,
    ),
    logLikelihood: logLikelihoodOf({ reproduced, missed, steady, steadyKept, tried: cases.length }),
  };
}

/**
 * The log-likelihood of the refunds under a rule. A drift that the rule does not reproduce has the
 * probability 1/30. A steady refund that the rule would have made drift may not have gone through
 * the path that has the error. The share of such refunds is unknown, so it is set to the share that
 * fits the rule best (maximum likelihood).
 */
function logLikelihoodOf({
  tried,
  ...seen
}: Record<"reproduced" | "missed" | "steady" | "steadyKept" | "tried", number>): number {
  const moved = seen.steady - seen.steadyKept;
  const onPath = seen.reproduced + moved;
  return (
    seen.reproduced * Math.log(1 - MISS_PROBABILITY) +
    seen.missed * Math.log(MISS_PROBABILITY) +
    Math.min(STEADY_WEIGHT, MOST_STEADY_COUNTED / tried) *
      (entropy(seen.reproduced, onPath) + entropy(moved, onPath))
  );
}

function entropy(part: number, whole: number): number {
  return part === 0 ? 0 : part * Math.log(part / whole);
}

function byExplained(a: Trial, b: Trial): number {
  return (
    b.logLikelihood - a.logLikelihood ||
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
/**
 * Excludes a rule that takes a cent off every refund: it reproduces every missing cent by chance.
 */
const LEAST_SURPRISE = 7;
const MISS_PROBABILITY = 1 / 30;
/**
 * All refunds on one path have the error or none has it. So steady refunds are not independent, and
 * each counts for a quarter at most.
 */
const STEADY_WEIGHT = 0.25;
/**
 * The steady refunds together count for at most so many refunds: they only show how many refunds
 * use the path, while a drift that is not reproduced shows that the rule is wrong.
 */
const MOST_STEADY_COUNTED = 60;
/** Two rules whose likelihoods differ by less than a factor of twenty count as equally good. */
const LEAST_LOG_RATIO = 3;

/**
 * How much more often than `expected` the refunds of a group go missing, and how certain this is.
 *
 * Two explanations are compared (Bayes): the group is like all others, or it has an extra rate of
 * its own. The extra rate is unknown before counting. It may be any share, and small shares are
 * more likely; or it is close to the rate of the larger group to which the group belongs. With few
 * refunds the first explanation stays likely, and the estimated extra rate stays close to zero.
 */
export function excessOver({ missing, refunds, expected }: Observed, prior: Prior): Excess {
  const none = { missing, refunds, expected, active: 0, rate: 0 };
  if (refunds === 0) return none;
  const usual = Math.min(0.99, Math.max(1e-6, expected / refunds));
  const usualLikelihood = likelihood(missing, refunds, usual);
  const own = weigh(missing, refunds, usual, prior.all === true ? nearlyAll : ownRate);
  const larger = prior.larger;
  const likeLarger =
    larger === null || larger.active < 0.01
      ? null
      : weigh(missing, refunds, usual, betaAround(larger.rate / larger.active));
  const largerActive = likeLarger === null ? 0 : (larger?.active ?? 0);
  const evidence = [
    (1 - prior.active) * (1 - largerActive),
    prior.active * Math.exp(own.log - usualLikelihood),
    likeLarger === null
      ? 0
      : (1 - prior.active) * largerActive * Math.exp(likeLarger.log - usualLikelihood),
  ] as const;
  const all = evidence[0] + evidence[1] + evidence[2];
  if (!Number.isFinite(all)) return { ...none, active: 1, rate: own.mean };
  const rate = (evidence[1] * own.mean + evidence[2] * (likeLarger?.mean ?? 0)) / all;
  return { missing, refunds, expected, active: 1 - evidence[0] / all, rate };
}

export type Excess = {
  readonly missing: number;
  readonly refunds: number;
  /** How many refunds would be missing if the group were like all others. */
  readonly expected: number;
  /** How likely it is that the group has a rate of its own. */
  readonly active: number;
  /** The extra rate, weighted by how likely it is. It is added to the usual rate. */
  readonly rate: number;
};

type Observed = { readonly missing: number; readonly refunds: number; readonly expected: number };
export type Prior = {
  /** Chance, before counting, that the group has a rate of its own. */
  readonly active: number;
  /** The result for the larger group of which this group is a part; null if there is none. */
  readonly larger: Excess | null;
  /** True if the group can only lose nearly all of its refunds, or none beyond the usual rate. */
  readonly all?: boolean;
};

/**
 * The logarithm of the likelihood, averaged over all rates with the weights of the prior, and the
 * mean of the rate after counting.
 */
function weigh(
  missing: number,
  refunds: number,
  usual: number,
  density: (share: number) => number,
): { readonly log: number; readonly mean: number } {
  let best = Number.NEGATIVE_INFINITY;
  const points = GRID.map(({ share, width }) => {
    const priorMass = density(share) * width;
    const log = likelihood(missing, refunds, usual + share * (1 - usual)) + Math.log(priorMass);
    best = Math.max(best, log);
    return { share, log, believed: priorMass };
  });
  let mass = 0;
  let mean = 0;
  let prior = 0;
  for (const { share, log, believed } of points) {
    const weight = Math.exp(log - best);
    mass += weight;
    mean += weight * share;
    prior += believed;
  }
  return { log: best + Math.log(mass / prior), mean: mean / mass };
}

/**
 * Beta(0.5, 9) prior: a group that loses a few refunds of a hundred is more common than a group
 * that loses half of them.
 */
function ownRate(share: number): number {
  return share ** -0.5 * (1 - share) ** 8;
}

function nearlyAll(share: number): number {
  return share ** 40;
}

/** Beta prior with its peak at the rate of the larger group; it weighs as much as 6 refunds. */
function betaAround(rate: number): (share: number) => number {
  const hits = Math.min(0.98, Math.max(0.02, rate)) * PRIOR_REFUNDS;
  return (share) => share ** hits * (1 - share) ** (PRIOR_REFUNDS - hits);
}

function likelihood(missing: number, refunds: number, rate: number): number {
  return missing * Math.log(rate) + (refunds - missing) * Math.log1p(-rate);
}

const PRIOR_REFUNDS = 6;
/** Shares from 0 to 1, with smaller steps near 0. */
const GRID = Array.from({ length: 80 }, (_, index) => {
  const position = (index + 0.5) / 80;
  return { share: position * position, width: position };
});

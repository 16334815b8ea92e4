import type { Rule } from "./rounding-rule.ts";

/** The rounding rules of the two systems, and the numbers of refunds that support them. */
export type RoundingFinding = {
  /** The ERP's. */
  readonly rule: Rule;
  /**
   * Rules that explain the refunds equally well, so these refunds cannot separate them from `rule`.
   */
  readonly alike: readonly Rule[];
  /** The storefront's rule; null where no rule reproduces its tax. */
  readonly storefront: Rule | null;
  readonly reproduced: number;
  readonly drifting: number;
  /** More refunds with the same kind of difference, which cannot be tested without their orders. */
  readonly untested: number;
  /** The record ids of the drifting refunds that the rule does not reproduce. */
  readonly unexplained: ReadonlySet<string>;
  /** Of the steady refunds tried, how many the rule leaves steady. */
  readonly steadyKept: number;
  readonly steady: number;
};

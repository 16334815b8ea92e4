import type { Rule } from "./rounding-rule.ts";

/** By which rules the two systems round, and how far that is shown. */
export type RoundingFinding = {
  /** The ERP's. */
  readonly rule: Rule;
  /** Rules that explain it as well: with these refunds they cannot be told apart. */
  readonly alike: readonly Rule[];
  /** The storefront's own; null where none reproduces its tax. */
  readonly storefront: Rule | null;
  readonly reproduced: number;
  readonly drifting: number;
  /** Further refunds that differ in the same way, of which nobody can say without their orders. */
  readonly untested: number;
  /** The record ids of the drifting refunds that the rule does not reproduce. */
  readonly unexplained: ReadonlySet<string>;
  /** Of the steady refunds tried, how many the rule leaves steady. */
  readonly steadyKept: number;
  readonly steady: number;
};

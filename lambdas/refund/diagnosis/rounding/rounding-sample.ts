import { roundingCaseOf } from "./rounding-case.ts";
import type { RoundingCase } from "./rounding-case.ts";
import type { RecordFacts } from "../features/record-facts.ts";

/**
 * The refunds of a day that are kept for finding the rounding rule: those that drift, and some that
 * do not drift as a test of every rule. Of the latter, those with the most lines come first.
 */
export class RoundingCases {
  readonly #drifting: RoundingCase[] = [];
  #steady: RoundingCase[] = [];

  offer(facts: RecordFacts): void {
    const one = roundingCaseOf(facts);
    if (one === null || !hasSomethingToRound(one)) return;
    if (one.booked !== one.settled) {
      if (this.#drifting.length < MOST_DRIFTING) this.#drifting.push(one);
      return;
    }
    this.#steady.push(one);
    if (this.#steady.length > 4 * MOST_STEADY) this.#steady = withMostLines(this.#steady);
  }

  kept(): RoundingCase[] {
    return [...this.#drifting, ...withMostLines(this.#steady)];
  }
}

function hasSomethingToRound({ lines, shippingTax, otherCurrency }: RoundingCase): boolean {
  return lines.length > 0 || shippingTax !== 0 || otherCurrency !== null;
}

function withMostLines(cases: readonly RoundingCase[]): RoundingCase[] {
  return cases
    .toSorted((a, b) => b.lines.length - a.lines.length || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_STEADY);
}

const MOST_DRIFTING = 60;
const MOST_STEADY = 25;

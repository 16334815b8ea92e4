import type { Cause, Diagnosis, Pattern } from "../patterns/diagnosis.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { LIMITS } from "./hypothesis-weights.ts";

/**
 * The verdict on one exception: its hypotheses are compared with each other, and with the
 * probability of an unknown cause. Below the threshold the verdict is undetermined, never a guess.
 */
export function verdictOf(hypotheses: readonly Hypothesis[]): Diagnosis {
  const { byCause, byPattern, all } = weighed(hypotheses);
  const evidence = hypotheses
    .toSorted((a, b) => b.weight - a.weight)
    .filter(({ weight }) => weight / all >= LIMITS.shown)
    .map(({ because }) => because);
  return { ...decided(byCause), pattern: patternOf(byPattern), evidence: [...new Set(evidence)] };
}

/** The cause that is likely enough to be given, with its probability. */
export function decided(byCause: ReadonlyMap<Cause, number>): { cause: Cause; confidence: number } {
  const [cause, probability] = top(byCause) ?? ["undetermined" as const, 0];
  if (probability < LIMITS.decided || cause === "undetermined") {
    return { cause: "undetermined", confidence: 0 };
  }
  return { cause, confidence: Math.round(probability * 1000) / 1000 };
}

export function patternOf(byPattern: ReadonlyMap<Pattern | null, number>): Pattern | null {
  const [pattern, likely] = top(byPattern) ?? [null, 0];
  return likely >= LIMITS.named ? pattern : null;
}

/** The hypotheses as probabilities; the rest up to 1 is "something else". */
export function weighed(hypotheses: readonly Hypothesis[]): Weighed {
  const weights = hypotheses.map(({ weight }) => weight);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const all = sum + LIMITS.somethingElse * Math.max(0, ...weights);
  return {
    all,
    byCause: shares(hypotheses, ({ cause }) => cause, all),
    byPattern: shares(hypotheses, ({ pattern }) => pattern, all),
  };
}

export type Weighed = {
  readonly all: number;
  readonly byCause: ReadonlyMap<Cause, number>;
  readonly byPattern: ReadonlyMap<Pattern | null, number>;
};

function shares<Key>(
  hypotheses: readonly Hypothesis[],
  keyOf: (hypothesis: Hypothesis) => Key,
  all: number,
): Map<Key, number> {
  const found = new Map<Key, number>();
  for (const hypothesis of hypotheses) {
    if (hypothesis.weight === 0) continue;
    const key = keyOf(hypothesis);
    found.set(key, (found.get(key) ?? 0) + hypothesis.weight / all);
  }
  return found;
}

function top<Key>(found: ReadonlyMap<Key, number>): [Key, number] | undefined {
  return [...found].toSorted(([, a], [, b]) => b - a)[0];
}

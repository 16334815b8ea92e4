import { BIN_MS } from "./batch-cadence.ts";

/**
 * The runs of an integration that brings refunds in batches.
 *
 * A refund that a run passed over is told from one that waits for its first run, although both may
 * have waited equally long. Where the times are not known exactly, a run counts only if it surely
 * began after the settlement. Milliseconds since 1970.
 */
export class Runs {
  readonly #runs: readonly Run[];

  constructor(runs: readonly Run[]) {
    this.#runs = runs;
  }

  /** How many runs there were since this settlement. */
  since(settled: Span): number {
    return this.#runs.length - this.#firstAfter(settled);
  }

  /** How many runs passed over a refund before the one that brought it. */
  passedOver(settled: Span, arrived: Span): number {
    return Math.max(0, this.#indexOf(arrived) - this.#firstAfter(settled));
  }

  /** The runs that brought a refund of these. */
  thatBrought(arrivals: readonly Span[]): Runs {
    const kept = new Set(arrivals.map((arrived) => this.#indexOf(arrived)));
    return new Runs(this.#runs.filter((_, index) => kept.has(index)));
  }

  #firstAfter({ to }: Span): number {
    return firstIndex(this.#runs, ({ from }) => from >= to);
  }

  #indexOf({ from }: Span): number {
    return firstIndex(this.#runs, ({ to }) => to >= from);
  }
}

type Run = { readonly from: number; readonly to: number };
/** An instant that is known to be between these two. */
export type Span = { readonly from: number; readonly to: number };

/**
 * Null where documents come so often that runs cannot be told apart.
 *
 * @param bins five-minute intervals since 1970 in which the integration made a document, ascending
 */
export function findRuns(bins: readonly number[]): Runs | null {
  const runs = joined(bins, ONE_RUN_MS);
  const gaps = runs.slice(1).map(({ from }, index) => from - (runs[index]?.from ?? from));
  const usual = median(gaps);
  const running = runs.reduce((sum, { from, to }) => sum + to - from, 0);
  const whole = (runs.at(-1)?.to ?? 0) - (runs[0]?.from ?? 0);
  return usual >= LEAST_GAP_MS && running <= whole * LONGEST_SHARE ? new Runs(runs) : null;
}

/** Intervals with less than `gapMs` between them are one. */
export function joined(bins: readonly number[], gapMs: number): readonly Run[] {
  const runs: { from: number; to: number }[] = [];
  for (const bin of bins) {
    const [from, to] = [bin * BIN_MS, (bin + 1) * BIN_MS];
    const last = runs.at(-1);
    if (last !== undefined && from - last.to < gapMs) last.to = to;
    else runs.push({ from, to });
  }
  return runs;
}

export function median(values: readonly number[]): number {
  const inOrder = values.toSorted((a, b) => a - b);
  return inOrder[Math.floor(inOrder.length / 2)] ?? 0;
}

function firstIndex(runs: readonly Run[], holds: (run: Run) => boolean): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const run = runs[middle];
    if (run !== undefined && holds(run)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const ONE_RUN_MS = 75 * 60_000;
const LEAST_GAP_MS = 3 * 3_600_000;
/** All runs together take at most this share of the time. */
const LONGEST_SHARE = 0.25;

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
 * The fewest runs that explain these arrivals, without those that only brought what somebody sent
 * again: a run brings most refunds that were settled since the one before. Null where documents come
 * so often that runs cannot be told apart.
 *
 * @param bins five-minute intervals since 1970 in which the integration made a document, ascending;
 *   also those of other paths
 */
export function findRuns(brought: readonly Brought[], bins: readonly number[]): Runs | null {
  const all = joined(
    fewestBins(
      brought.map(({ arrived }) => arrived),
      bins,
    ),
    ONE_RUN_MS,
  );
  const { runs, explained } = ofNewRefunds(all, brought);
  const refunds = brought.reduce((sum, { count }) => sum + count, 0);
  if (explained < refunds * LEAST_EXPLAINED) return null;
  const gaps = runs.slice(1).map(({ from }, index) => from - (runs[index]?.from ?? from));
  const usual = median(gaps);
  const running = runs.reduce((sum, { from, to }) => sum + to - from, 0);
  const whole = (runs.at(-1)?.to ?? 0) - (runs[0]?.from ?? 0);
  return usual >= LEAST_GAP_MS && running <= whole * LONGEST_SHARE ? new Runs(runs) : null;
}

export type Brought = { readonly settled: Span; readonly arrived: Span; readonly count: number };

/** `explained`: how many refunds these runs brought. */
function ofNewRefunds(
  runs: readonly Run[],
  brought: readonly Brought[],
): { readonly runs: readonly Run[]; readonly explained: number } {
  const inOrder = brought.toSorted((a, b) => a.settled.to - b.settled.to);
  const kept: Run[] = [];
  let first = 0;
  let explained = 0;
  for (const run of runs) {
    let [refunds, own, next] = [0, 0, first];
    for (; (inOrder[next]?.settled.to ?? Infinity) <= run.from; next += 1) {
      const { arrived, count } = inOrder[next] ?? NONE;
      refunds += count;
      if (arrived.from <= run.to && arrived.to >= run.from) own += count;
    }
    if (refunds === 0 || own < refunds / 2) continue;
    kept.push(run);
    explained += own;
    first = next;
  }
  return { runs: kept, explained };
}

const NONE: Brought = { settled: { from: 0, to: 0 }, arrived: { from: 0, to: 0 }, count: 0 };

/** Every arrival is within its span, and each chosen interval is the last one that a span allows. */
function fewestBins(arrivals: readonly Span[], bins: readonly number[]): readonly number[] {
  const chosen: number[] = [];
  let last = -Infinity;
  let at = 0;
  for (const { from, to } of arrivals.toSorted((a, b) => a.to - b.to)) {
    if (last >= from) continue;
    while ((bins[at + 1] ?? Infinity) * BIN_MS <= to) at += 1;
    const bin = bins[at] ?? 0;
    last = (bin + 1) * BIN_MS;
    if (chosen.at(-1) !== bin) chosen.push(bin);
  }
  return chosen;
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
/** Runs that bring fewer of all refunds do not describe the integration. */
const LEAST_EXPLAINED = 0.8;
const LEAST_GAP_MS = 3 * 3_600_000;
/** All runs together take at most this share of the time. */
const LONGEST_SHARE = 0.25;

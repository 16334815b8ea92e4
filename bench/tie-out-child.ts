import { join } from "node:path";

import { tieOutAll } from "../lambdas/refund/tie-out/tie-out-all.ts";
import { BENCH_NOW, BENCH_POLICY, writeWorld } from "./tie-out-data.ts";
import { joinAndClassify, loadedTables } from "./tie-out-duckdb.ts";
import { blocksOf, linesOf } from "./tie-out-lines.ts";
import { observationsIn, tieOutPages } from "./tie-out-pages.ts";
import { WORST_CASES, worstCaseMs } from "./tie-out-worst.ts";

/**
 * Runs one measurement in its own process, so that no measurement affects the speed or the memory
 * of another. Prints one line of JSON. `tie-out-child <what> <dir> <count>`.
 */
const [what = "", dir = "", count = "0"] = process.argv.slice(2);

const MEASUREMENTS: Readonly<Record<string, () => Promise<object> | object>> = {
  write: async () => {
    await writeWorld(dir, Number(count));
    return {};
  },
  /** Reading lines and `JSON.parse`: the minimum for any JavaScript reader. */
  floor: () =>
    cpuOf(() => {
      let lines = 0;
      for (const file of filesOf(dir)) {
        for (const line of linesOf(file)) if (JSON.parse(line) !== null) lines++;
      }
      return { lines };
    }),
  pages: () => cpuOf(() => ({ records: tieOutPages(dir).length })),
  /** The tie-out alone: everything is parsed before the measurement starts. */
  parsed: () => {
    const observations = observationsIn(dir);
    return cpuOf(() => ({
      records: tieOutAll(observations, BENCH_POLICY, BENCH_NOW).length,
    }));
  },
  duckdb: async () => {
    const connection = await loadedTables(dir);
    const before = process.cpuUsage();
    await joinAndClassify(connection);
    const { user, system } = process.cpuUsage(before);
    return { cpuMs: (user + system) / 1_000 };
  },
  worst: () => {
    const sizes = [Number(count), Number(count) * 10];
    const measured: Record<string, readonly number[]> = {};
    for (const name of namesOf(WORST_CASES)) {
      worstCaseMs(name, 2_000); // so that the code is compiled before the measurement
      measured[name] = sizes.map((size) => worstCaseMs(name, size));
    }
    return { told: measured };
  },
};

const measure = MEASUREMENTS[what];
if (measure === undefined) throw new Error(`no measurement ${what}`);
const measured = await measure();
const peakMb = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(`${JSON.stringify({ ...measured, peakMb })}\n`);

function cpuOf<Result extends object>(work: () => Result): Result & { readonly cpuMs: number } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { ...result, cpuMs: (user + system) / 1_000 };
}

function filesOf(from: string): readonly string[] {
  return Array.from({ length: blocksOf(from) }, (_, block) => [
    join(from, `refunds-${block}.ndjson`),
    join(from, `documents-${block}.ndjson`),
  ]).flat();
}

function namesOf<Cases extends object>(cases: Cases): (keyof Cases & string)[] {
  const names: (keyof Cases & string)[] = [];
  for (const name in cases) names.push(name);
  return names;
}

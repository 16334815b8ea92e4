import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { build } from "esbuild";
import * as z from "zod";

import type { Figure } from "./figure.ts";

/**
 * Measures the speed and memory of the product's own tie-out on generated data, each measurement in
 * its own process: from pages and from parsed observations. It is compared with `JSON.parse` alone
 * of the same pages and with DuckDB's plain join of the same rows in loaded tables.
 *
 * @param sizes refunds of the two worlds; the second ten times the first
 */
export async function tieOutBench(
  sizes: readonly [number, number] = [25_000, 250_000],
): Promise<readonly Figure[]> {
  const work = mkdtempSync(join(tmpdir(), "tie-out-bench-"));
  try {
    const child = await bundled();
    const small = await measured(child, join(work, "small"), sizes[0]);
    const large = await measured(child, join(work, "large"), sizes[1]);
    const worst = worstSchema.parse(
      await run(child, ["worst", work, String(sizes[0] / 2.5)], 4_096),
    );
    return [
      figure("tieOutCpuVsDuckdb.250k", large.parsed / large.duckdb, "ratio", 1),
      figure("tieOutCpuVsJsonParse.250k", large.pages / large.floor, "ratio", 1.5),
      figure("tieOutPeakMb.250k", large.peakMb, "MB", 300),
      figure("tieOutScaling", large.pages / small.pages, "ratio", 11),
      ...Object.entries(worst.told).map(([name, [one = 1, ten = 0]]) =>
        figure(`tieOutWorstCaseScaling.${name}`, ten / one, "ratio", 11),
      ),
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

type Measured = {
  readonly floor: number;
  readonly pages: number;
  readonly peakMb: number;
  readonly parsed: number;
  readonly duckdb: number;
};

async function measured(child: string, dir: string, count: number): Promise<Measured> {
  await run(child, ["write", dir, String(count)], 2_048);
  const floor = cpuSchema.parse(await run(child, ["floor", dir], 256));
  const pages = cpuSchema.parse(await run(child, ["pages", dir], 4_096, ROOMY));
  const parsed = cpuSchema.parse(await run(child, ["parsed", dir], 4_096, ROOMY));
  const duckdb = cpuSchema.parse(await run(child, ["duckdb", dir], 2_048));
  rmSync(dir, { recursive: true, force: true });
  return {
    floor: floor.cpuMs,
    pages: pages.cpuMs,
    peakMb: pages.peakMb,
    parsed: parsed.cpuMs,
    duckdb: duckdb.cpuMs,
  };
}

/** Bundled like the Lambdas: otherwise the work of a compiling loader would be measured too. */
async function bundled(): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  // In the folder of the dependencies: the native one is not bundled, and Node finds it from there.
  const outfile = join(here, "..", "node_modules", ".cache", "tie-out-bench", "child.mjs");
  await build({
    entryPoints: [join(here, "tie-out-child.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    external: ["@duckdb/node-api"],
    logLevel: "error",
  });
  return outfile;
}

async function run(
  child: string,
  words: readonly string[],
  heapMb: number,
  young: string = YOUNG,
): Promise<unknown> {
  const options = [`--max-old-space-size=${heapMb}`, young, "--no-warnings", child, ...words];
  const { stdout } = await promisify(execFile)(process.execPath, options, { maxBuffer: 1 << 20 });
  return JSON.parse(stdout);
}

function figure(name: string, value: number, unit: string, most: number): Figure {
  const rounded = Math.round(value * 100) / 100;
  return { name, value: rounded, unit, goal: `at most ${most}`, met: rounded <= most };
}

/** Frequent small collections of garbage: half of the default size saves 24 MB of unused memory. */
const YOUNG = "--max-semi-space-size=8";

/**
 * Where only speed is measured, both worlds get the same large size, because DuckDB has no cost of
 * garbage collection either.
 */
const ROOMY = "--max-semi-space-size=64";

const cpuSchema = z.object({ cpuMs: z.number(), peakMb: z.number() });
const worstSchema = z.object({ told: z.record(z.string(), z.array(z.number())) });

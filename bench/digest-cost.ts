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
 * The cost of the digest with 3,000 and 100,000 refunds in its 30 days: the first one, which rolls up
 * every day; the next morning's; and one with late arrivals on eight older days, which are rolled up
 * again. Time is given as a ratio to reading and parsing the whole log in the same run; each digest
 * has its own process, and the peak of its memory is shown.
 */
export async function digestBench(): Promise<readonly Figure[]> {
  const child = await bundled();
  const figures: Figure[] = [];
  for (const refunds of [3_000, 100_000]) {
    const folder = mkdtempSync(join(tmpdir(), "digest-bench-"));
    try {
      await run(child, "write", folder, refunds);
      const floor = await run(child, "floor", folder, refunds);
      for (const what of ["first", "steady", "late"]) {
        const { cpuMs, peakMb } = await run(child, what, folder, refunds);
        const name = `digest.${what}.${refunds / 1_000}k`;
        figures.push(figure(`${name}.vsParsingTheLog`, cpuMs / floor.cpuMs, "ratio", null));
        figures.push(figure(`${name}.peakMb`, peakMb, "MB", MOST_MB));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return figures;
}

async function run(child: string, what: string, folder: string, refunds: number) {
  // As in a function of 1,024 MB: without a limit, Node leaves garbage in memory.
  const words = ["--max-old-space-size=600", "--no-warnings", child, what, folder, String(refunds)];
  const { stdout } = await promisify(execFile)(process.execPath, words, { maxBuffer: 1 << 20 });
  return measuredSchema.parse(JSON.parse(stdout));
}

async function bundled(): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  const outfile = join(here, "..", "node_modules", ".cache", "digest-bench", "child.mjs");
  await build({
    entryPoints: [join(here, "digest-child.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  return outfile;
}

function figure(name: string, value: number, unit: string, most: number | null): Figure {
  const rounded = Math.round(value * 100) / 100;
  const goal = most === null ? "none set" : `at most ${most}`;
  return { name, value: rounded, unit, goal, met: most === null || rounded <= most };
}

/** The digest's function has 1,024 MB. */
const MOST_MB = 800;
const measuredSchema = z.object({ cpuMs: z.number(), peakMb: z.number() });

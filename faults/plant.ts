import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import * as z from "zod";

import type { PlantedBug } from "./planted.ts";
import { FAULT_KINDS } from "./suite.ts";
import type { Plan } from "./suite.ts";

export type Caught = {
  /** How many schedules ran until its checker found it; null if the checker did not find it. */
  readonly after: number | null;
  /** The first problem that the checker reported. */
  readonly said: string;
};

/**
 * Builds the suite with the bug in the product's code, and runs schedules until the bug's checker
 * finds it.
 *
 * @throws when the code that the bug changes does not occur exactly once
 */
export async function catchBug(bug: PlantedBug, seed: number): Promise<Caught> {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `planted-${process.pid}-${seed}.mjs`);
  await buildWith(bug, file);
  try {
    const plans = plansFor(bug, seed);
    const args = [file, JSON.stringify(plans), bug.caughtBy];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      maxBuffer: 64 * 1024 * 1024,
    });
    const outcomes = stdout.trim().split("\n");
    for (const [index, line] of outcomes.entries()) {
      const { problems } = outcomeSchema.parse(JSON.parse(line));
      const said = problems.find((one) => one.startsWith(`${bug.caughtBy} `));
      if (said !== undefined) return { after: index + 1, said };
    }
    return { after: null, said: `${outcomes.length} schedules were run.` };
  } finally {
    rmSync(file, { force: true });
  }
}

function plansFor({ rows }: PlantedBug, seed: number): readonly Plan[] {
  const kinds = FAULT_KINDS.flatMap(({ row }, kind) => (rows.includes(row) ? [kind] : []));
  return Array.from({ length: MOST_SCHEDULES }, (_, turn) => ({
    seed: seed + turn,
    kind: rows.length === 0 ? "none" : (kinds[turn % kinds.length] ?? "none"),
  }));
}

async function buildWith({ name, changes }: PlantedBug, outfile: string): Promise<void> {
  const planted = new Set<string>();
  await build({
    entryPoints: [fileURLToPath(new URL("child.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
    plugins: [
      {
        name: "plant",
        setup: (building) => {
          building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const own = relative(ROOT, path);
            let contents = readFileSync(path, "utf8");
            for (const { file, find, replace } of changes) {
              if (file !== own) continue;
              if (contents.split(find).length !== 2) {
                throw new Error(`${name}: ${file} does not contain this exactly once: ${find}`);
              }
              contents = contents.replace(find, () => replace);
              planted.add(file);
            }
            // The code looks for files in the folder of its source file, not of the bundle.
            const here = JSON.stringify(pathToFileURL(path).href);
            const placed = own.startsWith("lib/")
              ? contents
              : contents.replaceAll("import.meta.url", here);
            return { contents: placed, loader: "ts" };
          });
        },
      },
    ],
  });
  for (const { file } of changes) {
    if (!planted.has(file)) throw new Error(`${name}: ${file} is not part of the bundle`);
  }
}

const outcomeSchema = z.object({ problems: z.array(z.string()) });
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = join(ROOT, "node_modules/.cache/refund-watch");
const MOST_SCHEDULES = 24;

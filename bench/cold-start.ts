import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

import { ERP_PLATFORMS, STOREFRONT_PLATFORMS } from "../lambdas/platforms.ts";
import { ENV } from "../lambdas/names.ts";
import { readBrandFile } from "../lib/brand-file.ts";
import { bundle, bundleJobs } from "../lib/bundle.ts";
import type { Figure } from "./figure.ts";

/**
 * Measures the size and the load time of each Lambda, compared with an empty handler with only
 * client-dynamodb, bundled by plain esbuild. All are loaded in turn, each time in a new process;
 * the figures are medians.
 */
export async function coldStartBench(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "refund-watch-bench-"));
  try {
    await bundleJobs(folder);
    await bundleEmpty(join(folder, EMPTY));
    const jobs = readdirSync(folder).filter((name) => name !== EMPTY);
    const platforms = PLATFORMS.map((path) => `pull+${basename(path)}`);
    await Promise.all(PLATFORMS.map(async (path) => bundleWith(path, folder)));
    const loads = medianLoads(folder, [EMPTY, ...jobs, ...platforms]);
    const empty = { ms: loads.get(EMPTY) ?? 0, kb: kilobytes(join(folder, EMPTY)) };
    const ratio = (name: string): Figure =>
      figure(`coldStartRatio.${name}`, (loads.get(name) ?? 0) / empty.ms, "ratio", AT_MOST);
    return [
      ...jobs.flatMap((job) => [
        ratio(job),
        figure(`bundleKb.${job}`, kilobytes(join(folder, job)), "KB", AT_MOST * empty.kb),
      ]),
      ...platforms.map(ratio),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The pull job with the code of one platform, which it loads when it is first needed. */
async function bundleWith(path: string, folder: string): Promise<void> {
  const name = `pull+${basename(path)}`;
  const entry = join(folder, `${name}.ts`);
  const root = fileURLToPath(new URL("..", import.meta.url));
  const files = ["lambdas/jobs/pull.ts", `lambdas/systems/${path}/${basename(path)}.ts`];
  writeFileSync(
    entry,
    files.map((file) => `export * from ${JSON.stringify(join(root, file))};`).join("\n"),
  );
  await bundle(entry, join(folder, name));
  rmSync(entry);
}

const PLATFORMS = [
  ...STOREFRONT_PLATFORMS.map((name) => `storefront/${name}`),
  ...ERP_PLATFORMS.map((name) => `erp/${name}`),
];
const EMPTY = "empty";
const AT_MOST = 1.5;
const RUNS = 15;

/** Bundled with common options, without this project's own methods to make bundles small. */
async function bundleEmpty(into: string): Promise<void> {
  const entry = `
    import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
    const client = new DynamoDBClient({});
    export const handler = (event) => client.send(new GetItemCommand(event));`;
  await build({
    stdin: { contents: entry, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    outfile: join(into, "index.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    mainFields: ["module", "main"],
    minify: true,
    banner: {
      js: "import{createRequire as __require}from'node:module';const require=__require(import.meta.url);",
    },
    logLevel: "error",
  });
}

/** Loads them in turn, so that other work of the machine affects all of them equally. */
function medianLoads(folder: string, names: readonly string[]): ReadonlyMap<string, number> {
  const probe = join(folder, EMPTY, "probe.mjs");
  mkdirSync(join(folder, EMPTY), { recursive: true });
  writeFileSync(probe, PROBE);
  const loads = new Map(names.map((name): [string, number[]] => [name, []]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const [name, times] of loads) {
      times.push(loadMs(probe, join(folder, name, "index.mjs")));
    }
  }
  rmSync(probe);
  return new Map([...loads].map(([name, times]) => [name, median(times)]));
}

const PROBE = `
  const from = performance.now();
  await import(process.argv[2]);
  process.stdout.write(String(performance.now() - from), () => process.exit(0));`;

function loadMs(probe: string, file: string): number {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--no-warnings", probe, pathToFileURL(file).href],
    { env: { ...process.env, ...SETTINGS }, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`${file} does not load: ${stderr}`);
  return Number(stdout);
}

const SETTINGS = {
  AWS_REGION: "us-east-1",
  [ENV.brand]: JSON.stringify(
    readBrandFile(fileURLToPath(new URL("../brands/acme.yaml", import.meta.url))),
  ),
};

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[times.length >> 1] ?? 0;
}

function kilobytes(folder: string): number {
  const sizes = readdirSync(folder).map((file) => statSync(join(folder, file)).size);
  return sizes.reduce((total, size) => total + size, 0) / 1_024;
}

function figure(name: string, measured: number, unit: string, goal: number): Figure {
  const value = Number(measured.toFixed(2));
  return { name, value, unit, goal: `at most ${Number(goal.toFixed(2))}`, met: value <= goal };
}

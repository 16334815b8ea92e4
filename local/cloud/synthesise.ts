import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { readBrandFile } from "../../lib/brand-file.ts";
import type { StackFiles } from "./functions.ts";
import { parseTemplate } from "./template.ts";

/**
 * Synthesises the stack of one brand file and bundles its Lambdas, as `cdk deploy` does.
 *
 * The result is kept in `cacheDir` under a hash of all its inputs, so that a second call only reads
 * a file. Results of older sources are removed after a day.
 *
 * @throws BrandFileError when the file is not a brand file
 */
export async function synthesise(brandFile: string, cacheDir: string): Promise<StackFiles> {
  const { brand } = readBrandFile(brandFile);
  const key = hashOf([brandFile, ...sources()]);
  const assembly = join(cacheDir, key);
  if (!existsSync(assembly)) await make(brandFile, cacheDir, assembly);
  const stack = `refund-watch-${brand}`;
  const text = readFileSync(join(assembly, `${stack}.template.json`), "utf8");
  return { stack, template: parseTemplate(JSON.parse(text)), assets: assembly };
}

async function make(brandFile: string, cacheDir: string, assembly: string): Promise<void> {
  mkdirSync(cacheDir, { recursive: true });
  removeOld(cacheDir);
  const work = mkdtempSync(join(cacheDir, "making-"));
  const outdir = join(work, "assembly");
  // Imported here, because a run that finds a finished stack needs neither the CDK nor esbuild.
  const { bundleJobs } = await import("../../lib/bundle.ts");
  const { synthesiseBrands } = await import("../../lib/synthesise-brands.ts");
  const assets = join(work, "bundles");
  await bundleJobs(assets);
  await synthesiseBrands([brandFile], { assets, outdir, reviewed: false });
  // A rename is atomic: a killed run leaves no incomplete result. Of two runs at once, one wins.
  if (!existsSync(assembly)) renameSync(outdir, assembly);
  rmSync(work, { recursive: true });
}

/** Removes results that are older than a day: no run can still use them. */
function removeOld(cacheDir: string): void {
  for (const name of readdirSync(cacheDir)) {
    const entry = join(cacheDir, name);
    const age = Date.now() - (statSync(entry, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > A_DAY_MS) rmSync(entry, { recursive: true, force: true });
  }
}

function sources(): readonly string[] {
  const files = ["lib", "lambdas"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return [...files.toSorted(), join(ROOT, "package-lock.json")];
}

function hashOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file)).update("\0");
  return hash.digest("hex").slice(0, 16);
}

const A_DAY_MS = 86_400_000;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

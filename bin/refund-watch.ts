import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { brandFilesIn } from "../lib/brand-file.ts";
import { bundleJobs } from "../lib/bundle.ts";
import { synthesiseBrands } from "../lib/synthesise-brands.ts";

// The CDK app: one stack for every file in brands/, or in the folder that BRANDS_DIR names.
const folder = process.env["BRANDS_DIR"] ?? join(import.meta.dirname, "..", "brands");
const assets = mkdtempSync(join(tmpdir(), "refund-watch-bundles-"));
try {
  await bundleJobs(assets);
  await synthesiseBrands(brandFilesIn(resolve(folder)), { assets, reviewed: true });
} finally {
  rmSync(assets, { recursive: true, force: true }); // synthesis has copied what it needs
}

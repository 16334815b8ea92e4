import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { coldStartBench } from "./cold-start.ts";
import { demoBench } from "./demo-time.ts";
import { digestBench } from "./digest-cost.ts";
import { platformRequestsBench } from "./platform-requests.ts";
import { shopifyPointsBench } from "./shopify-points.ts";
import { tieOutBench } from "./tie-out.ts";
import { tableBench } from "./table-units.ts";
import type { Figure } from "./figure.ts";

/** Runs every benchmark (or the named ones) and prints each figure with its goal. */
const BENCHES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  table: tableBench,
  "cold-start": coldStartBench,
  "tie-out": tieOutBench,
  digest: digestBench,
  "shopify-points": shopifyPointsBench,
  "platform-requests": platformRequestsBench,
  demo: demoBench,
};

const words = process.argv.slice(2);
const named = words.filter((word) => word in BENCHES);
const figures: Figure[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (named.length > 0 && !named.includes(name)) continue;
  for (const figure of await bench()) {
    figures.push(figure);
    const verdict = figure.met ? "met" : "MISSED";
    process.stdout.write(
      `${figure.name.padEnd(40)} ${String(figure.value).padStart(12)} ${figure.unit.padEnd(10)} goal ${figure.goal}: ${verdict}\n`,
    );
  }
}

if (words.includes("--json")) {
  const file = join(dirname(fileURLToPath(import.meta.url)), "results.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
}

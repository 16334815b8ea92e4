import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

import { cruise } from "dependency-cruiser";
import type { ICruiseOptions, ICruiseResult, IViolation } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { describe, expect, it } from "vitest";

const ROOTS = ["bin", "cli", "lib", "lambdas", "local", "test", "bench", "faults"];
const PRODUCT = ["bin", "cli", "lib", "lambdas", "local"];

/** One forbidden import for each law, from a file to a file. */
const BREACHES: Readonly<Record<string, readonly [from: string, to: string]>> = {
  "no-circles": ["cli/one.ts", "cli/two.ts"],
  "refund-knows-nobody": ["lambdas/refund/record/a.ts", "lambdas/ledger/b.ts"],
  "systems-and-aws-are-strangers": ["lambdas/systems/c.ts", "lambdas/aws/d.ts"],
  "only-aws-speaks-aws": ["lambdas/ledger/e.ts", "node_modules/@aws-sdk/client-s3/index.js"],
  "lambdas-do-not-carry-the-cdk": ["lambdas/jobs/f.ts", "lib/g.ts"],
  "lib-reads-only-names-from-lambdas": ["lib/h.ts", "lambdas/ledger/i.ts"],
  "nobody-imports-a-job": ["cli/j.ts", "lambdas/jobs/k.ts"],
  "jobs-do-not-call-jobs": ["lambdas/jobs/l.ts", "lambdas/jobs/m.ts"],
  "only-money-knows-decimal": ["lambdas/refund/record/n.ts", "node_modules/decimal.js/index.js"],
  "no-test-in-the-product": ["lambdas/o.ts", "test/p.ts"],
  "the-life-and-the-detectors-are-strangers": ["local/life/q.ts", "lambdas/r.ts"],
  "the-detectors-know-no-life": ["lambdas/s.ts", "local/t.ts"],
  "values-know-nobody": ["lambdas/refund/money/u.ts", "lambdas/refund/time/v.ts"],
  "observation-knows-no-record": ["lambdas/refund/observation/w.ts", "lambdas/refund/record/x.ts"],
  "record-knows-no-rule": ["lambdas/refund/record/y.ts", "lambdas/refund/tie-out/z.ts"],
  "matching-and-comparing-are-strangers": [
    "lambdas/refund/tie-out/matching/a.ts",
    "lambdas/refund/tie-out/comparing/b.ts",
  ],
  "only-tie-out-takes-the-fast-path": [
    "lambdas/ledger/c.ts",
    "lambdas/refund/tie-out/fast-path/d.ts",
  ],
  "the-fast-path-does-not-match": [
    "lambdas/refund/tie-out/fast-path/e.ts",
    "lambdas/refund/tie-out/matching/f.ts",
  ],
  "tie-out-and-diagnosis-are-strangers": [
    "lambdas/refund/diagnosis/knowledge/g.ts",
    "lambdas/refund/tie-out/h.ts",
  ],
  "diagnosis-goes-one-way-features": diagnosis("features", "rounding"),
  "diagnosis-goes-one-way-rounding": diagnosis("rounding", "rollup"),
  "diagnosis-goes-one-way-rollup": diagnosis("rollup", "patterns"),
  "diagnosis-goes-one-way-patterns": diagnosis("patterns", "knowledge"),
  "diagnosis-goes-one-way-knowledge": diagnosis("knowledge", "hypotheses"),
  "diagnosis-goes-one-way-hypotheses": diagnosis("hypotheses", "cohorts"),
  "diagnosis-goes-one-way-cohorts": diagnosis("cohorts", "questions"),
  "diagnosis-goes-one-way-questions": diagnosis("questions", "repairs"),
  "diagnosis-goes-one-way-repairs": diagnosis("repairs", "."),
  "alerts-know-no-diagnosis": ["lambdas/refund/alerts/i.ts", "lambdas/refund/diagnosis/j.ts"],
  "nobody-imports-alerts-or-summary": ["lambdas/refund/record/k.ts", "lambdas/refund/summary/l.ts"],
  "the-store-knows-no-plan": ["lambdas/ledger/store/m.ts", "lambdas/ledger/n.ts"],
  "only-jobs-take-in": ["lambdas/ledger/o.ts", "lambdas/ledger/intake/p.ts"],
  "platforms-are-strangers": [
    "lambdas/systems/erp/netsuite/q.ts",
    "lambdas/systems/storefront/shopify/r.ts",
  ],
  "only-connect-knows-a-platform": ["lambdas/jobs/s.ts", "lambdas/systems/erp/netsuite/t.ts"],
  "the-core-has-only-these-folders": ["lambdas/refund/newroom/u.ts", "lambdas/refund/money/v.ts"],
  "summary-imports-no-tie-out": ["lambdas/refund/summary/w.ts", "lambdas/refund/tie-out/x.ts"],
  "reports-read-the-core-alone": ["lambdas/reports/y.ts", "lambdas/ledger/z.ts"],
  "ledger-reads-only-what-a-source-gives": ["lambdas/ledger/aa.ts", "lambdas/systems/bb.ts"],
  "only-jobs-and-commands-open-aws": ["lambdas/reports/cc.ts", "lambdas/aws/dd.ts"],
  "the-product-knows-no-command": ["local/ee.ts", "cli/ff.ts"],
  resolves: ["cli/u.ts", "cli/nowhere.ts"],
};

describe("the laws of the house", () => {
  it("are kept by every file that there is", { timeout: 60_000 }, async () => {
    const { modules, summary } = await cruised(ROOTS, await lawsOfTheHouse());
    const seen = new Set(modules.map(({ source }) => source));

    expect(filesIn(ROOTS).filter((file) => !seen.has(file))).toEqual([]);
    expect(summary.violations.map(broken)).toEqual([]);
  });

  it("each notice the import that they forbid", { timeout: 60_000 }, async () => {
    const options = await lawsOfTheHouse();
    const names = options.ruleSet?.forbidden?.map(({ name }) => name ?? "") ?? [];
    const folder = mkdtempSync(join(tmpdir(), "refund-watch-laws-"));
    try {
      for (const root of ROOTS) write(folder, `${root}/there-is-a-file.ts`, "export {};\n");
      for (const [from, to] of Object.values(BREACHES)) breach(folder, from, to);
      write(folder, "cli/two.ts", 'import "./one.ts";\n');
      const { summary } = await cruised(ROOTS, { ...options, baseDir: folder });
      const noticed = new Set(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`));
      const unnoticed = Object.entries(BREACHES).filter(
        ([name, [from]]) => !noticed.has(`${name}: ${from}`),
      );

      expect(Object.keys(BREACHES).toSorted()).toEqual(names.toSorted());
      expect(unnoticed).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("have a page that names every folder of the product's core", () => {
    const page = readFileSync("docs/architecture.md", "utf8");
    const folders = new Set(filesIn(["lambdas"]).map((file) => dirname(file)));
    const nameless = [...folders].filter((folder) => {
      const name = folder.replace(/^lambdas\/refund\//, "");
      return !page.includes(`\`${name}\``) && !page.includes(`${name}/`);
    });

    expect(nameless).toEqual([]);
    const [, road = ""] = page.split("<!-- road: begin -->");
    const named = [...road.matchAll(/`([a-z/-]+)`/g)].map(([, file = ""]) => `lambdas/${file}.ts`);
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((file) => !existsSync(file))).toEqual([]); // npm run road writes it anew
  });

  it("leave no folder of the product with more than twenty files", () => {
    const folders = new Map<string, number>();
    for (const file of filesIn(PRODUCT)) {
      folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
    }

    expect([...folders].filter(([, files]) => files > 20)).toEqual([]);
  });
});

async function lawsOfTheHouse(): Promise<ICruiseOptions> {
  return extractDepcruiseOptions("./.dependency-cruiser.mjs");
}

async function cruised(roots: string[], options: ICruiseOptions): Promise<ICruiseResult> {
  const tsConfig = extractTSConfig("./tsconfig.json");
  const { output } = await cruise(roots, options, undefined, { tsConfig });
  if (typeof output === "string") throw new Error(output);
  return output;
}

function broken({ rule, from, to }: IViolation): string {
  return `${rule.name}: ${from} -> ${to}`;
}

function breach(folder: string, from: string, to: string): void {
  const isPackage = to.startsWith("node_modules/");
  const path = relative(dirname(from), to);
  const name = isPackage ? to.replace(/^node_modules\//, "").replace(/\/index\.js$/, "") : path;
  const specifier = isPackage || path.startsWith(".") ? name : `./${path}`;
  write(folder, from, `import "${specifier}";\n`);
  if (to.endsWith("nowhere.ts")) return;
  write(folder, to, "export {};\n");
  if (isPackage) write(folder, join(dirname(to), "package.json"), '{ "main": "index.js" }\n');
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function filesIn(roots: readonly string[]): string[] {
  return roots
    .flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: "utf8" }).map((file) => join(root, file)),
    )
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));
}

function diagnosis(from: string, to: string): [string, string] {
  const name = `${from}-${to.replace(".", "root")}.ts`;
  return [
    `lambdas/refund/diagnosis/${from}/${name}`,
    join("lambdas/refund/diagnosis", to, `to-${name}`),
  ];
}

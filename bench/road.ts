import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";
import type { Plugin } from "esbuild";
import ts from "typescript";
import * as z from "zod";

/**
 * Which files one refund goes through, job by job, and how often the road comes back to a folder that
 * it had left: followed by running the jobs, and written into `docs/architecture.md`.
 */
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PAGE = join(ROOT, "docs", "architecture.md");
const [BEGIN, END] = ["<!-- road: begin -->", "<!-- road: end -->"];

const outfile = join(ROOT, "node_modules", ".cache", "road", "child.mjs");
await build({
  entryPoints: [join(ROOT, "bench", "road-child.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "error",
  plugins: [noteEachFunction()],
});
const printed = execFileSync(process.execPath, ["--no-warnings", outfile], { encoding: "utf8" });
rmSync(dirname(outfile), { recursive: true });
const roads = z.record(z.string(), z.array(z.string())).parse(JSON.parse(printed));
const page = readFileSync(PAGE, "utf8");
const [before = "", rest = ""] = page.split(BEGIN);
const [, after = ""] = rest.split(END);
writeFileSync(PAGE, `${before}${BEGIN}\n\n${told(roads)}\n${END}${after}`);
process.stdout.write(`${table(roads)}\n`);

function told(all: Readonly<Record<string, readonly string[]>>): string {
  const lists = Object.entries(all).map(
    ([job, files]) => `**${job}**: ${files.map((file) => `\`${short(file)}\``).join(" → ")}\n`,
  );
  return [table(all), "", ...lists].join("\n");
}

function table(all: Readonly<Record<string, readonly string[]>>): string {
  const rows = Object.entries(all).map(
    ([job, files]) => `| ${job} | ${files.length} | ${returnsIn(files)} |`,
  );
  return ["| job | files | returns to a folder left before |", "| --- | --- | --- |", ...rows].join(
    "\n",
  );
}

/** By the first time that each file is entered. */
function returnsIn(files: readonly string[]): number {
  const left = new Set<string>();
  let room = "";
  let returns = 0;
  for (const file of files) {
    const next = roomOf(file);
    if (next === room) continue;
    if (left.has(next)) returns += 1;
    left.add(room);
    room = next;
  }
  return returns;
}

/** `lambdas/refund/tie-out` of `lambdas/refund/tie-out/matching/matches.ts`: the third level counts as one. */
function roomOf(file: string): string {
  return dirname(file).split("/").slice(0, 3).join("/");
}

function short(file: string): string {
  return file.replace(/^lambdas\//, "").replace(/\.ts$/, "");
}

/** Puts a call of `enter` at the start of every function of the product. */
function noteEachFunction(): Plugin {
  return {
    name: "note-each-function",
    setup: (building) => {
      building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const file = relative(ROOT, path);
        const source = readFileSync(path, "utf8");
        const contents = file.startsWith("lambdas/") ? noted(source, file) : source;
        return { contents: whereItWas(contents, path), loader: "ts" };
      });
    },
  };
}

/** A bundle lies elsewhere than the files that it is made of. */
function whereItWas(source: string, path: string): string {
  return source
    .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
    .replaceAll("import.meta.dirname", JSON.stringify(dirname(path)));
}

function noted(source: string, file: string): string {
  const places: number[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      if (ts.isBlock(node.body)) places.push(node.body.getStart() + 1);
    }
    ts.forEachChild(node, walk);
  };
  walk(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  let text = source;
  for (const at of places.toSorted((a, b) => b - a)) {
    text = `${text.slice(0, at)} globalThis.enter?.(${JSON.stringify(file)});${text.slice(at)}`;
  }
  return text;
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { typed } from "./captured.ts";

const folder = mkdtempSync(join(tmpdir(), "refund-watch-readme-"));
const state = join(folder, "demo");

beforeAll(async () => {
  const { code, err } = await typed("demo", "--state", state);
  if (code !== 0) throw new Error(err);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("runs each example of the README as it is printed there", { timeout: 300_000 }, () => {
  const examples = examplesOf(readFileSync("README.md", "utf8"));
  expect(examples.length).toBeGreaterThan(4);
  for (const example of examples) {
    const command = example.replaceAll(".refund-watch/demo", state);
    const { status, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
    expect([example, status, stderr]).toEqual([example, 0, expect.any(String)]);
  }
});

/** Those about the demo's state, and those that need none: the others need a system of one's own. */
function examplesOf(readme: string): readonly string[] {
  const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  return blocks
    .flatMap((block) => block.trim().split("\n"))
    .filter((line) => line.includes(".refund-watch/demo") || line.includes("-- triage"));
}

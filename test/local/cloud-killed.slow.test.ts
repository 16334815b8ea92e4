import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";

import { startCloud } from "../../local/cloud/cloud.ts";
import type { CloudOptions } from "../../local/cloud/cloud.ts";
import { assembled } from "./cloud-suite.ts";

const folder = mkdtempSync(join(tmpdir(), "killed-cloud-"));
let assembly: Awaited<ReturnType<typeof assembled>>;
beforeAll(async () => {
  assembly = await assembled(folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const RUNS = 3;

/** Ends when the cloud's own process and every process that it started have closed their output. */
async function killedAfterWriting(options: CloudOptions): Promise<readonly string[]> {
  const cloud = spawn(
    process.execPath,
    ["--import", "tsx", "test/fixtures/cloud-to-kill.ts", JSON.stringify(options), String(RUNS)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const closed = new Promise((done) => cloud.once("close", done));
  const lines: string[] = [];
  for await (const line of createInterface({ input: cloud.stdout })) {
    lines.push(line);
    if (lines.length === RUNS) cloud.kill("SIGKILL");
  }
  await closed;
  return lines;
}

it.each([
  ["the database of this machine", {}],
  ["dynalite", { database: "dynalite" }],
] as const)(
  "what a function wrote is there after the cloud on %s was killed",
  async (name, database) => {
    const stateDir = join(folder, name);
    const secrets = { "acme/shopify": { accessToken: "one" } };
    const options = { ...assembly, stateDir, secrets };
    const said = await killedAfterWriting({ ...options, ...database });

    const cloud = await startCloud(options);
    const [schedule] = cloud.schedules();
    const kept = [];
    for (let run = 0; run < RUNS; run += 1) {
      const order = { do: "read", key: `raw/${run}.json` };
      kept.push(await cloud.invoke(schedule?.functionLogicalId ?? "", order));
    }
    await cloud.stop();

    expect(said).toHaveLength(RUNS);
    expect(kept).toEqual(
      [0, 1, 2].map((run) => ({
        ok: true,
        result: { item: `body ${run}`, object: `body ${run}` },
      })),
    );
    const outbox = readFileSync(join(stateDir, "outbox.ndjson"), "utf8").trimEnd().split("\n");
    expect(outbox).toHaveLength(RUNS);
  },
  30_000,
);

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";

import { assembled, cloudKeepsItsPromises } from "./cloud-suite.ts";

const folder = mkdtempSync(join(tmpdir(), "local-cloud-"));
let assembly: Awaited<ReturnType<typeof assembled>>;
beforeAll(async () => {
  assembly = await assembled(folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("the local cloud on the database of this machine", () => {
  cloudKeepsItsPromises(folder, () => assembly, undefined);
});

describe("the local cloud on dynalite", () => {
  cloudKeepsItsPromises(folder, () => assembly, "dynalite");
});

import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { startDatabase, StateNeedsJava } from "../../local/cloud/database/database.ts";

describe("the database of a state folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "database-"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it("is dynalite where there is no Java, and says so", async () => {
    vi.stubEnv("PATH", folder);
    const database = await startDatabase(join(folder, "state"));
    await database.stop();

    expect(database.label).toBe("dynalite 4.0.0 (java: spawn java ENOENT)");
  });

  it("is dynalite where Java cannot run DynamoDB Local, and says what Java said", async () => {
    const java = join(folder, "java");
    writeFileSync(java, "#!/bin/sh\necho 'error: no compiler in this runtime' >&2\nexit 2\n");
    chmodSync(java, 0o755);
    vi.stubEnv("PATH", `${folder}:/bin:/usr/bin`);
    const database = await startDatabase(join(folder, "state"));
    await database.stop();

    expect(database.label).toBe(
      "dynalite 4.0.0 (java ended with 2: error: no compiler in this runtime)",
    );
  });

  it("stays dynalite once it was begun with it, Java or not", async () => {
    const state = join(folder, "state");
    await (await startDatabase(state, "dynalite")).stop();
    const again = await startDatabase(state);
    await again.stop();

    expect(again.label).toBe("dynalite 4.0.0 (this state was created with it)");
    expect(existsSync(join(state, "dynamodb-local"))).toBe(false);
  });

  it("begun with DynamoDB Local is refused without Java, rather than found empty", async () => {
    const state = join(folder, "state");
    mkdirSync(state);
    writeFileSync(join(state, "kind"), "DynamoDB Local\n");
    vi.stubEnv("PATH", folder);

    await expect(startDatabase(state)).rejects.toThrow(StateNeedsJava);
    await expect(startDatabase(state)).rejects.toThrow(/created with DynamoDB Local.*ENOENT/);
  });
});

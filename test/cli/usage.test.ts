import { spawnSync } from "node:child_process";

import { describe, expect, it } from "vitest";

import { typed } from "./captured.ts";

describe("a command that cannot be carried out", () => {
  it.each([
    ["no config", ["run", "--state", "x", "--credentials", "y"], /--config is missing/],
    ["an unknown word", ["run", "--colour", "red"], /colour/],
    ["an unknown command", ["dance"], /no command "dance"/],
    [
      "a bad clock",
      [
        "run",
        "--config",
        "brands/acme.yaml",
        "--credentials",
        "package.json",
        "--state",
        "x",
        "--now",
        "noon",
      ],
      /--now must be an ISO instant/,
    ],
    [
      "an unknown job",
      [
        "run",
        "--config",
        "brands/acme.yaml",
        "--credentials",
        "package.json",
        "--state",
        "x",
        "--jobs",
        "sing",
      ],
      /--jobs takes/,
    ],
    [
      "no such brand file",
      ["run", "--config", "none.yaml", "--credentials", "package.json", "--state", "x"],
      /none\.yaml/,
    ],
  ])("ends with 2 and says why for %s", async (_, words, why) => {
    const { code, err } = await typed(...words);
    expect(err).toMatch(why);
    expect(code).toBe(2);
  });

  it("ends the process with that code too", () => {
    const ended = spawnSync("npx", ["tsx", "bin/cli.ts", "dance"], { encoding: "utf8" });
    expect(ended.stderr).toMatch(/no command "dance"/);
    expect(ended.status).toBe(2);
  });
});

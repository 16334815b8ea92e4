import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { BrandFileError } from "../../lambdas/brand.ts";
import { synthesise } from "../../local/cloud/synthesise.ts";

const folder = mkdtempSync(join(tmpdir(), "synthesise-"));
const cache = join(folder, "synth");
const file = join(folder, "anything.yaml");
copyFileSync("brands/globex.yaml", file);
afterAll(() => rmSync(folder, { recursive: true }));

describe("the stack of a brand file", () => {
  it("is made once, of the real handlers, for as long as nothing it is made of changes", async () => {
    const [first, second] = await Promise.all([synthesise(file, cache), synthesise(file, cache)]);
    const again = await synthesise(file, cache);

    expect(first.stack).toBe("refund-watch-globex");
    expect(second).toEqual(first);
    expect(again).toEqual(first);
    expect(readdirSync(cache)).toHaveLength(1);
    const bundles = readdirSync(first.assets).filter((name) => name.startsWith("asset."));
    expect(bundles).toHaveLength(3);

    writeFileSync(file, readFileSync(file, "utf8").replace("06:30", "08:15"));
    const changed = await synthesise(file, cache);
    expect(changed.assets).not.toBe(first.assets);
    expect(JSON.stringify(changed.template)).toContain("cron(15 8 * * ? *)");
  }, 60_000);

  it("is not made of a file that is none", async () => {
    writeFileSync(file, "brand: globex\n");

    await expect(synthesise(file, cache)).rejects.toThrow(BrandFileError);
  });
});

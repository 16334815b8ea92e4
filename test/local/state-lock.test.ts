import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { lockState } from "../../local/cloud/state-lock.ts";

describe("the lock of a state folder", () => {
  let folder: string;
  let said: string[];
  const lock = (): Promise<() => void> => lockState(folder, (line) => said.push(line));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "state-lock-"));
    said = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is held by one at a time, and who waits says for whom, once", async () => {
    const release = await lock();
    const order: string[] = [];
    const second = lock().then((next) => {
      order.push("second");
      return next;
    });
    await new Promise((done) => setImmediate(done));
    order.push("released");
    release();
    (await second)();

    expect(order).toEqual(["released", "second"]);
    expect(said).toEqual([`waiting for process ${process.pid}, which works in ${folder}`]);
    expect(existsSync(join(folder, ".lock"))).toBe(false);
  });

  it("goes to one of many who wait at once", async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      const release = await lock();
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((done) => setImmediate(done));
      inside -= 1;
      release();
    };
    await Promise.all([work(), work(), work(), work()]);

    expect(most).toBe(1);
  });

  it("is taken over from a process that died", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(join(folder, ".lock"), `${pid} some-token\n`);

    const release = await lock();
    release();
    expect(said).toEqual([]);
  });

  it("is taken over when its process id belongs to somebody else by now", async () => {
    const file = join(folder, ".lock");
    writeFileSync(file, `${process.ppid} some-token\n`);
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(file, longAgo, longAgo);

    const release = await lock();
    release();
    expect(said).toEqual([]);
  });

  it("that holds nonsense is taken over", async () => {
    writeFileSync(join(folder, ".lock"), "");

    (await lock())();
    expect(existsSync(join(folder, ".lock"))).toBe(false);
  });
});

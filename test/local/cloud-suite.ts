import { cpSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { bundle } from "../../lib/bundle.ts";
import { synthesiseBrands } from "../../lib/synthesise-brands.ts";
import { startCloud } from "../../local/cloud/cloud.ts";
import type { Cloud, CloudOptions } from "../../local/cloud/cloud.ts";
import type { Invocation } from "../../local/cloud/invocation.ts";
import { parseTemplate } from "../../local/cloud/template.ts";

type Assembly = Pick<CloudOptions, "stack" | "template" | "assets">;

/** The example brand's stack, with functions that only touch every service once. */
export async function assembled(folder: string): Promise<Assembly> {
  const assets = join(folder, "bundles");
  await bundle("test/fixtures/handlers/round-trip.ts", join(assets, "pull"));
  for (const job of ["watch", "digest"]) {
    cpSync(join(assets, "pull"), join(assets, job), { recursive: true });
  }
  const outdir = join(folder, "assembly");
  await synthesiseBrands(["brands/acme.yaml"], { assets, outdir, reviewed: false });
  const stack = "refund-watch-acme";
  const text = readFileSync(join(outdir, `${stack}.template.json`), "utf8");
  return { stack, template: parseTemplate(JSON.parse(text)), assets: outdir };
}

/** What the local cloud promises, whichever database it has. */
export function cloudKeepsItsPromises(
  folder: string,
  assembly: () => Assembly,
  database: CloudOptions["database"],
): void {
  const stateDir = join(folder, database ?? "any");
  const log: string[] = [];
  let options: CloudOptions;
  let cloud: Cloud;
  let watch: string;

  beforeAll(async () => {
    options = {
      ...assembly(),
      stateDir,
      secrets: { "acme/shopify": { accessToken: "one" } },
      log: (line) => log.push(line),
      ...(database !== undefined && { database }),
    };
    cloud = await startCloud(options);
    watch = functionOf("Watch");
  }, 60_000);
  afterAll(() => cloud.stop());

  function functionOf(name: string): string {
    return cloud.schedules().find((one) => one.name === name)?.functionLogicalId ?? "none";
  }

  function outbox(): readonly Record<string, unknown>[] {
    const lines = readFileSync(join(stateDir, "outbox.ndjson"), "utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  function opsTopic(): string {
    const topics = Object.entries(options.template.Resources);
    const [id = ""] =
      topics.find(([name, { Type }]) => Type === "AWS::SNS::Topic" && /Ops/.test(name)) ?? [];
    return `refund-watch-acme-${id.toLowerCase()}`;
  }

  const bucket = (): string => join(stateDir, "s3", cloud.outputs["BucketName"] ?? "none");

  describe("a function of the stack", () => {
    it("reaches the table, the bucket, the topic and its secret, and finds what it wrote", async () => {
      const written = await cloud.invoke(functionOf("PullStorefront"), { body: "12.50" });
      const read = await cloud.invoke(functionOf("PullErp"), { do: "read" });

      expect(written).toEqual({
        ok: true,
        result: { secret: '{"accessToken":"one"}', source: "storefront" },
      });
      expect(read).toEqual({ ok: true, result: { item: "12.50", object: "12.50" } });
    });

    it("is told that there is no secret of a name that nobody gave", async () => {
      const answer = await cloud.invoke(watch, { secret: "acme/netsuite" });

      expect(whyNot(answer)).toMatch(/ResourceNotFoundException/);
    });

    it("has its whole log read when its answer comes", async () => {
      log.length = 0;
      await cloud.invoke(watch, { do: "list", key: "raw/" });

      expect(log).toEqual(["doing list"]);
    });

    it("fails with its own words, and works again", async () => {
      const failed = await cloud.invoke(watch, { do: "throw" });
      const next = await cloud.invoke(watch, { do: "read" });

      expect(failed).toEqual({ ok: false, error: "failed: TypeError: as told" });
      expect(next).toMatchObject({ ok: true });
    });

    it("that dies or sleeps is stopped and said so, and works again", async () => {
      const died = await cloud.invoke(watch, { do: "die" });
      const slept = await cloud.invoke(watch, { do: "sleep" }, { timeoutMs: 300 });
      const next = await cloud.invoke(watch, { do: "read" });

      expect(whyNot(died)).toMatch(/its process ended with 7$/);
      expect(whyNot(slept)).toMatch(/timed out after 300 ms/);
      expect(next).toMatchObject({ ok: true });
    });

    it("knows how long it may still run", async () => {
      const short = await cloud.invoke(watch, { do: "remaining" }, { timeoutMs: 4_000 });
      const full = await cloud.invoke(watch, { do: "remaining" });

      expect(short).toMatchObject({ ok: true });
      expect(short.ok && short.result).toBeLessThanOrEqual(4_000);
      expect(full.ok && full.result).toBeGreaterThan(590_000); // the template's ten minutes
    });

    it("sees nothing of the environment that the cloud was started in", async () => {
      process.env["REFUND_WATCH_TEST_CANARY"] = "here";
      const seen = await cloud.invoke(functionOf("Digest"), { do: "environment" });

      expect(seen.ok && seen.result).toEqual(
        expect.arrayContaining(["TABLE", "AWS_REGION", "AWS_LAMBDA_RUNTIME_API"]),
      );
      expect(seen.ok && seen.result).not.toContain("REFUND_WATCH_TEST_CANARY");
    });
  });

  describe("on the disk", () => {
    it("objects are plain files under their keys, and are listed in the order of their bytes", async () => {
      for (const key of ["raw/b.json", "raw/a/1 ü%3A.json", "raw/B.json", "log/x"]) {
        await cloud.invoke(watch, { key, body: `in ${key}` });
      }
      const listed = await cloud.invoke(watch, { do: "list", key: "raw/" });

      expect(readFileSync(join(bucket(), "raw/a/1 ü%3A.json"), "utf8")).toBe(
        "in raw/a/1 ü%3A.json",
      );
      expect(listed.ok && listed.result).toEqual([
        "raw/B.json",
        "raw/a/1 ü%3A.json",
        "raw/b.json",
        "raw/one.json",
      ]);
      expect(readdirSync(join(stateDir, "s3")).filter((name) => name.startsWith("."))).toEqual([]);
    });

    it("a key cannot lead out of the bucket", async () => {
      const answer = await cloud.invoke(watch, { key: "raw/../../../escaped", body: "x" });

      expect(readdirSync(folder)).not.toContain("escaped");
      expect(readdirSync(stateDir)).not.toContain("escaped");
      expect(answer).toBeDefined();
    });

    it("each publish is a line, stamped by the clock that was moved", async () => {
      const schedule = cloud.schedules().find(({ name }) => name === "PullStorefront");
      if (schedule === undefined) throw new Error("no schedule");
      await cloud.fire(schedule, new Date("2026-02-03T04:00:00Z"));

      expect(outbox().at(-1)).toEqual({
        at: "2026-02-03T04:00:00.000Z",
        topic: opsTopic(),
        subject: "One",
        message: "hello",
        attributes: { channel: "sms" },
      });
    });

    it("everything is there after a stop and a start", async () => {
      await cloud.invoke(watch, { body: "kept", key: "raw/kept.json" });
      const lines = outbox().length;
      await cloud.stop();
      cloud = await startCloud(options);
      const read = await cloud.invoke(watch, { do: "read", key: "raw/kept.json" });

      expect(read).toEqual({ ok: true, result: { item: "kept", object: "kept" } });
      expect(outbox()).toHaveLength(lines);
    });
  });

  describe("a second cloud in the same folder", () => {
    it("waits for the first one to stop", async () => {
      const order: string[] = [];
      const second = startCloud(options).then((started) => {
        order.push("second started");
        return started;
      });
      await cloud.invoke(watch, { do: "read" });
      order.push("first still works");
      await cloud.stop();
      cloud = await second;

      expect(order).toEqual(["first still works", "second started"]);
      expect(await cloud.invoke(watch, { do: "read" })).toMatchObject({ ok: true });
    });
  });

  describe("its schedules", () => {
    it("are the template's, and the same time gives the same event", async () => {
      const names = cloud.schedules().map(({ name }) => name);
      expect(names).toEqual(["PullStorefront", "PullErp", "Watch", "Digest"]);
      const schedule = cloud.schedules()[3];
      if (schedule === undefined) throw new Error("no schedule");
      const fire = (time: string): Promise<unknown> =>
        cloud.fire(
          { ...schedule, input: schedule.input.replace("{", '{"do":"event",') },
          new Date(time),
        );

      const first = await fire("2026-02-03T12:00:00Z");
      expect(first).toMatchObject({ ok: true, result: { now: "2026-02-03T12:00:00.000Z" } });
      expect(await fire("2026-02-03T12:00:00Z")).toEqual(first);
      expect(await fire("2026-02-04T12:00:00Z")).not.toEqual(first);
    });
  });

  it("listens on the loopback interface only", () => {
    for (const endpoint of Object.values(cloud.endpoints)) {
      expect(new URL(endpoint).hostname).toBe("127.0.0.1");
    }
    expect(listeningBeyondLoopback(process.pid)).toEqual([]);
  });

  it("says which database it has", () => {
    expect(cloud.database).toMatch(database === "dynalite" ? /^dynalite 4/ : /^(Dyn|dyn)/);
  });
}

function whyNot(invocation: Invocation): string {
  return invocation.ok ? "it went well" : invocation.error;
}

/** Sockets that this process or its children listen on, other than on 127.0.0.1; Linux only. */
function listeningBeyondLoopback(pid: number): readonly string[] {
  if (process.platform !== "linux") return [];
  const inodes = new Set(family(pid).flatMap(socketsOf));
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === "0A" && inodes.has(inode ?? ""))
      .map(([, local = ""]) => local)
      .filter((local) => !/^(0100007F|0000000000000000FFFF00000100007F):/.test(local)),
  );
}

function family(pid: number): readonly number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid)
    .map(Number);
  return [pid, ...children.flatMap((child) => family(child))];
}

function parentOf(pid: string): number {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]);
  } catch {
    return 0; // it ended meanwhile
  }
}

function socketsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`)) ?? [];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ItemRefused } from "../../lambdas/ledger/ports.ts";
import type { Item, Objects, Ports, Table } from "../../lambdas/ledger/ports.ts";
import { MemoryPorts } from "../fakes/memory-ports.ts";
import { local, moto } from "./worlds.ts";
import type { World } from "./worlds.ts";

type Start = (folder: string) => Promise<Pick<World, "ports" | "stop"> | string>;

const SLOW = { timeout: 60_000 };
const WORLDS: readonly (readonly [string, Start])[] = [
  ["memory", async () => ({ ports: new MemoryPorts(), stop: async () => undefined })],
  ["dynalite and the local messaging", async (folder) => local(folder, "dynalite")],
  ["DynamoDB Local", async (folder) => local(folder)],
  ["moto", moto],
];

for (const [name, start] of WORLDS) {
  describe(`the ports on ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "ports-"));
    let world: Pick<World, "ports" | "stop"> | string = "not started";
    const table = (): Table => portsOf(world).table;
    const objects = (): Objects => portsOf(world).objects;
    beforeAll(async () => {
      world = await start(folder);
    }, 120_000);
    afterAll(async () => {
      if (typeof world !== "string") await world.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** What cannot run here is told as skipped, with the reason. */
    const skipUnlessHere = ({ skip }: { readonly skip: (why: string) => void }): void => {
      if (typeof world === "string") skip(world);
    };

    it("keep an item as it was given", SLOW, async (context) => {
      skipUnlessHere(context);
      const item: Item = {
        pk: "kept",
        sk: "one",
        v: 1,
        text: "ünï\u0000 \u2028",
        bytes: new Uint8Array([0, 1, 255]),
        list: ["a", "", "b"],
        number: -12,
      };
      expect(await table().put(item, 0)).toBe(true);
      const found = await table().get({ pk: "kept", sk: "one" });
      const bytes = found?.["bytes"];
      expect({ ...found, bytes: bytes instanceof Uint8Array ? [...bytes] : null }).toEqual({
        ...item,
        bytes: [0, 1, 255],
      });
      expect(await table().get({ pk: "kept", sk: "other" })).toBeNull();
    });

    it("write only over the version that was read", SLOW, async (context) => {
      skipUnlessHere(context);
      const at = { pk: "versions", sk: "one" };
      expect(await table().put({ ...at, v: 1 }, 0)).toBe(true);
      expect(await table().put({ ...at, v: 1 }, 0)).toBe(false);
      expect(await table().put({ ...at, v: 3 }, 2)).toBe(false);
      expect(await table().put({ ...at, v: 2 }, 1)).toBe(true);
      expect(await table().put({ pk: "versions", sk: "none", v: 2 }, 1)).toBe(false);
      expect(await table().put({ ...at, v: 9 }, "any")).toBe(true);
      expect(await table().get(at)).toMatchObject({ v: 9 });
    });

    it("remove an item, and what is not there", SLOW, async (context) => {
      skipUnlessHere(context);
      const at = { pk: "gone", sk: "one" };
      await table().put({ ...at, v: 1 }, "any");
      await table().remove(at);
      await table().remove(at);
      expect(await table().get(at)).toBeNull();
      expect(await table().put({ ...at, v: 1 }, 0)).toBe(true);
    });

    it(
      "list a partition in the order of bytes, from behind one key through another",
      SLOW,
      async (context) => {
        skipUnlessHere(context);
        for (const sk of ["b", "a", "B", "é", "c", "a#1"]) {
          await table().put({ pk: "listed", sk, v: 1 }, "any");
        }
        await table().put({ pk: "listed too", sk: "a", v: 1 }, "any");
        const keys = async (options?: Parameters<Table["query"]>[1]): Promise<string[]> =>
          (await table().query("listed", options)).map(({ sk }) => sk);
        expect(await keys({ consistent: true })).toEqual(["B", "a", "a#1", "b", "c", "é"]);
        expect(await keys({ from: "a" })).toEqual(["a#1", "b", "c", "é"]);
        expect(await keys({ to: "b" })).toEqual(["B", "a", "a#1", "b"]);
        expect(await keys({ from: "a", to: "b" })).toEqual(["a#1", "b"]);
        expect(await keys({ from: "a#1", limit: 2 })).toEqual(["b", "c"]);
        expect(await keys({ limit: 3 })).toEqual(["B", "a", "a#1"]);
        expect(await keys({ from: "c", to: "b" })).toEqual([]);
      },
    );

    it("list more than one answer of the database can hold", SLOW, async (context) => {
      skipUnlessHere(context);
      const text = "x".repeat(150_000);
      const names = Array.from({ length: 12 }, (_, at) => String(at).padStart(2, "0"));
      for (const sk of names) await table().put({ pk: "large", sk, v: 1, text }, "any");
      const found = await table().query("large", { consistent: true });
      expect(found.map(({ sk }) => sk)).toEqual(names);
    });

    it("list what is open, and only that", SLOW, async (context) => {
      skipUnlessHere(context);
      await table().put({ pk: "order#1", sk: "a", v: 1, openPk: "open", openSk: "2" }, "any");
      await table().put({ pk: "order#2", sk: "b", v: 1, openPk: "open", openSk: "1" }, "any");
      await table().put({ pk: "order#3", sk: "c", v: 1 }, "any");
      const open = await table().queryOpen();
      expect(open.map(({ sk }) => sk).toSorted()).toEqual(["a", "b"]);
      await table().put({ pk: "order#1", sk: "a", v: 2 }, "any");
      expect((await table().queryOpen()).map(({ sk }) => sk)).toEqual(["b"]);
    });

    it("refuse an item that can never be stored", SLOW, async (context) => {
      skipUnlessHere(context);
      const large = { pk: "refused", sk: "one", v: 1, text: "x".repeat(400 * 1024) };
      await expect(table().put(large, "any")).rejects.toThrow(ItemRefused);
      await expect(table().put({ pk: "refused", sk: "s".repeat(1_025), v: 1 }, 0)).rejects.toThrow(
        ItemRefused,
      );
      expect(await table().query("refused", { consistent: true })).toEqual([]);
    });

    it(
      "keep an object and give it back whole; a key that is not there is null",
      SLOW,
      async (context) => {
        skipUnlessHere(context);
        const body = new Uint8Array([0, 10, 13, 255]);
        await objects().put("raw/a b/ü=1.gz", body, "application/json");
        expect([...((await objects().get("raw/a b/ü=1.gz")) ?? [])]).toEqual([...body]);
        await objects().put("raw/a b/ü=1.gz", "again", "text/plain");
        expect(Buffer.from((await objects().get("raw/a b/ü=1.gz")) ?? []).toString()).toBe("again");
        expect(await objects().get("raw/none")).toBeNull();
      },
    );

    it("list the keys below a prefix in order", SLOW, async (context) => {
      skipUnlessHere(context);
      for (const key of ["log/2", "log/10", "log/1", "logs/1", "lo"]) {
        await objects().put(key, key, "text/plain");
      }
      expect(await objects().list("log/")).toEqual(["log/1", "log/10", "log/2"]);
      expect(await objects().list("nothing/")).toEqual([]);
    });

    it("publish a message to a topic", SLOW, async (context) => {
      skipUnlessHere(context);
      const publishing = portsOf(world).notifier.publish({
        topic: "ops",
        subject: "2 refunds are not in the ERP",
        body: "Body",
        channel: "email",
        dedupeKey: "stale#1",
      });
      await expect(publishing).resolves.toBeUndefined();
    });
  });
}

function portsOf(world: Pick<World, "ports"> | string): Ports {
  if (typeof world === "string") throw new Error(world);
  return world.ports;
}

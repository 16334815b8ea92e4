import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";

import { s3Objects } from "../../lambdas/aws/objects.ts";
import { snsNotifier } from "../../lambdas/aws/notifier.ts";
import { dynamoTable } from "../../lambdas/aws/table.ts";
import { ItemRefused } from "../../lambdas/ledger/ports.ts";
import type { Item, Objects, Ports, Table } from "../../lambdas/ledger/ports.ts";
import { OPEN_INDEX, OPEN_INDEX_KEYS, TABLE_KEYS } from "../../lambdas/names.ts";
import { startDatabase } from "../../local/cloud/database.ts";
import { startMessaging } from "../../local/cloud/messaging.ts";
import { ensureTable } from "../../local/cloud/tables.ts";
import { MemoryPorts } from "../fakes/memory-ports.ts";

/** A world that fulfils the ports, and how it ends; a text says why it is not here. */
type World = { readonly ports: Ports; stop(): Promise<void> };
type Start = (folder: string) => Promise<World | string>;

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
    let world: World | string = "not started";
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

function portsOf(world: World | string): Ports {
  if (typeof world === "string") throw new Error(world);
  return world.ports;
}

async function local(folder: string, wanted?: "dynalite"): Promise<World | string> {
  const database = await startDatabase(join(folder, "database"), wanted);
  if (wanted === undefined && database.label.startsWith("dynalite")) {
    await database.stop();
    return `DynamoDB Local cannot run here: ${database.label}`;
  }
  const messaging = await startMessaging(folder, () => new Date());
  messaging.stores.s3Store.createBucket("bucket");
  const topic = messaging.stores.snsStore.createTopic("ops", undefined, undefined, "us-east-1");
  const ports = await awsPorts(
    { database: database.endpoint, rest: messaging.endpoint },
    topic.arn,
  );
  return {
    ports,
    stop: async () => {
      await messaging.stop();
      await database.stop();
    },
  };
}

/** AWS's services in Python, by other people: where it is installed. */
async function moto(): Promise<World | string> {
  const python = process.env["MOTO_PYTHON"] ?? "python3";
  try {
    await promisify(execFile)(python, ["-c", "import moto.server"]);
  } catch {
    return "moto is not installed (pip install 'moto[server]', or MOTO_PYTHON names a Python that has it)";
  }
  const port = await freePort();
  const server = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], {
    stdio: "ignore",
  });
  const endpoint = `http://127.0.0.1:${port}`;
  await answers(endpoint);
  const ports = await awsPorts({ database: endpoint, rest: endpoint }, null);
  return { ports, stop: async () => void server.kill() };
}

async function awsPorts(
  at: { readonly database: string; readonly rest: string },
  topic: string | null,
): Promise<Ports> {
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: at.database,
    AWS_ENDPOINT_URL_S3: at.rest,
    AWS_ENDPOINT_URL_SNS: at.rest,
  });
  await ensureTable(at.database, "ports", {
    AttributeDefinitions: [
      ...Object.values(OPEN_INDEX_KEYS),
      TABLE_KEYS.partition,
      TABLE_KEYS.sort,
    ].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: keySchema(TABLE_KEYS.partition, TABLE_KEYS.sort),
    GlobalSecondaryIndexes: [
      {
        IndexName: OPEN_INDEX,
        KeySchema: keySchema(OPEN_INDEX_KEYS.partition, OPEN_INDEX_KEYS.sort),
        Projection: { ProjectionType: "ALL" },
      },
    ],
  });
  const table = dynamoTable("ports", OPEN_INDEX, { writeUnits: 0, readUnits: 0 });
  const objects = s3Objects("bucket");
  const ops = topic ?? (await motoOnly());
  const notifier = snsNotifier({ ops, finance: ops });
  return { table, objects, notifier };
}

async function motoOnly(): Promise<string> {
  await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: "bucket" }));
  const { TopicArn = "" } = await new SNSClient({}).send(new CreateTopicCommand({ Name: "ops" }));
  return TopicArn;
}

function keySchema(partition: string, sort: string) {
  return [
    { AttributeName: partition, KeyType: "HASH" },
    { AttributeName: sort, KeyType: "RANGE" },
  ];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise<void>((done) => void server.close(() => done()));
  if (address === null || typeof address === "string") throw new Error("no port on loopback");
  return address.port;
}

async function answers(endpoint: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await fetch(endpoint).then(Boolean, () => false)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${endpoint} does not answer`);
}

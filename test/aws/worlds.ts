import { execFile, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";

import { s3Objects } from "../../lambdas/aws/objects.ts";
import { snsNotifier } from "../../lambdas/aws/notifier.ts";
import { dynamoTable } from "../../lambdas/aws/table.ts";
import type { Ports, Table } from "../../lambdas/ledger/ports.ts";
import { OPEN_INDEX, OPEN_INDEX_KEYS, TABLE_KEYS } from "../../lambdas/names.ts";
import { startDatabase } from "../../local/cloud/database/database.ts";
import { startMessaging } from "../../local/cloud/messaging.ts";
import { ensureTable } from "../../local/cloud/tables.ts";

/** A world that fulfils the ports, and how it ends. */
export type World = {
  readonly ports: Ports;
  /** A table of its own, empty. */
  newTable(name: string): Promise<Table>;
  stop(): Promise<void>;
};

/** A text says why it is not here. */
export async function local(folder: string, wanted?: "dynalite"): Promise<World | string> {
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
    newTable: async (name) => awsTable(database.endpoint, name),
    stop: async () => {
      await messaging.stop();
      await database.stop();
    },
  };
}

/** AWS's services in Python, by other people: where it is installed. */
export async function moto(): Promise<World | string> {
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
  const newTable = async (name: string): Promise<Table> => awsTable(endpoint, name);
  return { ports, newTable, stop: async () => void server.kill() };
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
  const table = await awsTable(at.database, "ports");
  const objects = s3Objects("bucket");
  const ops = topic ?? (await motoOnly());
  const notifier = snsNotifier({ ops, finance: ops });
  return { table, objects, notifier };
}

async function awsTable(endpoint: string, name: string): Promise<Table> {
  await ensureTable(endpoint, name, {
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
  return dynamoTable(name, OPEN_INDEX, { writeUnits: 0, readUnits: 0 });
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

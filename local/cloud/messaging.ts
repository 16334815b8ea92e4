import { appendFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildApp } from "fauxqs";
import type { BuildAppOptions } from "fauxqs";
import * as z from "zod";

import { keepInFiles } from "./object-files.ts";
import type { Service } from "./service.ts";

export type Messaging = Service & { readonly stores: Stores };
type Stores = NonNullable<BuildAppOptions["stores"]>;

/**
 * S3, SNS and SQS on one loopback port.
 *
 * Objects are plain files in `s3/`, and every publish is a line of `outbox.ndjson`. Both are on the
 * disk before the call is answered, so that a kill loses nothing that a handler believes is stored.
 */
export async function startMessaging(folder: string, now: () => Date): Promise<Messaging> {
  mkdirSync(join(folder, "s3"), { recursive: true });
  const stores: Stores = {
    s3Store: keepInFiles(await emulator("s3/s3Store.js", "S3Store", s3Class), join(folder, "s3")),
    snsStore: await emulator("sns/snsStore.js", "SnsStore", snsClass),
    sqsStore: await emulator("sqs/sqsStore.js", "SqsStore", sqsClass),
  };
  const app = buildApp({ logger: false, host: "127.0.0.1", defaultRegion: REGION, stores });
  const outbox = join(folder, "outbox.ndjson");
  app.addHook("preHandler", async (request) => {
    const batch = z.object({ Action: z.literal("PublishBatch") }).safeParse(request.body);
    if (batch.success) throw new Error("the local cloud keeps no record of PublishBatch");
  });
  app.addHook("onSend", async (request, reply) => {
    const call = publishSchema.safeParse(request.body);
    if (reply.statusCode === 200 && call.success) {
      appendFileSync(outbox, `${JSON.stringify(outboxLine(call.data, now()))}\n`);
    }
  });
  const endpoint = await app.listen({ host: "127.0.0.1", port: 0 });
  return { endpoint, stores, stop: () => app.close() };
}

const REGION = "us-east-1";

/** One publish as SNS's query protocol sends it: attributes are numbered from 1. */
function outboxLine(call: z.infer<typeof publishSchema>, at: Date) {
  const attributes: Record<string, string> = {};
  for (let entry = 1; ; entry += 1) {
    const name = call[`MessageAttributes.entry.${entry}.Name`];
    if (name === undefined) break;
    attributes[name] = call[`MessageAttributes.entry.${entry}.Value.StringValue`] ?? "";
  }
  return {
    at: at.toISOString(),
    topic: call.TopicArn.split(":").at(-1),
    subject: call.Subject ?? null,
    message: call.Message,
    attributes,
  };
}

const publishSchema = z
  .object({
    Action: z.literal("Publish"),
    TopicArn: z.string(),
    Message: z.string(),
    Subject: z.string().optional(),
  })
  .catchall(z.string());

/**
 * The emulator accepts its stores as options but does not export their classes: they are imported
 * from the folder of its main file.
 */
async function emulator<Store>(
  path: string,
  name: string,
  shape: z.ZodType<new () => Store>,
): Promise<Store> {
  const main = fileURLToPath(import.meta.resolve("fauxqs"));
  const file: unknown = await import(pathToFileURL(join(dirname(main), path)).href);
  const Class = z.object({ [name]: shape }).parse(file)[name];
  if (Class === undefined) throw new Error(`fauxqs has no ${name} in ${path}`);
  return new Class();
}

const isClass = (value: unknown): boolean => typeof value === "function";
const s3Class = z.custom<new () => Stores["s3Store"]>(isClass);
const snsClass = z.custom<new () => Stores["snsStore"]>(isClass);
const sqsClass = z.custom<new () => Stores["sqsStore"]>(isClass);

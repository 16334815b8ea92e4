import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { dynamoTable } from "../lambdas/aws/table.ts";
import { pull } from "../lambdas/jobs/pull.ts";
import { watch } from "../lambdas/jobs/watch.ts";
import type { Ports } from "../lambdas/ledger/ports.ts";
import { OPEN_INDEX, OPEN_INDEX_KEYS, PREFIXES, TABLE_KEYS } from "../lambdas/names.ts";
import { startDatabase } from "../local/cloud/database/database.ts";
import { ensureTable } from "../local/cloud/tables.ts";
import { benchBrand, cleanDocument, cleanRefund, shownBy } from "./clean-refund.ts";
import type { Figure } from "./figure.ts";

/**
 * The table units for refunds without any problem, as the database itself counts them
 * (ReturnConsumedCapacity). The brand has 2,400 refunds a day and an ERP batch every four hours,
 * and is in its steady state. Everything is included: both pulls, the evaluation at the stale
 * threshold, the evaluation at the checkpoint, the daily look back, and the bookkeeping of every
 * run.
 */
export async function tableBench(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "refund-watch-bench-"));
  const database = await startDatabase(folder);
  process.stdout.write(`table: ${database.label}\n`);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  });
  try {
    await ensureTable(database.endpoint, "bench", TABLE);
    return await measure();
  } finally {
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(): Promise<Figure[]> {
  const meter = { writeUnits: 0, readUnits: 0 };
  const ports: Ports = { table: dynamoTable("bench", OPEN_INDEX, meter), ...elsewhere() };
  const count = TICKS * REFUNDS_A_TICK;
  const refunds = Array.from({ length: count }, (_, n) => cleanRefund(n, iso(processedAt(n))));
  const documents = Array.from({ length: count }, (_, n) => cleanDocument(n, iso(bookedAt(n))));
  const clock = { now: iso(BEGIN) };
  const systems = {
    storefront: shownBy(refunds, 100, clock),
    erp: shownBy(documents, 1_000, clock),
  };

  let before = { ...meter };
  for (let tick = 1; tick <= TICKS; tick += 1) {
    if (tick === TICKS - MEASURED_TICKS + 1) before = { ...meter };
    clock.now = iso(BEGIN + tick * QUARTER);
    await cycle(ports, systems, clock.now);
  }
  const measured = MEASURED_TICKS * REFUNDS_A_TICK;
  const after = { ...meter };
  await cycle(ports, systems, clock.now);
  return [
    figure("writeUnitsPerCleanRefund", (after.writeUnits - before.writeUnits) / measured, 2.2),
    figure("readUnitsPerCleanRefund", (after.readUnits - before.readUnits) / measured, 2.5),
    figure("writesOnUnchangedReread", meter.writeUnits - after.writeUnits, 0),
  ];
}

async function cycle(
  ports: Ports,
  systems: Readonly<Record<"storefront" | "erp", ReturnType<typeof shownBy>>>,
  now: string,
): Promise<void> {
  const job = { ports, brand: benchBrand(), now, remainingMs: () => 600_000, log: () => undefined };
  for (const source of ["storefront", "erp"] as const) {
    await pull({ ...job, source, system: systems[source], run: `${source} ${now}` });
  }
  await watch(job);
}

/** The bucket and the topics are not measured, so they are in memory. */
function elsewhere(): Pick<Ports, "objects" | "notifier"> {
  return {
    objects: memoryObjects(),
    notifier: { publish: async () => undefined },
  };
}

/** Stores only the log, because the daily look back reads the log to know what it has seen. */
function memoryObjects(): Ports["objects"] {
  const files = new Map<string, Uint8Array>();
  return {
    put: async (key, body) =>
      void (key.startsWith(PREFIXES.log) && files.set(key, Buffer.from(body))),
    get: async (key) => files.get(key) ?? null,
    list: async (prefix) => [...files.keys()].filter((key) => key.startsWith(prefix)).toSorted(),
  };
}

function figure(name: string, value: number, most: number): Figure {
  const rounded = Math.round(value * 1_000) / 1_000;
  return { name, value: rounded, unit: "units", goal: `at most ${most}`, met: rounded <= most };
}

function processedAt(n: number): number {
  return BEGIN + (n / REFUNDS_A_TICK) * QUARTER;
}

/** With the next four-hourly batch, ten minutes after the hour. */
function bookedAt(n: number): number {
  return Math.ceil((processedAt(n) + 1) / FOUR_HOURS) * FOUR_HOURS + 600_000;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

const QUARTER = 900_000;
const FOUR_HOURS = 16 * QUARTER;
const REFUNDS_A_TICK = 25;
/** Three days, of which the last is measured, so that it includes a daily look back. */
const TICKS = 288;
const MEASURED_TICKS = 96;
const BEGIN = Date.parse("2026-11-02T00:00:00.000Z");

const TABLE = {
  AttributeDefinitions: [
    ...Object.values(TABLE_KEYS).slice(0, 2),
    ...Object.values(OPEN_INDEX_KEYS),
  ].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
  KeySchema: keys(TABLE_KEYS),
  GlobalSecondaryIndexes: [
    {
      IndexName: OPEN_INDEX,
      KeySchema: keys(OPEN_INDEX_KEYS),
      Projection: { ProjectionType: "ALL" },
    },
  ],
};

function keys(of: { readonly partition: string; readonly sort: string }): unknown[] {
  return [
    { AttributeName: of.partition, KeyType: "HASH" },
    { AttributeName: of.sort, KeyType: "RANGE" },
  ];
}

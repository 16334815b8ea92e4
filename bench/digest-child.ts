import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";

import { digest } from "../lambdas/jobs/digest.ts";
import { policyOf } from "../lambdas/ledger/policy.ts";
import type { Objects } from "../lambdas/ledger/ports.ts";
import { appendDecisions } from "../lambdas/ledger/store/event-log.ts";
import { readSourceToPull, saveSourceState } from "../lambdas/ledger/store/source-state.ts";
import { tieOutAll } from "../lambdas/refund/tie-out/tie-out-all.ts";
import { instantOf, msOf } from "../lambdas/refund/time/instant.ts";
import type { SyncRecord } from "../lambdas/refund/record/sync-record.ts";
import { MemoryPorts } from "../test/fakes/memory-ports.ts";
import { benchBrand, cleanDocument, cleanRefund } from "./clean-refund.ts";

/**
 * Runs one measurement of the digest in its own process and prints one line of JSON.
 * `digest-child <what> <folder> <refunds>`. The objects of the bucket are files, so that they take no
 * memory of the process.
 */
const [what = "", folder = "", count = "0"] = process.argv.slice(2);
const refunds = Number(count);
const HOUR = 3_600_000;
const DAYS = 32;
const FROM = "2026-10-24T04:00:00.000Z";

const MEASUREMENTS: Readonly<Record<string, () => Promise<void>>> = {
  write: writeLog,
  /** Reading and parsing the whole log: the least that a digest without roll-ups can do. */
  floor: async () => {
    for (const key of await files.list("log/")) {
      const body = await files.get(key);
      const text = gunzipSync(body ?? new Uint8Array()).toString();
      for (const line of text.trimEnd().split("\n")) JSON.parse(line);
    }
  },
  /** The first digest: no day is rolled up yet. */
  first: async () => makeDigest("2026-11-23T12:00:00.000Z"),
  /** The next morning: two days change. */
  steady: async () => makeDigest("2026-11-24T12:00:00.000Z"),
  /** The morning after: late arrivals on eight older days. */
  late: async () => {
    await logLate();
    await makeDigest("2026-11-25T12:00:00.000Z");
  },
};

const files: Objects = {
  put: async (key, body) => {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), body);
  },
  get: async (key) => {
    try {
      return readFileSync(join(folder, key));
    } catch {
      return null;
    }
  },
  list: async (prefix) => listed(prefix),
};

const measure = MEASUREMENTS[what];
if (measure === undefined) throw new Error(`no measurement ${what}`);
const before = process.cpuUsage();
await measure();
const { user, system } = process.cpuUsage(before);
const peakMb = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(`${JSON.stringify({ cpuMs: (user + system) / 1_000, peakMb })}\n`);

async function makeDigest(now: string): Promise<void> {
  const ports = new MemoryPorts();
  for (const source of ["storefront", "erp"] as const) {
    const state = await readSourceToPull(ports.table, source);
    const read = { watchedSince: FROM, watermark: now, completeThrough: now, readThrough: now };
    await saveSourceState(ports.table, source, { ...state, ...read }, state);
  }
  const { table, notifier } = ports;
  const job = { brand: benchBrand(), now, bucket: "b", log };
  await digest({ ...job, ports: { table, notifier, objects: files } });
}

/** Each refund has two decisions, when it was pending and when its document came. */
async function writeLog(): Promise<void> {
  const policy = policyOf(benchBrand());
  const perHour = Math.ceil(refunds / (DAYS * 24));
  for (let hour = 0; hour < DAYS * 24; hour += 1) {
    const at = instantOf(msOf(FROM) + hour * HOUR);
    const seen = instantOf(msOf(at) + HOUR / 4);
    const booked = instantOf(msOf(at) + 2 * HOUR);
    const numbers = Array.from({ length: perHour }, (_, n) => hour * perHour + n);
    const shown = numbers.map((n) => cleanRefund(n, at));
    // Of a hundred refunds, one is never booked.
    const documents = numbers.flatMap((n) => (n % 100 === 7 ? [] : cleanDocument(n, booked)));
    const append = async (records: readonly SyncRecord[], now: string, job: string) =>
      appendDecisions(files, records, { now, job, policy: "bench" });
    await append(tieOutAll({ refunds: shown, documents: [] }, policy, seen), seen, "storefront");
    await append(tieOutAll({ refunds: shown, documents }, policy, booked), booked, "erp");
  }
}

async function logLate(): Promise<void> {
  const policy = policyOf(benchBrand());
  const perHour = Math.ceil(refunds / (DAYS * 24));
  const now = "2026-11-24T15:00:00.000Z";
  const numbers = Array.from({ length: 8 }, (_, back) => (DAYS - 12 + back) * 24 * perHour + 7);
  const seen = numbers.map((n) =>
    cleanRefund(n, instantOf(msOf(FROM) + Math.floor(n / perHour) * HOUR)),
  );
  const documents = numbers.map((n) => cleanDocument(n, now));
  const records = tieOutAll({ refunds: seen, documents }, policy, now);
  await appendDecisions(files, records, { now, job: "erp", policy: "bench" });
}

function listed(prefix: string): string[] {
  const root = join(folder, dirname(`${prefix}x`));
  let found: string[];
  try {
    found = readdirSync(root, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return found
    .map((file) => join(dirname(`${prefix}x`), file))
    .filter((key) => key.startsWith(prefix) && /\.[a-z]+$/.test(key))
    .toSorted();
}

function log(): void {
  // Nobody reads it here.
}

import { gunzipSync, gzipSync } from "node:zlib";

import * as z from "zod";

import type { Brand } from "../brand.ts";
import { PREFIXES } from "../names.ts";
import { summarise } from "../refund/summary/summarise.ts";
import { summarySchema } from "../refund/summary/summary.ts";
import type { Summary } from "../refund/summary/summary.ts";
import type { DigestFile } from "../reports/digest-files.ts";
import { PLATFORM_NAMES } from "../platforms.ts";
import type { ReportContext } from "../reports/report-context.ts";
import { dayOf } from "./gather-day.ts";
import type { DayEvidence } from "./gather-day.ts";
import { CODE_VERSION } from "./store/event-log.ts";
import type { Item, Objects, Stores } from "./ports.ts";

/** A day's digest as it is made from its evidence. */
export type MadeDay = {
  readonly summary: Summary;
  readonly context: ReportContext;
  readonly files: readonly DigestFile[];
};

export async function makeDay(objects: Objects, evidence: DayEvidence): Promise<MadeDay> {
  const summary = summarise(await dayOf(objects, evidence));
  const context = contextOf(evidence.brand, evidence.bucket, dayPrefix(evidence.day.date));
  const { digestFiles } = await import("../reports/digest-files.ts");
  return { summary, context, files: digestFiles(summary, context) };
}

/**
 * Writes the evidence first and the summary last, so that a summary never exists without the other
 * files. Two runs may write the same day at the same time, and writes to the bucket have no
 * conditions. So a run that finds that another run began meanwhile writes all its files again: at
 * the end all files are from one run.
 *
 * @returns false when the stored files already have the same content
 */
export async function writeDay(
  { table, objects }: Stores,
  evidence: DayEvidence,
  { summary, files }: MadeDay,
): Promise<boolean> {
  const prefix = dayPrefix(evidence.day.date);
  if (await isUnchanged(objects, prefix, summary)) return false;
  const key = { pk: "source", sk: `digest#${evidence.day.date}` };
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const v = versionOf(await table.get(key)) + 1;
    if (!(await table.put({ ...key, v, at: evidence.generatedAt }, v - 1))) continue;
    const packed = gzipSync(JSON.stringify(evidence));
    await objects.put(`${prefix}/${EVIDENCE}`, packed, "application/json");
    for (const { name, body, contentType } of files) {
      await objects.put(`${prefix}/${name}`, body, contentType);
    }
    if (versionOf(await table.get(key)) === v) return true;
  }
  throw new Error(`other runs wrote the digest of ${evidence.day.date} ${MOST_ATTEMPTS} times`);
}

/** Whether the stored summary has the same content, and its evidence is from the same run. */
async function isUnchanged(objects: Objects, prefix: string, summary: Summary): Promise<boolean> {
  const before = await objects.get(`${prefix}/summary.json`);
  const packed = await objects.get(`${prefix}/${EVIDENCE}`);
  if (before === null || packed === null) return false;
  const storedSummary = summarySchema.safeParse(JSON.parse(Buffer.from(before).toString()));
  const evidence = evidenceSchema.parse(JSON.parse(gunzipSync(packed).toString()));
  if (!storedSummary.success || evidence.generatedAt !== storedSummary.data.generatedAt)
    return false;
  const same = { ...storedSummary.data, generatedAt: summary.generatedAt };
  return JSON.stringify(same) === JSON.stringify(summarySchema.parse(summary));
}

function versionOf(item: Item | null): number {
  return item === null ? 0 : z.object({ v: z.int() }).parse(item).v;
}

/**
 * Makes a day's digest again from its stored evidence and compares every byte.
 *
 * @returns the names of the files that differ, or why it cannot be made again
 */
export async function remakeDay(objects: Objects, date: string): Promise<Remade> {
  const prefix = dayPrefix(date);
  const packed = await objects.get(`${prefix}/${EVIDENCE}`);
  if (packed === null) return { date, why: "no evidence is stored for this day", differs: [] };
  const evidence = evidenceSchema.parse(JSON.parse(gunzipSync(packed).toString()));
  if (evidence.code !== CODE_VERSION) {
    const why = `version ${evidence.code} made it, and this is version ${CODE_VERSION}`;
    return { date, why, differs: [] };
  }
  const { files } = await makeDay(objects, evidence);
  const differs: string[] = [];
  for (const { name, body } of files) {
    const stored = await objects.get(`${prefix}/${name}`);
    if (stored === null || Buffer.compare(Buffer.from(stored), Buffer.from(body)) !== 0) {
      differs.push(name);
    }
  }
  return { date, why: null, differs };
}

export type Remade = {
  readonly date: string;
  /** Why it cannot be made again; null when it was. */
  readonly why: string | null;
  /** Files whose stored bytes differ from the new bytes. */
  readonly differs: readonly string[];
};

/** Without a slash at its end. */
export function dayPrefix(date: string): string {
  return `${PREFIXES.digests}${date.replaceAll("-", "/")}`;
}

function contextOf(brand: Brand, bucket: string, prefix: string): ReportContext {
  return {
    timeZone: brand.timeZone,
    storefront: PLATFORM_NAMES[brand.storefront.platform],
    erp: PLATFORM_NAMES[brand.erp.platform],
    files: { bucket, prefix },
  };
}

const EVIDENCE = "evidence.json.gz";
const MOST_ATTEMPTS = 5;

/** This program wrote the file, so only the fields that show another version are checked. */
const evidenceSchema = z.custom<DayEvidence>(
  (value) =>
    z.object({ code: z.string(), decisions: z.array(z.string()) }).safeParse(value).success,
);

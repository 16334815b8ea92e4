import { mismatchSchema, resolutionSchema } from "../../refund/record/record-schema.ts";
import { MATCH_RULES, STATUSES } from "../../refund/record/sync-record.ts";
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";

import pLimit from "p-limit";
import * as z from "zod";

import { PREFIXES } from "../../names.ts";
import type { ErpDocument, StorefrontRefund } from "../../refund/observation/observation.ts";
import type { Instant } from "../../refund/time/instant.ts";
import {
  erpDocumentSchema,
  storefrontRefundSchema,
} from "../../refund/observation/observation-schema.ts";
import type { Mismatch } from "../../refund/record/mismatch.ts";
import type { MatchRule, Resolution, Status, SyncRecord } from "../../refund/record/sync-record.ts";
import type { Objects } from "../ports.ts";

/**
 * The reconciliation log: append-only NDJSON by UTC day, one line for each decision. A line has
 * what both sides showed, when, which rule matched, what was decided, and the version of code and
 * policy.
 *
 * A line is written before its record, so a crash may repeat a line but never loses one. The same
 * decision always has the same `eventId`.
 */
export type LoggedDecision = {
  readonly eventId: string;
  readonly at: Instant;
  readonly job: string;
  readonly code: string;
  readonly policy: string;
  readonly order: string | null;
  readonly recordId: string;
  readonly status: Status;
  readonly rule: MatchRule | null;
  readonly reason: string | null;
  readonly mismatches: readonly Mismatch[];
  readonly refund: StorefrontRefund | null;
  readonly documents: readonly ErpDocument[];
  readonly resolution: Resolution | null;
};

export async function appendDecisions(
  objects: Objects,
  records: readonly SyncRecord[],
  by: { readonly now: Instant; readonly job: string; readonly policy: string },
): Promise<void> {
  if (records.length === 0) return;
  const lines = records.map((record) => JSON.stringify(decision(record, by)));
  const body = `${lines.toSorted().join("\n")}\n`;
  const name = createHash("sha256").update(body).digest("hex").slice(0, 16);
  const key = `${dayPrefix(by.now.slice(0, 10))}${compact(by.now)}-${by.job}-${name}.ndjson.gz`;
  await objects.put(key, gzipSync(body), "application/x-ndjson");
}

/** Keys of the objects with the decisions of these UTC days, oldest first. */
export async function decisionKeys(
  objects: Objects,
  days: readonly string[],
): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const day of days) keys.push(...(await objects.list(dayPrefix(day))));
  return keys;
}

/** Whether a job logged anything between these instants (both excluded). It reads only keys. */
export async function hasLogged(
  objects: Objects,
  job: string,
  { after, before }: { readonly after: Instant; readonly before: Instant },
): Promise<boolean> {
  for (const prefix of hourPrefixes(after, before)) {
    const keys = await objects.list(prefix);
    const isBetween = (key: string): boolean => {
      const at = key.slice(key.lastIndexOf("/") + 1).slice(0, compact(after).length);
      return key.includes(`-${job}-`) && at > compact(after) && at < compact(before);
    };
    if (keys.some(isBetween)) return true;
  }
  return false;
}

/** The decisions in these objects, in the order of the keys. */
export async function decisionsAt(
  objects: Objects,
  keys: readonly string[],
): Promise<readonly LoggedDecision[]> {
  const decisions: LoggedDecision[] = [];
  await forEachIn(objects, keys, (one) => decisions.push(one));
  return decisions;
}

/** Every decision logged on these UTC days, oldest first. */
export async function readDecisions(
  objects: Objects,
  days: readonly string[],
): Promise<readonly LoggedDecision[]> {
  return decisionsAt(objects, await decisionKeys(objects, days));
}

/** The same, a few objects at a time: so a caller that needs little of each uses little memory. */
export async function forEachDecision(
  objects: Objects,
  days: readonly string[],
  take: (decision: LoggedDecision) => void,
): Promise<void> {
  for (const day of days) await forEachIn(objects, await decisionKeys(objects, [day]), take);
}

/** Every decision in these objects, a few objects at a time. */
export async function forEachIn(
  objects: Objects,
  keys: readonly string[],
  take: (decision: LoggedDecision) => void,
): Promise<void> {
  await forEachLine(objects, keys, (line) => take(lineSchema.parse(line)));
}

/** The times of the refund and the documents of each decision in these objects, read faster. */
export async function forEachTimes(
  objects: Objects,
  keys: readonly string[],
  take: (key: string, times: readonly Instant[]) => void,
): Promise<void> {
  await forEachLine(objects, keys, (line, key) => {
    const { refund, documents } = timesSchema.parse(line);
    const booked = documents.map(({ createdAt }) => createdAt);
    take(key, refund === null ? booked : [refund.processedAt, ...booked]);
  });
}

async function forEachLine(
  objects: Objects,
  keys: readonly string[],
  take: (line: unknown, key: string) => void,
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const some = keys.slice(at, at + AT_ONCE);
    const bodies = await limit.map(some, async (key) => ({ key, body: await objects.get(key) }));
    for (const { key, body } of bodies) {
      if (body === null) continue;
      for (const line of gunzipSync(body).toString().trimEnd().split("\n")) {
        const value: unknown = JSON.parse(line);
        take(value, key);
      }
    }
  }
}

/** The version of the code that decides; written in every line. */
export const CODE_VERSION = "0.4.0";

function decision(
  record: SyncRecord,
  by: { readonly now: Instant; readonly job: string; readonly policy: string },
): LoggedDecision {
  const { id, order, status, match, mismatches, refund, documents, resolution } = record;
  const outcome = { order, recordId: id, status, rule: match?.rule ?? null, mismatches };
  const sides = { refund, documents, resolution };
  const eventId = createHash("sha256")
    .update(JSON.stringify([outcome, sides]))
    .digest("hex");
  return {
    eventId: eventId.slice(0, 24),
    at: by.now,
    job: by.job,
    code: CODE_VERSION,
    policy: by.policy,
    ...outcome,
    reason: match?.reason ?? null,
    ...sides,
  };
}

/** The instant as it is written in an object key. */
function compact(at: Instant): string {
  return at.replaceAll(":", "");
}

function hourPrefixes(from: Instant, to: Instant): readonly string[] {
  const first = Math.floor(Date.parse(from) / HOUR_MS);
  const count = Math.floor(Date.parse(to) / HOUR_MS) - first + 1;
  return Array.from({ length: count }, (_, index) => {
    const hour = new Date((first + index) * HOUR_MS).toISOString();
    return `${dayPrefix(hour.slice(0, 10))}${hour.slice(0, 13)}`;
  });
}

function dayPrefix(day: string): string {
  return `${PREFIXES.log}${day.replaceAll("-", "/")}/`;
}

const HOUR_MS = 3_600_000;
const AT_ONCE = 10;

const timesSchema = z.object({
  refund: z.object({ processedAt: z.string() }).nullable(),
  documents: z.array(z.object({ createdAt: z.string() })),
});

const lineSchema = z.object({
  eventId: z.string(),
  at: z.string(),
  job: z.string(),
  code: z.string(),
  policy: z.string(),
  order: z.string().nullable(),
  recordId: z.string(),
  status: z.enum(STATUSES),
  rule: z.enum(MATCH_RULES).nullable(),
  reason: z.string().nullable(),
  mismatches: z.array(mismatchSchema),
  refund: storefrontRefundSchema.nullable(),
  documents: z.array(erpDocumentSchema),
  resolution: resolutionSchema.nullable(),
});

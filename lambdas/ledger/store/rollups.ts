import pLimit from "p-limit";
import * as z from "zod";

import { PREFIXES } from "../../names.ts";
import { dailyRollupSchema, ROLLUP_VERSION } from "../../refund/diagnosis/rollup/daily-rollup.ts";
import { rollUp } from "../../refund/diagnosis/rollup/roll-up.ts";
import type { DailyRollup } from "../../refund/diagnosis/rollup/daily-rollup.ts";
import type { Instant } from "../../refund/time/instant.ts";
import { checkpointOf } from "../../refund/record/checkpoint.ts";
import { saveCheckpoints } from "./checkpoints.ts";
import type { SyncRecord } from "../../refund/record/sync-record.ts";
import type { Policy } from "../../refund/policy.ts";
import { dayBefore } from "../../refund/time/business-day.ts";
import type { BusinessDay } from "../../refund/time/business-day.ts";
import type { Objects } from "../ports.ts";

/**
 * The stored roll-ups of these days. One of an earlier version counts as not made: its day is rolled
 * up again.
 */
export async function readRollups(
  objects: Objects,
  days: readonly BusinessDay[],
): Promise<ReadonlyMap<string, DailyRollup>> {
  const limit = pLimit(AT_ONCE);
  const bodies = await limit.map([...days], async ({ date }) => objects.get(rollupKey(date)));
  const found = bodies.flatMap((body) => (body === null ? [] : readRollup(body)));
  return new Map(found.map((rollup) => [rollup.day, rollup]));
}

/** The days that diagnosis uses, the newest first. */
export function lookBackDays(
  day: BusinessDay,
  timeZone: string,
  count = LOOK_BACK_DAYS,
): BusinessDay[] {
  return Array.from({ length: count }, (_, back) => dayBefore(day, back, timeZone));
}

/**
 * Makes the roll-ups of these days again, and the checkpoints of their refunds. An unchanged roll-up
 * is not written.
 */
export async function saveRollups(
  objects: Objects,
  days: readonly BusinessDay[],
  records: readonly SyncRecord[],
  rules: {
    readonly policy: Policy;
    readonly now: Instant;
    readonly before: ReadonlyMap<string, DailyRollup>;
  },
): Promise<readonly DailyRollup[]> {
  const { before, ...by } = rules;
  const made = days.map(({ date, from, to }) => {
    const ofTheDay = records.filter((record) => touches(record, from, to));
    const checkpoints = ofTheDay
      .filter(({ refund }) => refund !== null && isWithin(refund.processedAt, from, to))
      .flatMap((record) => checkpointOf(record, by.policy, by.now) ?? []);
    return {
      rollup: dailyRollupSchema.parse(rollUp({ day: date, records: ofTheDay, ...by })),
      checkpoints,
    };
  });
  for (const { rollup, checkpoints } of made) {
    await saveCheckpoints(objects, rollup.day, checkpoints);
    if (JSON.stringify(before.get(rollup.day)) === JSON.stringify(rollup)) continue;
    await objects.put(rollupKey(rollup.day), JSON.stringify(rollup), "application/json");
  }
  return made.map(({ rollup }) => rollup);
}

function readRollup(body: Uint8Array): DailyRollup[] {
  const value: unknown = JSON.parse(Buffer.from(body).toString());
  return versionSchema.parse(value).version < ROLLUP_VERSION
    ? []
    : [dailyRollupSchema.parse(value)];
}

const versionSchema = z.object({ version: z.int() });

function touches({ refund, documents }: SyncRecord, from: Instant, to: Instant): boolean {
  const times = [refund?.processedAt, ...documents.map(({ createdAt }) => createdAt)];
  return times.some((at) => at !== undefined && isWithin(at, from, to));
}

function isWithin(at: Instant, from: Instant, to: Instant): boolean {
  return at >= from && at < to;
}

function rollupKey(date: string): string {
  return `${PREFIXES.rollups}${date}.json`;
}

const LOOK_BACK_DAYS = 30;
const AT_ONCE = 10;

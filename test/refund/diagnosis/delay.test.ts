import { expect, it } from "vitest";

import { Delay } from "../../../lambdas/refund/diagnosis/knowledge/delay.ts";
import { channelPath } from "../../../lambdas/refund/observation/tenders.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import { instantOf, msOf } from "../../../lambdas/refund/time/instant.ts";
import { matched, missing, NOW, refund } from "./refund-in-step.ts";
import { rollUps } from "./rolled-up.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const END = msOf(NOW);

it("does not let one refund that was sent again promise the return of all others", () => {
  const usual = everyHour(1_000, 2 * HOUR);
  const lost = lostOnes(20);
  const before = chanceOf([...usual, ...lost], 26 * HOUR);
  const again = arrived(5_000, END - 9 * DAY, 9.5 * DAY - DAY);
  expect(before).toBe(0);
  expect(chanceOf([...usual, ...lost, again], 26 * HOUR)).toBe(0);
});

it("does not take a backfill of lost refunds for refunds that arrive late by themselves", () => {
  const filled = Array.from({ length: 30 }, (_, n) => {
    const settled = END - 20 * DAY + n * 7 * HOUR;
    return arrived(6_000 + n, settled, END - 5 * DAY - settled);
  });
  expect(chanceOf([...everyHour(700, 2 * HOUR), ...filled, ...lostOnes(10)], 30 * HOUR)).toBe(0);
});

it("does not take a backfill of a tenth of all refunds for the usual delay", () => {
  const filled = Array.from({ length: 80 }, (_, n) => {
    const settled = END - 20 * DAY + n * 4 * HOUR;
    return arrived(6_000 + n, settled, END - 5 * DAY - settled);
  });
  const delay = learn([...everyHour(700, 2 * HOUR), ...filled, ...lostOnes(10)]);
  expect(said(delay, 30 * HOUR)).toBe(0);
  expect(delay.percentile(0.99)).toBe(2 * HOUR);
});

it("says nothing of a wait that is longer than anything that was watched", () => {
  const young = Array.from({ length: 40 }, (_, n) =>
    arrived(n, END - 5 * HOUR + n * 60_000, (n % 5) * 10 * 60_000 + 60_000),
  );
  const delay = learn(young);
  expect(said(delay, 20 * 60_000)).toBeGreaterThan(0.5);
  expect(learn(young.slice(0, 5)).ofRefund(waiting(20 * 60_000)).chance).toBeNull();
});

it("waits through a weekend on which no batch runs, and not a batch longer", () => {
  const records = dailyBatches({ onWeekends: false });
  const saturday = msOf("2026-11-21T23:00:00.000Z");
  const monday = msOf("2026-11-23T23:00:00.000Z");
  const friday = "2026-11-20T23:30:00.000Z";
  const atWeekend = new Delay(rollUps(until(records, saturday)), instantOf(saturday));
  const after = new Delay(rollUps(until(records, monday)), instantOf(monday));
  expect(atWeekend.ofRefund({ settledAt: friday, path: PATH }).chance).toBeGreaterThan(0.9);
  expect(after.ofRefund({ settledAt: friday, path: PATH })).toMatchObject({
    passedOver: 1,
    chance: 0,
  });
});

it("tells a refund that a batch passed over from one that waits for its first batch", () => {
  const delay = learn(dailyBatches({ onWeekends: true }));
  // The batch runs at 22:00; it is noon.
  const [passed, first] = ["2026-11-21T21:00:00.000Z", "2026-11-21T23:00:00.000Z"];
  expect(delay.ofRefund({ settledAt: passed, path: PATH })).toMatchObject({
    passedOver: 1,
    chance: 0,
  });
  expect(delay.ofRefund({ settledAt: first, path: PATH }).chance).toBeGreaterThan(0.9);
});

it("gives a channel with a rhythm of its own a curve of its own", () => {
  const web = Array.from({ length: 600 }, (_, n) =>
    arrived(n, END - HOUR - n * 40 * 60_000, 20 * 60_000),
  );
  const store = Array.from({ length: 100 }, (_, n) => {
    const settled = END - 2 * DAY - n * 5 * HOUR;
    return arrived(7_000 + n, settled, 26 * HOUR - (settled % (6 * HOUR)), "pos");
  });
  const delay = learn([...web, ...store]);
  const of = (channel: string) =>
    delay.ofRefund({ ...waiting(10 * HOUR), path: channelPath(refund(1, { channel })) });
  expect(of("web").chance).toBe(0);
  expect(of("pos").chance).toBeGreaterThan(0.9);
  expect(of("pos").ownPath).toBe(true);
});

it("leaves what never arrives out of the percentiles of the gap", () => {
  const delay = learn([...everyHour(600, 2 * HOUR), ...lostOnes(30)]);
  expect(delay.percentile(0.5)).toBe(2 * HOUR);
  expect(delay.percentile(0.99)).toBe(2 * HOUR);
});

it("shows no lag of a document whose time of creation the ERP does not state", () => {
  const unknown = Array.from({ length: 50 }, (_, n) => ({
    ...arrived(n, END - DAY - n * HOUR, HOUR),
    gapMs: null,
  }));
  expect(learn(unknown).percentile(0.5)).toBeNull();
});

const PATH = channelPath(refund(1));

function learn(records: readonly SyncRecord[]): Delay {
  return new Delay(rollUps(records), NOW);
}

function chanceOf(records: readonly SyncRecord[], waitedMs: number): number | null {
  return said(learn(records), waitedMs);
}

function said(delay: Delay, waitedMs: number): number | null {
  return delay.ofRefund(waiting(waitedMs)).chance;
}

function waiting(waitedMs: number) {
  return { settledAt: instantOf(END - waitedMs), path: PATH };
}

function arrived(id: number, settled: number, lag: number, channel = "web"): SyncRecord {
  const of = refund(id, {
    processedAt: instantOf(settled),
    settledAt: instantOf(settled),
    channel,
  });
  return matched(of, { createdAt: instantOf(settled + lag) });
}

function everyHour(count: number, lag: number): SyncRecord[] {
  return Array.from({ length: count }, (_, n) =>
    arrived(n, END - 2 * DAY - n * (40 * 60_000), lag),
  );
}

function lostOnes(count: number): SyncRecord[] {
  return Array.from({ length: count }, (_, n) => {
    const at = instantOf(END - 26 * HOUR - n * 31 * HOUR);
    return missing(refund(9_000 + n, { processedAt: at, settledAt: at }));
  });
}

/** Two refunds an hour for three weeks, brought by a batch at 22:00 UTC. */
function dailyBatches({ onWeekends }: { readonly onWeekends: boolean }): SyncRecord[] {
  return Array.from({ length: 1_000 }, (_, n) => {
    const settled = msOf("2026-11-02T01:00:00.000Z") + n * (30 * 60_000);
    const next = Math.floor((settled + 2 * HOUR) / DAY) * DAY + 22 * HOUR;
    const batch = onWeekends ? next : afterWeekend(next);
    return arrived(n, settled, batch + 120_000 - settled);
  }).filter(({ documents }) => (documents[0]?.createdAt ?? "") <= NOW || !onWeekends);
}

function afterWeekend(at: number): number {
  return [0, 6].includes(new Date(at).getUTCDay()) ? afterWeekend(at + DAY) : at;
}

/** The records as they were at an instant. */
function until(records: readonly SyncRecord[], now: number): SyncRecord[] {
  return records.flatMap((record) => {
    if (record.refund === null || record.refund.processedAt > instantOf(now)) return [];
    const came = (record.documents[0]?.createdAt ?? "") <= instantOf(now);
    return [
      came ? record : { ...missing(record.refund), status: "pending" as const, mismatches: [] },
    ];
  });
}

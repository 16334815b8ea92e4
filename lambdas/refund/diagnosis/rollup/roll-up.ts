import { isClaim, isExpectedInErp } from "../../observation/nothing-to-book.ts";
import { burstsOf } from "./bursts.ts";
import { ROLLUP_VERSION } from "./daily-rollup.ts";
import type { DailyRollup } from "./daily-rollup.ts";
import { failureOf } from "../features/failure.ts";
import { factsOf } from "../features/record-facts.ts";
import { dayOf } from "../../time/local-day.ts";
import { quartersOf } from "./quarters.ts";
import type { Instant } from "../../time/instant.ts";
import { RollupTally } from "./rollup-tally.ts";
import { checkpointOf } from "../../record/checkpoint.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import type { Policy } from "../../policy.ts";

/**
 * @param day local calendar day of the brand, "2026-11-22"
 * @param records refunds processed that day and refunds whose documents were created that day, in
 *   their latest version; others are left out
 */
export function rollUp({ day, records, policy, now }: RollUpInput): DailyRollup {
  const inOrder = records.filter(isOurs).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const ofTheDay = inOrder.filter((record) => {
    const began = beganAt(record);
    return began !== undefined && dayOf(began, policy.timeZone) === day;
  });
  const outcomes = ofTheDay.filter(isDecided).map(outcomeOf);
  const bursts = burstsOf(outcomes);
  const tally = new RollupTally(bursts);
  for (const { documents, gapMs } of inOrder) {
    if (gapMs !== null && gapMs < 0) continue; // the ERP had the refund first: no batch brought it
    for (const document of documents) {
      if (dayOf(document.createdAt, policy.timeZone) === day) tally.countArrival(document);
    }
  }
  for (const record of ofTheDay) {
    const facts = factsOf(record, policy);
    if (record.refund === null && facts.failure !== null) {
      tally.countFailure(facts.failure, record.id);
    }
    if (record.refund === null || !movedMoney(record)) continue;
    tally.countLag(record, record.refund);
    tally.countBooking(record, record.refund);
    tally.countCredit(record.refund);
    if (isDecided(record)) tally.countRefund(facts);
  }
  return {
    version: ROLLUP_VERSION,
    day,
    rolledUpAt: now,
    bursts: bursts.map((burst) => ({ ...burst, paths: tally.pathsWithin(burst) })),
    quarters: quartersOf(outcomes),
    checkpoints: countCheckpoints(ofTheDay, policy, now),
    ...tally.counts(),
  };
}

export type RollUpInput = {
  readonly day: string;
  readonly records: readonly SyncRecord[];
  readonly policy: Policy;
  readonly now: Instant;
};

function countCheckpoints(
  ofTheDay: readonly SyncRecord[],
  policy: Policy,
  now: Instant,
): DailyRollup["checkpoints"] {
  const counts = { passed: 0, flagged: 0, waiting: 0, notYet: 0 };
  for (const record of ofTheDay) {
    if (record.refund === null || isClaim(record.refund)) continue;
    counts[checkpointOf(record, policy, now)?.result ?? "notYet"] += 1;
  }
  return counts;
}

/** Documents of another business show nothing about this shop. */
function isOurs({ refund, ownership, benign }: SyncRecord): boolean {
  return refund !== null || (ownership === null && !benign.includes("outside_scope"));
}

/** Whether the ERP should have this refund. */
function movedMoney({ refund, benign }: SyncRecord): boolean {
  if (refund === null || isClaim(refund) || !/[1-9]/.test(refund.settled)) return false;
  return isExpectedInErp(benign);
}

function beganAt({ refund, documents }: SyncRecord): Instant | undefined {
  return refund?.processedAt ?? documents[0]?.createdAt;
}

function isDecided(record: SyncRecord): boolean {
  return movedMoney(record) && record.status !== "pending";
}

function outcomeOf(record: SyncRecord): { at: Instant; missing: boolean } {
  const failure = failureOf(record);
  return { at: beganAt(record) ?? "", missing: failure === "missing" || failure === "late" };
}

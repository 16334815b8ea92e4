import { dayOf } from "../../lambdas/refund/time/local-day.ts";
import type { Instant } from "../../lambdas/refund/time/instant.ts";
import { learnHabits } from "../../lambdas/refund/diagnosis/knowledge/booking-habits.ts";
import { rollUp } from "../../lambdas/refund/diagnosis/rollup/roll-up.ts";
import type { DailyRollup } from "../../lambdas/refund/diagnosis/rollup/daily-rollup.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";
import type { Policy } from "../../lambdas/refund/policy.ts";
import { OwnershipEvidence } from "../../lambdas/refund/observation/learn-ownership.ts";
import { tieOutAll } from "../../lambdas/refund/tie-out/tie-out-all.ts";
import type { Life } from "../../local/life/life.ts";
import type { Observed } from "./observed-life.ts";

/** Every record of a life at an instant, as the product makes it. */
export function tieOutLife(observed: Observed, policy: Policy, now: Instant): SyncRecord[] {
  return tieOutAll(observed, policy, now);
}

/** With what the product learns from these observations about the owners of documents. */
export function withLearned(
  policy: Policy,
  { refunds, documents }: Observed,
  now: Instant,
): Policy {
  const evidence = new OwnershipEvidence(policy);
  for (const refund of refunds) evidence.addRefund(refund);
  for (const document of documents) evidence.addDocument(document);
  return { ...policy, learned: evidence.learned(now) };
}

/** With what the product learns from this life about how the ERP books and pays out. */
export function withHabits(policy: Policy, observed: Observed, now: Instant): Policy {
  const rollups = rollUpLife(tieOutLife(observed, policy, now), policy, now);
  const today = dayOf(now, policy.timeZone);
  return { ...policy, habits: learnHabits(rollups, [], { now, today }) };
}

export function policyOfLife(life: Life): Policy {
  return {
    brandCurrency: life.shop.currency,
    timeZone: life.shop.timeZone,
    orderPrefixes: life.settings.orderPrefixes,
    windowMs: 72 * 3_600_000,
    tolerancePerLine: "0.00",
    staleAfterMs: life.planted.lateAfterHours * 3_600_000,
    checkpointAfterMs: 24 * 3_600_000,
    approvalLimit: life.settings.approvalLimit,
    integrationUsers: life.settings.erpMachines.flatMap(({ id, name }) => [id, name]),
    integrationApps: life.settings.storefrontMachines,
  };
}

/** The roll-ups of every local day of a life. */
export function rollUpLife(
  records: readonly SyncRecord[],
  policy: Policy,
  now: Instant,
): DailyRollup[] {
  const byDay = new Map<string, SyncRecord[]>();
  for (const record of records) {
    const times = [
      record.refund?.processedAt,
      ...record.documents.map(({ createdAt }) => createdAt),
    ];
    for (const day of new Set(
      times.flatMap((time) => (time === undefined ? [] : dayOf(time, policy.timeZone))),
    )) {
      const seen = byDay.get(day) ?? [];
      seen.push(record);
      byDay.set(day, seen);
    }
  }
  return [...byDay]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, ofTheDay]) => rollUp({ day, records: ofTheDay, policy, now }));
}

import { diagnose } from "../../../lambdas/refund/diagnosis/diagnose.ts";
import type { Diagnosed, DiagnosisInput } from "../../../lambdas/refund/diagnosis/diagnose.ts";
import { dayOf } from "../../../lambdas/refund/time/local-day.ts";
import { rollUp } from "../../../lambdas/refund/diagnosis/rollup/roll-up.ts";
import type { DailyRollup } from "../../../lambdas/refund/diagnosis/rollup/daily-rollup.ts";
import { EXCEPTION_STATUSES } from "../../../lambdas/refund/record/sync-record.ts";
import type { Policy } from "../../../lambdas/refund/policy.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import { NOW, POLICY } from "./refund-in-step.ts";

/** A roll-up for every day that these records touch, oldest first. */
export function rollUps(records: readonly SyncRecord[]): DailyRollup[] {
  const days = new Set(
    records.flatMap(({ refund, documents }) =>
      [refund?.processedAt, ...documents.map(({ createdAt }) => createdAt)].flatMap((at) =>
        at === undefined ? [] : dayOf(at, POLICY.timeZone),
      ),
    ),
  );
  return [...days].toSorted().map((day) => rollUp({ day, records, policy: POLICY, now: NOW }));
}

export function lookAt(
  records: readonly SyncRecord[],
  answers: DiagnosisInput["answers"] = [],
  policy: Policy = POLICY,
): Diagnosed {
  return diagnose({
    rollups: rollUps(records),
    exceptions: records.filter(({ status }) => EXCEPTION_STATUSES.has(status)),
    policy,
    now: NOW,
    answers,
  });
}

import { diagnose } from "../../lambdas/refund/diagnosis/diagnose.ts";
import type { Diagnosed } from "../../lambdas/refund/diagnosis/diagnose.ts";
import { dayOf } from "../../lambdas/refund/time/local-day.ts";
import type { Instant } from "../../lambdas/refund/time/instant.ts";
import type { DailyRollup } from "../../lambdas/refund/diagnosis/rollup/daily-rollup.ts";
import { EXCEPTION_STATUSES } from "../../lambdas/refund/record/sync-record.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";
import type { Life, Truth } from "../../local/life/life.ts";
import { observe } from "./observed-life.ts";
import type { Observed } from "./observed-life.ts";
import { policyOfLife, rollUpLife, tieOutLife, withHabits, withLearned } from "./tied-life.ts";
import { truthsById } from "./truths-by-id.ts";

/** The product's diagnosis of a life at an instant, from the last thirty days, as in the digest. */
export function judgeLife(life: Life, now: Instant): JudgedLife {
  return judgeObserved(life, observe(life, now), now);
}

/** The same for a life that was observed already, on any pair of platforms. */
export function judgeObserved(life: Life, observed: Observed, now: Instant): JudgedLife {
  const policy = withHabits(withLearned(policyOfLife(life), observed, now), observed, now);
  const records = tieOutLife(observed, policy, now);
  const allDays = rollUpLife(records, policy, now);
  const from = dayOf(new Date(Date.parse(now) - KEPT_MS).toISOString(), policy.timeZone);
  const rollups = allDays.filter(({ day }) => day >= from);
  const open = records.filter(({ status }) => EXCEPTION_STATUSES.has(status));
  const said = diagnose({ rollups, exceptions: open, policy, now });
  const truths = truthsById(life);
  return {
    records,
    rollups: allDays,
    said,
    exceptions: open.map((record) => {
      const diagnosis = said.diagnoses.get(record.id);
      return {
        record,
        truth: truths.of(record),
        cause: diagnosis?.cause ?? "undetermined",
        pattern: diagnosis?.pattern ?? null,
        confidence: diagnosis?.confidence ?? 0,
      };
    }),
  };
}

export type JudgedLife = {
  readonly records: readonly SyncRecord[];
  /** Of the whole life. */
  readonly rollups: readonly DailyRollup[];
  readonly said: Diagnosed;
  readonly exceptions: readonly JudgedException[];
};

export type JudgedException = {
  readonly record: SyncRecord;
  /** Null for a record without a truth. */
  readonly truth: Truth | null;
  readonly cause: string;
  readonly pattern: string | null;
  readonly confidence: number;
};

const KEPT_MS = 30 * 86_400_000;

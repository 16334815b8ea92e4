import type { Diagnosis } from "../patterns/diagnosis.ts";
import { failureOf } from "../features/failure.ts";
import type { Failure } from "../features/failure.ts";
import { featuresOf } from "../features/features.ts";
import type { Features } from "../features/features.ts";
import { formulaOf } from "../features/difference-formula.ts";
import { hypothesesFor } from "./hypotheses.ts";
import type { Hypothesis } from "./hypothesis.ts";
import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import type { Policy } from "../../policy.ts";
import { verdictOf } from "./weigh-hypotheses.ts";

/** An open exception with all that is known of it, on its way into a cohort. */
export type DiagnosedException = {
  readonly record: SyncRecord;
  readonly failure: Failure;
  /** Null for an ERP document without a refund: there is nothing to have features. */
  readonly features: Features | null;
  readonly hypotheses: readonly Hypothesis[];
  readonly diagnosis: Diagnosis;
  /** What went wrong and how: exceptions with the same signature may have one cause. */
  readonly signature: string;
};

export function diagnosedException(
  record: SyncRecord,
  policy: Policy,
  brand: BrandKnowledge | null,
): DiagnosedException | null {
  const failure = failureOf(record);
  if (failure === null) return null;
  const hypotheses = hypothesesFor(record, policy, brand);
  const diagnosis = verdictOf(hypotheses);
  const slip = formulaOf(record)?.slip ?? "";
  return {
    record,
    failure,
    features: record.refund === null ? null : featuresOf(record.refund, policy),
    hypotheses,
    diagnosis,
    signature: diagnosis.pattern ?? (slip === "" ? failure : `${failure}: ${slip}`),
  };
}

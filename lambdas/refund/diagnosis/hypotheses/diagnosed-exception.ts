import type { Policy } from "../../policy.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import type { Failure } from "../features/failure.ts";
import { factsOf } from "../features/record-facts.ts";
import type { RecordFacts } from "../features/record-facts.ts";
import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import type { Diagnosis } from "../patterns/diagnosis.ts";
import { hypothesesFor } from "./hypotheses.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { verdictOf } from "./weigh-hypotheses.ts";

/** An open exception with all that is known about it, before it is put into a cohort. */
export type DiagnosedException = RecordFacts & {
  readonly failure: Failure;
  readonly hypotheses: readonly Hypothesis[];
  readonly diagnosis: Diagnosis;
  /** What went wrong and how: exceptions with the same signature may have one cause. */
  readonly signature: string;
};

/** @returns null for a record without a failure */
export function diagnosedException(
  record: SyncRecord,
  policy: Policy,
  brand: BrandKnowledge | null,
): DiagnosedException | null {
  const facts = factsOf(record, policy);
  const { failure, formula } = facts;
  if (failure === null) return null;
  const hypotheses = hypothesesFor(facts, policy, brand);
  const diagnosis = verdictOf(hypotheses);
  const signature = diagnosis.pattern ?? (formula === null ? failure : `${failure}: ${formula}`);
  return { ...facts, failure, hypotheses, diagnosis, signature };
}

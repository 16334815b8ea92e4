import type { Policy } from "../../policy.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import { differenceOf } from "./difference.ts";
import type { Difference } from "./difference.ts";
import { formulaOf } from "./difference-formula.ts";
import type { FormulaName } from "./difference-formula.ts";
import { failureOf } from "./failure.ts";
import type { Failure } from "./failure.ts";
import { featuresOf } from "./features.ts";
import type { Features } from "./features.ts";
import { touchesOf } from "./human-touch.ts";
import type { HumanTouch } from "./human-touch.ts";
import { workflowPathOf } from "./workflow-path.ts";
import type { WorkflowPath } from "./workflow-path.ts";

/** The facts of one record, computed once and given to every part of the diagnosis. */
export type RecordFacts = {
  readonly record: SyncRecord;
  /** Null for a record without a failure. */
  readonly failure: Failure | null;
  /** Null where nothing can be subtracted. */
  readonly difference: Difference | null;
  /** The formula that gives the difference to the cent; null where none does. */
  readonly formula: FormulaName | null;
  readonly touches: readonly HumanTouch[];
  /** Null for an ERP document without a refund; so is `path`. */
  readonly features: Features | null;
  readonly path: WorkflowPath | null;
};

export function factsOf(record: SyncRecord, policy: Policy): RecordFacts {
  const { refund } = record;
  const difference = differenceOf(record);
  const features = refund === null ? null : featuresOf(refund, policy);
  return {
    record,
    failure: failureOf(record),
    difference,
    formula: refund === null || difference === null ? null : formulaOf(refund, difference),
    touches: touchesOf(record),
    features,
    path: features === null ? null : workflowPathOf(features),
  };
}

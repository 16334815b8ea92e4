import type { QuestionAnswer } from "./question.ts";
import { touchesOf } from "../features/human-touch.ts";
import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * The answers that one record alone can give to the five questions: only whether a person touched
 * it. The other questions need similar records for comparison.
 */
export function answersOfRecord(record: SyncRecord): readonly QuestionAnswer[] {
  const touches = touchesOf(record);
  const touched = touches.filter((one) => one.touched).map(({ kind }) => kind);
  if (touched.length > 0) {
    return [{ id: 2, answer: "yes", points: "process", evidence: touched.join(", ") }];
  }
  if (touches.length === 0) return [];
  const evidence = touches.map(({ kind }) => `${kind}: no`).join(", ");
  return [{ id: 2, answer: "no", points: "integration", evidence }];
}

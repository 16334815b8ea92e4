import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";
import type { Life, Truth } from "../../local/life/life.ts";

/** Finds the truth about a record: by its refund, or else by any of its documents. */
export function truthsById(life: Life): Truths {
  const byRefund = new Map<string, Truth>();
  const byDocument = new Map<string, Truth>();
  for (const truth of life.truths) {
    if (truth.refundId !== null) byRefund.set(truth.refundId, truth);
    for (const id of truth.documentIds) byDocument.set(id, truth);
  }
  return {
    of: ({ refund, documents }) =>
      (refund === null ? undefined : byRefund.get(refund.refundId)) ??
      documents.flatMap(({ documentId }) => byDocument.get(documentId) ?? [])[0] ??
      null,
  };
}

export type Truths = { readonly of: (record: SyncRecord) => Truth | null };

import type { SyncRecord } from "../../record/sync-record.ts";

/** The ERP has the payout of a credit memo, and no credit memo. */
export function isPayoutAlone({ documents }: Pick<SyncRecord, "documents">): boolean {
  return documents.length > 0 && documents.every(({ kind }) => kind === "customer_refund");
}

import type {
  ErpDocument,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";
import { buildComponents, buildDocument, buildRecord, buildRefund } from "./builders.ts";

/** A refund that both sides tell alike: tests spoil one thing of it. */
export function recordInStep(id = "1", change: Partial<SyncRecord> = {}): SyncRecord {
  const refund = refundInStep(id);
  return buildRecord({
    id: `refund:${id}`,
    order: refund.orderNumber.slice(1),
    refund,
    documents: [documentInStep(id)],
    match: { rule: "reference", reason: "the memo carries the refund's id", sharedWith: [] },
    gapMs: 10 * 60_000,
    ...change,
  });
}

/** The same refund, not in the ERP after the time allowed. */
export function staleRecord(id = "1", change: Partial<SyncRecord> = {}): SyncRecord {
  return recordInStep(id, {
    documents: [],
    match: null,
    status: "stale",
    gapMs: null,
    openedAt: "2026-11-22T16:00:00.000Z",
    exposure: "50.00",
    mismatches: [
      {
        kind: "missing_in_erp",
        expected: "50.00",
        actual: "0.00",
        difference: "-50.00",
        currency: "USD",
      },
    ],
    ...change,
  });
}

/** The same refund, booked with another total. */
export function mismatchedRecord(id: string, difference: string): SyncRecord {
  return recordInStep(id, {
    status: "mismatched",
    openedAt: "2026-11-22T10:10:00.000Z",
    exposure: difference.replace("-", ""),
    mismatches: [
      { kind: "amount", expected: "50.00", actual: "48.00", difference, currency: "USD" },
    ],
  });
}

export function refundInStep(id: string, change: Partial<StorefrontRefund> = {}): StorefrontRefund {
  return buildRefund({
    refundId: id,
    orderNumber: `#10${id}`,
    orderCreatedAt: "2026-11-20T10:00:00.000Z",
    createdAt: "2026-11-22T10:00:00.000Z",
    processedAt: "2026-11-22T10:00:00.000Z",
    updatedAt: "2026-11-22T10:00:00.000Z",
    settledAt: "2026-11-22T10:00:00.000Z",
    settled: "50.00",
    components: buildComponents({ items: "50.00" }),
    ...change,
  });
}

export function documentInStep(id: string, change: Partial<ErpDocument> = {}): ErpDocument {
  return buildDocument({
    documentId: `7${id}`,
    documentNumber: `CM${id}`,
    references: [{ field: "external_id", text: id }],
    createdAt: "2026-11-22T10:10:00.000Z",
    modifiedAt: "2026-11-22T10:10:00.000Z",
    bookedOn: "2026-11-22",
    total: "50.00",
    state: "applied",
    createdBy: { id: null, kind: "integration" },
    modifiedBy: { id: null, kind: "integration" },
    ...change,
  });
}

import type {
  ErpDocument,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";

/** A refund that both sides tell alike: tests spoil one thing of it. */
export function recordInStep(id = "1", change: Partial<SyncRecord> = {}): SyncRecord {
  const refund = refundInStep(id);
  return {
    id: `refund:${id}`,
    order: refund.orderNumber.slice(1),
    refund,
    documents: [documentInStep(id)],
    match: { rule: "reference", reason: "the memo carries the refund's id", sharedWith: [] },
    status: "matched",
    mismatches: [],
    benign: [],
    ambiguous: [],
    gapMs: 10 * 60_000,
    openedAt: null,
    resolvedAt: null,
    exposure: "0.00",
    currency: "USD",
    dueAt: null,
    history: [],
    resolution: null,
    ...change,
  };
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
  return {
    role: "storefront",
    refundId: id,
    orderId: `9${id}`,
    orderNumber: `#10${id}`,
    orderCreatedAt: "2026-11-20T10:00:00.000Z",
    createdAt: "2026-11-22T10:00:00.000Z",
    processedAt: "2026-11-22T10:00:00.000Z",
    updatedAt: "2026-11-22T10:00:00.000Z",
    settledAt: "2026-11-22T10:00:00.000Z",
    currency: "USD",
    settled: "50.00",
    pending: "0.00",
    presentment: null,
    components: {
      items: "50.00",
      tax: "0.00",
      shipping: "0.00",
      shippingTax: "0.00",
      duties: "0.00",
      adjustment: "0.00",
      discount: "0.00",
    },
    taxesIncluded: false,
    lines: [],
    transactions: [],
    channel: "web",
    app: null,
    staff: null,
    staffKnown: true,
    retailLocation: null,
    returnId: null,
    returnStatus: null,
    hasNote: false,
    noteHasReference: false,
    discountCodes: 0,
    orderEdited: false,
    customerKey: null,
    benign: [],
    marks: [],
    ...change,
  };
}

export function documentInStep(id: string, change: Partial<ErpDocument> = {}): ErpDocument {
  return {
    role: "erp",
    documentId: `7${id}`,
    documentNumber: `CM${id}`,
    kind: "credit_memo",
    references: [{ field: "external_id", text: id }],
    paymentReferences: [],
    createdAt: "2026-11-22T10:10:00.000Z",
    modifiedAt: "2026-11-22T10:10:00.000Z",
    bookedOn: "2026-11-22",
    period: null,
    periodDates: null,
    currency: "USD",
    total: "50.00",
    tax: null,
    shipping: null,
    discount: null,
    lines: null,
    state: "applied",
    final: true,
    settlement: null,
    reverses: null,
    createdBy: { id: null, kind: "integration" },
    modifiedBy: { id: null, kind: "integration" },
    customerKey: null,
    ...change,
  };
}

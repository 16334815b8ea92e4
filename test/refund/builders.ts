import type {
  Components,
  ErpDocument,
  RefundLine,
  RefundTransaction,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import type { Policy } from "../../lambdas/refund/policy.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";

/**
 * The one place that knows every field of a refund, a document and a record. Each test suite has its
 * own usual refund, made from these; a new field of the model is added here alone.
 */
export function buildRefund(
  of: Partial<StorefrontRefund> &
    Pick<StorefrontRefund, "refundId" | "orderNumber" | "processedAt" | "settled">,
): StorefrontRefund {
  const { processedAt, settled } = of;
  return {
    role: "storefront",
    orderId: `9${of.refundId}`,
    orderCreatedAt: "2026-11-01T08:00:00.000Z",
    createdAt: processedAt,
    updatedAt: processedAt,
    settledAt: processedAt,
    currency: "USD",
    pending: "0.00",
    presentment: null,
    components: buildComponents({ items: settled }),
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
    ...of,
  };
}

export function buildComponents(of: Partial<Components> & Pick<Components, "items">): Components {
  return {
    tax: "0.00",
    shipping: "0.00",
    shippingTax: "0.00",
    duties: "0.00",
    adjustment: "0.00",
    discount: "0.00",
    ...of,
  };
}

export function buildLine(
  of: Partial<RefundLine> & Pick<RefundLine, "lineId" | "amount">,
): RefundLine {
  return {
    sku: "SHIRT",
    quantity: 1,
    tax: "0.00",
    unitPrice: of.amount,
    discount: "0.00",
    discountKinds: [],
    giftCard: false,
    restock: "return",
    location: null,
    ...of,
  };
}

export function buildPayment(
  of: Partial<RefundTransaction> & Pick<RefundTransaction, "id" | "amount" | "processedAt">,
): RefundTransaction {
  return {
    status: "success",
    gateway: "shopify_payments",
    method: "card",
    manual: false,
    presentmentAmount: null,
    rounding: "0.00",
    references: [],
    location: null,
    user: null,
    ...of,
  };
}

export function buildDocument(
  of: Partial<ErpDocument> & Pick<ErpDocument, "documentId" | "createdAt" | "total">,
): ErpDocument {
  return {
    role: "erp",
    documentNumber: `CM${of.documentId}`,
    kind: "credit_memo",
    references: [],
    paymentReferences: [],
    modifiedAt: of.createdAt,
    bookedOn: of.createdAt.slice(0, 10),
    period: null,
    periodDates: null,
    currency: "USD",
    tax: null,
    shipping: null,
    discount: null,
    lines: null,
    state: "open",
    final: true,
    settlement: null,
    reverses: null,
    createdBy: { id: "integration", kind: "integration" },
    modifiedBy: { id: "integration", kind: "integration" },
    customerKey: null,
    company: null,
    ...of,
  };
}

export function buildRecord(of: Partial<SyncRecord> & Pick<SyncRecord, "id">): SyncRecord {
  return {
    order: null,
    refund: null,
    documents: [],
    match: null,
    status: "matched",
    mismatches: [],
    benign: [],
    ambiguous: [],
    gapMs: null,
    openedAt: null,
    resolvedAt: null,
    exposure: "0.00",
    currency: "USD",
    dueAt: null,
    history: [],
    resolution: null,
    ownership: null,
    ...of,
  };
}

export function buildPolicy(of: Partial<Policy> = {}): Policy {
  return {
    brandCurrency: "USD",
    timeZone: "America/New_York",
    orderPrefixes: [],
    windowMs: 72 * 3_600_000,
    tolerancePerLine: "0.00",
    staleAfterMs: 6 * 3_600_000,
    checkpointAfterMs: 24 * 3_600_000,
    approvalLimit: "100.00",
    integrationUsers: [],
    integrationApps: [],
    ...of,
  };
}

import { amountOf, minorUnits } from "../../../lambdas/refund/money/minor-units.ts";
import type {
  ErpDocument,
  StorefrontRefund,
} from "../../../lambdas/refund/observation/observation.ts";
import type { Mismatch } from "../../../lambdas/refund/record/mismatch.ts";
import type { Status, SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import type { Policy } from "../../../lambdas/refund/policy.ts";

/** The refund that is in step, and ways to spoil one thing of it. */
export const POLICY: Policy = {
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
};

export const NOW = "2026-11-22T12:00:00.000Z";

export function refund(
  id: number | string,
  spoiled: Partial<StorefrontRefund> = {},
): StorefrontRefund {
  const at = spoiled.processedAt ?? "2026-11-20T10:00:00.000Z";
  return {
    role: "storefront",
    refundId: String(id),
    orderId: `9${id}`,
    orderNumber: `#${id}`,
    orderCreatedAt: "2026-11-01T10:00:00.000Z",
    createdAt: at,
    processedAt: at,
    updatedAt: at,
    settledAt: at,
    currency: "USD",
    settled: "43.30",
    pending: "0.00",
    presentment: null,
    components: {
      items: "40.00",
      tax: "3.30",
      shipping: "0.00",
      shippingTax: "0.00",
      duties: "0.00",
      adjustment: "0.00",
      discount: "0.00",
    },
    taxesIncluded: false,
    lines: [
      {
        lineId: `l${id}`,
        sku: "SHIRT-1",
        quantity: 1,
        amount: "40.00",
        tax: "3.30",
        unitPrice: "40.00",
        discount: "0.00",
        discountKinds: [],
        giftCard: false,
        restock: "no_restock",
        location: null,
      },
    ],
    transactions: [
      {
        id: `t${id}`,
        status: "success",
        gateway: "card_gateway",
        method: null,
        manual: false,
        amount: "43.30",
        presentmentAmount: null,
        rounding: "0.00",
        references: [`pay-${id}`],
        processedAt: at,
        location: null,
        user: null,
      },
    ],
    channel: "web",
    app: null,
    staff: null,
    staffKnown: true,
    retailLocation: null,
    returnId: `R${id}`,
    returnStatus: "CLOSED",
    hasNote: true,
    noteHasReference: true,
    discountCodes: 0,
    orderEdited: false,
    customerKey: null,
    benign: [],
    marks: [],
    ...spoiled,
  };
}

export function document(of: StorefrontRefund, spoiled: Partial<ErpDocument> = {}): ErpDocument {
  const at =
    spoiled.createdAt ?? new Date(Date.parse(of.processedAt) + 2 * 3_600_000).toISOString();
  return {
    role: "erp",
    documentId: `7${of.refundId}`,
    documentNumber: `CM${of.refundId}`,
    kind: "credit_memo",
    references: [{ field: "external_id", text: of.refundId }],
    paymentReferences: of.transactions.flatMap(({ references }) => references),
    createdAt: at,
    modifiedAt: at,
    bookedOn: at.slice(0, 10),
    period: null,
    periodDates: null,
    currency: of.currency,
    total: of.settled,
    tax: of.components.tax,
    shipping: of.components.shipping,
    discount: null,
    lines: [{ sku: "SHIRT-1", kind: "item", quantity: 1, amount: of.components.items }],
    state: "applied",
    final: true,
    settlement: null,
    reverses: null,
    createdBy: { id: "integration", kind: "integration" },
    modifiedBy: { id: "integration", kind: "integration" },
    customerKey: null,
    ...spoiled,
  };
}

export function matched(of: StorefrontRefund, spoiled: Partial<ErpDocument> = {}): SyncRecord {
  const booked = document(of, spoiled);
  return {
    id: `refund:${of.refundId}`,
    order: of.orderNumber.replace("#", ""),
    refund: of,
    documents: [booked],
    match: { rule: "reference", reason: "the document names the refund", sharedWith: [] },
    status: "matched",
    mismatches: [],
    benign: of.benign,
    ambiguous: [],
    gapMs: Date.parse(booked.createdAt) - Date.parse(of.processedAt),
    openedAt: null,
    resolvedAt: null,
    exposure: "0.00",
    currency: of.currency,
    dueAt: null,
    history: [],
    resolution: null,
  };
}

/** Its goods had a discount taken off them. */
export function discounted(n: number, at: string, discount: string): StorefrontRefund {
  const plain = refund(n, { processedAt: at });
  return {
    ...plain,
    taxesIncluded: true,
    components: { ...plain.components, discount },
    lines: plain.lines.map((line) => ({ ...line, discount, discountKinds: ["code"] })),
  };
}

/** The ERP never heard of it. */
export function missing(of: StorefrontRefund): SyncRecord {
  return {
    ...wrong(matched(of), "stale", [
      {
        kind: "missing_in_erp",
        expected: of.settled,
        actual: "0.00",
        difference: `-${of.settled}`,
        currency: of.currency,
      },
    ]),
    documents: [],
    match: null,
    gapMs: null,
    exposure: of.settled,
  };
}

/** The ERP booked another total: so many minor units more (negative: less). */
export function bookedOff(
  of: StorefrontRefund,
  units: number,
  spoiled: Partial<ErpDocument> = {},
): SyncRecord {
  const total = amountOf(minorUnits(of.settled) + units, of.currency);
  return {
    ...wrong(matched(of, { total, ...spoiled }), "mismatched", [
      {
        kind: "amount",
        expected: of.settled,
        actual: total,
        difference: amountOf(units, of.currency),
        currency: of.currency,
      },
    ]),
    exposure: amountOf(Math.abs(units), of.currency),
  };
}

/** The ERP has the credit, but nothing that names the order. */
export function unreferenced(of: StorefrontRefund, spoiled: Partial<ErpDocument> = {}): SyncRecord {
  return {
    ...wrong(matched(of, { references: [], paymentReferences: [], ...spoiled }), "mismatched", [
      {
        kind: "order_reference_missing",
        expected: of.orderNumber,
        actual: "",
        difference: "",
        currency: of.currency,
      },
    ]),
    match: { rule: "circumstantial", reason: "amount and time", sharedWith: [] },
  };
}

export function wrong(
  record: SyncRecord,
  status: Status,
  mismatches: readonly Mismatch[],
): SyncRecord {
  return { ...record, status, mismatches, openedAt: record.refund?.processedAt ?? NOW };
}

/** `count` of something, the n-th an hour after the one before, backwards from two days before NOW. */
export function each<Made>(count: number, make: (n: number, at: string) => Made): Made[] {
  return Array.from({ length: count }, (_, n) =>
    make(n, new Date(Date.parse(NOW) - 48 * 3_600_000 - n * 40 * 60_000).toISOString()),
  );
}

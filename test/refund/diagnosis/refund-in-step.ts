import { amountOf, minorUnits } from "../../../lambdas/refund/money/minor-units.ts";
import type {
  ErpDocument,
  StorefrontRefund,
} from "../../../lambdas/refund/observation/observation.ts";
import type { Mismatch } from "../../../lambdas/refund/record/mismatch.ts";
import type { Status, SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import type { Policy } from "../../../lambdas/refund/policy.ts";
import {
  buildComponents,
  buildDocument,
  buildLine,
  buildPayment,
  buildPolicy,
  buildRecord,
  buildRefund,
} from "../builders.ts";

/** The refund that is in step, and ways to spoil one thing of it. */
export const POLICY: Policy = buildPolicy();

export const NOW = "2026-11-22T12:00:00.000Z";

export function refund(
  id: number | string,
  spoiled: Partial<StorefrontRefund> = {},
): StorefrontRefund {
  const at = spoiled.processedAt ?? "2026-11-20T10:00:00.000Z";
  return buildRefund({
    refundId: String(id),
    orderNumber: `#${id}`,
    orderCreatedAt: "2026-11-01T10:00:00.000Z",
    processedAt: at,
    settled: "43.30",
    components: buildComponents({ items: "40.00", tax: "3.30" }),
    lines: [
      buildLine({
        lineId: `l${id}`,
        sku: "SHIRT-1",
        amount: "40.00",
        tax: "3.30",
        restock: "no_restock",
      }),
    ],
    transactions: [
      buildPayment({
        id: `t${id}`,
        gateway: "card_gateway",
        method: null,
        amount: "43.30",
        references: [`pay-${id}`],
        processedAt: at,
      }),
    ],
    returnId: `R${id}`,
    returnStatus: "CLOSED",
    hasNote: true,
    noteHasReference: true,
    ...spoiled,
  });
}

export function document(of: StorefrontRefund, spoiled: Partial<ErpDocument> = {}): ErpDocument {
  const at =
    spoiled.createdAt ?? new Date(Date.parse(of.processedAt) + 2 * 3_600_000).toISOString();
  return buildDocument({
    documentId: `7${of.refundId}`,
    documentNumber: `CM${of.refundId}`,
    references: [{ field: "external_id", text: of.refundId }],
    paymentReferences: of.transactions.flatMap(({ references }) => references),
    createdAt: at,
    currency: of.currency,
    total: of.settled,
    tax: of.components.tax,
    shipping: of.components.shipping,
    lines: [{ sku: "SHIRT-1", kind: "item", quantity: 1, amount: of.components.items ?? "0.00" }],
    state: "applied",
    ...spoiled,
  });
}

export function matched(of: StorefrontRefund, spoiled: Partial<ErpDocument> = {}): SyncRecord {
  const booked = document(of, spoiled);
  return buildRecord({
    id: `refund:${of.refundId}`,
    order: of.orderNumber.replace("#", ""),
    refund: of,
    documents: [booked],
    match: { rule: "reference", reason: "the document names the refund", sharedWith: [] },
    benign: of.benign,
    gapMs: Date.parse(booked.createdAt) - Date.parse(of.processedAt),
    currency: of.currency,
  });
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

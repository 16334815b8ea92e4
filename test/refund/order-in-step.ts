import { canonicalAmount, Money } from "../../lambdas/refund/money/money.ts";
import type {
  Components,
  ErpDocument,
  RefundTransaction,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";
import type { Policy } from "../../lambdas/refund/policy.ts";
import { tieOut } from "../../lambdas/refund/tie-out/tie-out.ts";

/** An order whose refund and document agree in everything: tests spoil one thing. */
export const policy: Policy = {
  brandCurrency: "USD",
  timeZone: "America/New_York",
  orderPrefixes: ["SO-"],
  windowMs: 72 * 3_600_000,
  tolerancePerLine: "0.00",
  staleAfterMs: 6 * 3_600_000,
  checkpointAfterMs: 24 * 3_600_000,
  approvalLimit: "100.00",
  integrationUsers: [],
  integrationApps: [],
};

export const NOON = "2026-11-10T12:00:00.000Z";
export const LATER = "2026-11-12T12:00:00.000Z";

/** Hours after noon, as an instant. */
export function hours(count: number): string {
  return new Date(Date.parse(NOON) + count * 3_600_000).toISOString();
}

export function aRefund(
  spoilt: Partial<StorefrontRefund> & { readonly amount?: string } = {},
): StorefrontRefund {
  const { amount, ...rest } = spoilt;
  const currency = rest.currency ?? "USD";
  const settled = rest.settled ?? canonicalAmount(amount ?? "54.00", currency);
  const processedAt = rest.processedAt ?? NOON;
  const refundId = rest.refundId ?? "900001";
  const components = rest.components ?? componentsOf(settled, currency);
  return {
    role: "storefront",
    refundId,
    orderId: "5501",
    orderNumber: "#1001",
    orderCreatedAt: "2026-11-01T08:00:00.000Z",
    createdAt: processedAt,
    processedAt,
    updatedAt: processedAt,
    settledAt: processedAt,
    currency,
    settled,
    pending: canonicalAmount("0", currency),
    presentment: null,
    components,
    taxesIncluded: false,
    lines: [
      {
        lineId: "1",
        sku: "SHIRT",
        quantity: 1,
        amount: components.items,
        tax: components.tax,
        unitPrice: components.items,
        discount: canonicalAmount("0", currency),
        discountKinds: [],
        giftCard: false,
        restock: "return",
        location: null,
      },
    ],
    transactions: [aPayment({ amount: settled, processedAt, id: `t-${refundId}` })],
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
    ...rest,
  };
}

export function aPayment(spoilt: Partial<RefundTransaction> = {}): RefundTransaction {
  return {
    id: "t-1",
    status: "success",
    gateway: "shopify_payments",
    method: "card",
    manual: false,
    amount: "54.00",
    presentmentAmount: null,
    rounding: "0.00",
    references: [],
    processedAt: NOON,
    location: null,
    user: null,
    ...spoilt,
  };
}

export function aDocument(
  spoilt: Partial<ErpDocument> & { readonly refers?: string; readonly order?: string } = {},
): ErpDocument {
  const { refers, order, ...rest } = spoilt;
  const createdAt = rest.createdAt ?? hours(2);
  const documentId = rest.documentId ?? "7001";
  return {
    role: "erp",
    documentId,
    documentNumber: `CM${documentId}`,
    kind: "credit_memo",
    references: [
      ...(order === "" ? [] : [{ field: "order" as const, text: order ?? "#1001" }]),
      ...(refers === undefined ? [] : [{ field: "external_id" as const, text: refers }]),
    ],
    paymentReferences: [],
    createdAt,
    modifiedAt: createdAt,
    bookedOn: createdAt.slice(0, 10),
    period: null,
    periodDates: null,
    currency: "USD",
    total: "54.00",
    tax: null,
    shipping: null,
    discount: null,
    lines: null,
    state: "open",
    final: true,
    settlement: null,
    reverses: null,
    createdBy: { id: "u1", kind: "integration" },
    modifiedBy: { id: "u1", kind: "integration" },
    customerKey: null,
    ...rest,
  };
}

/** Goods, and eight per cent of tax on them, without shipping. */
export function componentsOf(total: string, currency: string): Components {
  const zero = canonicalAmount("0", currency);
  const whole = Money.of(total, currency);
  const tax = whole.times("0.08").dividedBy("1.08").rounded("half-up");
  return {
    items: whole.minus(tax).toString(),
    tax: tax.toString(),
    shipping: zero,
    shippingTax: zero,
    duties: zero,
    adjustment: zero,
    discount: zero,
  };
}

export function tie(
  refunds: readonly StorefrontRefund[],
  documents: readonly ErpDocument[],
  now: string = LATER,
  rules: Policy = policy,
): SyncRecord[] {
  return tieOut({ order: "1001", refunds, documents }, rules, now);
}

/** The record of one refund (or document), by its id. */
export function recordOf(records: readonly SyncRecord[], id: string): SyncRecord {
  const record = records.find((one) => one.id === id);
  if (record === undefined)
    throw new Error(`no record ${id} among ${records.map((r) => r.id).join(", ")}`);
  return record;
}

export function kindsOf(record: SyncRecord | undefined): readonly string[] {
  return record?.mismatches.map(({ kind }) => kind) ?? [];
}

/** The item at an index that is known to be there. */
export function nth<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error(`no item ${index} of ${items.length}`);
  return item;
}

import { canonicalAmount, Money } from "../../lambdas/refund/money/money.ts";
import type {
  Components,
  ErpDocument,
  RefundTransaction,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";
import type { Policy } from "../../lambdas/refund/policy.ts";
import { buildDocument, buildLine, buildPayment, buildPolicy, buildRefund } from "./builders.ts";
import { tieOut } from "../../lambdas/refund/tie-out/tie-out.ts";

/** An order whose refund and document agree in everything: tests spoil one thing. */
export const policy: Policy = buildPolicy({ orderPrefixes: ["SO-"] });

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
  return buildRefund({
    refundId,
    orderId: "5501",
    orderNumber: "#1001",
    processedAt,
    currency,
    settled,
    pending: canonicalAmount("0", currency),
    components,
    lines: [
      buildLine({
        lineId: "1",
        amount: components.items,
        tax: components.tax,
        discount: canonicalAmount("0", currency),
      }),
    ],
    transactions: [aPayment({ amount: settled, processedAt, id: `t-${refundId}` })],
    ...rest,
  });
}

export function aPayment(spoilt: Partial<RefundTransaction> = {}): RefundTransaction {
  return buildPayment({ id: "t-1", amount: "54.00", processedAt: NOON, ...spoilt });
}

export function aDocument(
  spoilt: Partial<ErpDocument> & { readonly refers?: string; readonly order?: string } = {},
): ErpDocument {
  const { refers, order, ...rest } = spoilt;
  const createdAt = rest.createdAt ?? hours(2);
  const documentId = rest.documentId ?? "7001";
  return buildDocument({
    documentId,
    createdAt,
    total: "54.00",
    references: [
      ...(order === "" ? [] : [{ field: "order" as const, text: order ?? "#1001" }]),
      ...(refers === undefined ? [] : [{ field: "external_id" as const, text: refers }]),
    ],
    createdBy: { id: "u1", kind: "integration" },
    modifiedBy: { id: "u1", kind: "integration" },
    ...rest,
  });
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

import { parseBrand } from "../lambdas/brand.ts";
import type { Brand } from "../lambdas/brand.ts";
import type {
  ErpDocument,
  Observation,
  StorefrontRefund,
} from "../lambdas/refund/observation/observation.ts";
import type { System } from "../lambdas/systems/source.ts";
import {
  buildComponents,
  buildDocument,
  buildLine,
  buildPayment,
  buildRefund,
} from "../test/refund/builders.ts";

/** A refund of two lines with tax, with ids and texts as long as real ones. */
export function cleanRefund(n: number, at: string): StorefrontRefund {
  const [first, second] = [1_999 + (n % 700), 4_250 + (n % 300)];
  const [taxOne, taxTwo] = [Math.round(first * 0.08), Math.round(second * 0.08)];
  const total = amount(first + second + taxOne + taxTwo);
  const components = buildComponents({
    items: amount(first + second),
    tax: amount(taxOne + taxTwo),
  });
  const line = (index: number, cents: number, tax: number): StorefrontRefund["lines"][number] =>
    buildLine({
      lineId: String(13_900_000_000_000 + n * 7 + index),
      sku: `SKU-${1_000 + ((n * 37 + index) % 900)}-BLK`,
      amount: amount(cents),
      tax: amount(tax),
      location: "78123456789",
    });
  return buildRefund({
    refundId: String(929_361_000_000 + n * 13),
    orderId: String(5_450_789_000_000 + n * 11),
    orderNumber: `#${20_000 + n}`,
    orderCreatedAt: "2026-10-28T14:03:11.000Z",
    processedAt: at,
    settled: total,
    components,
    lines: [line(0, first, taxOne), line(1, second, taxTwo)],
    transactions: [
      buildPayment({
        id: String(7_123_456_000_000 + n * 17),
        method: "shopify payments",
        amount: total,
        references: [`#${20_000 + n}.1`],
        processedAt: at,
      }),
    ],
    app: "Returns Portal",
    returnId: String(18_000_000_000 + n),
    returnStatus: "CLOSED",
  });
}

/** The credit memo that books exactly that refund. */
export function cleanDocument(n: number, at: string): ErpDocument {
  const refund = cleanRefund(n, at);
  const { settled, components } = refund;
  return buildDocument({
    documentId: String(4_100_000 + n),
    documentNumber: `CM${50_000 + n}`,
    references: [
      { field: "external_id", text: `shopify-refund-${refund.refundId}` },
      { field: "order", text: refund.orderNumber },
      { field: "number", text: `CM${50_000 + n}` },
    ],
    createdAt: at,
    period: "Nov 2026",
    periodDates: { from: "2026-11-01", to: "2026-11-30" },
    total: settled,
    tax: components.tax,
    shipping: "0.00",
    discount: "0.00",
    lines: [
      ...refund.lines.map((line) => ({
        sku: line.sku,
        kind: "item" as const,
        quantity: 1,
        amount: line.amount ?? "0.00",
      })),
      { sku: null, kind: "tax" as const, quantity: null, amount: components.tax },
    ],
    state: "applied",
    settlement: { documentId: String(4_900_000 + n), amount: settled },
    createdBy: { id: "4821", kind: "integration" },
    modifiedBy: { id: "4821", kind: "integration" },
  });
}

/**
 * A system that returns these records, `pageSize` per page; each one changed at its creation. As on
 * a real platform, a record does not exist before its creation, even if the window is in the
 * future.
 */
export function shownBy(
  all: readonly Observation[],
  pageSize: number,
  clock: { readonly now: string },
): System {
  return {
    since: async ({ since, until }, cursor) => {
      const last = until < clock.now ? until : clock.now;
      const inWindow = all.filter((seen) => changedAt(seen) >= since && changedAt(seen) <= last);
      const from = Number(cursor ?? 0);
      const observations = inWindow.slice(from, from + pageSize);
      return {
        raw: [],
        observations,
        rejected: [],
        skipped: {},
        next: from + pageSize < inWindow.length ? String(from + pageSize) : null,
        highWater: observations.map(changedAt).toSorted().at(-1) ?? null,
        fetched: observations.length,
        reported: inWindow.length,
      };
    },
    byId: async () => ({
      raw: [],
      observations: [],
      rejected: [],
      skipped: {},
      next: null,
      highWater: null,
      fetched: 0,
      reported: null,
    }),
  };
}

function amount(cents: number): string {
  return (cents / 100).toFixed(2);
}

function changedAt(seen: Observation): string {
  return seen.role === "erp" ? seen.modifiedAt : seen.updatedAt;
}

export function benchBrand(): Brand {
  return parseBrand(
    {
      brand: "bench",
      currency: "USD",
      timeZone: "America/New_York",
      storefront: { platform: "shopify", baseUrl: "https://bench.myshopify.com", credentials: "s" },
      erp: {
        platform: "netsuite",
        baseUrl: "https://1.suitetalk.api.netsuite.com",
        credentials: "e",
      },
    },
    "bench",
  );
}

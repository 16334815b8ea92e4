import { createWriteStream, mkdirSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";

import type { ErpDocument, StorefrontRefund } from "../lambdas/refund/observation/observation.ts";
import {
  buildComponents,
  buildDocument,
  buildLine,
  buildPayment,
  buildPolicy,
  buildRefund,
} from "../test/refund/builders.ts";

/** Refunds per block: the generated world is written to files in blocks, in the order of time. */
const BLOCK = 50_000;

/**
 * Writes `count` refunds and about as many documents as NDJSON, in blocks in the order of time.
 * Most documents match, by order or by id; some are missing, differ by cents, come late, twice, in
 * two parts or without any reference. The same count gives the same bytes.
 */
export async function writeWorld(dir: string, count: number): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const draw = drawing(20_261_122);
  for (let from = 0, block = 0; from < count; from += BLOCK, block++) {
    const refunds: StorefrontRefund[] = [];
    const documents: ErpDocument[] = [];
    for (let index = from; index < Math.min(count, from + BLOCK); index++) {
      addOrder({ index, count, draw, refunds, documents });
    }
    documents.sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
    await writeLines(join(dir, `refunds-${block}.ndjson`), refunds);
    await writeLines(join(dir, `documents-${block}.ndjson`), documents);
  }
}

/** The same world in memory. */
export function worldOf(count: number): {
  readonly refunds: readonly StorefrontRefund[];
  readonly documents: readonly ErpDocument[];
} {
  const draw = drawing(20_261_122);
  const refunds: StorefrontRefund[] = [];
  const documents: ErpDocument[] = [];
  for (let index = 0; index < count; index++) addOrder({ index, count, draw, refunds, documents });
  return { refunds, documents };
}

export const BENCH_POLICY = buildPolicy({ orderPrefixes: ["SO-"] });

export const BENCH_NOW = "2026-12-15T00:00:00.000Z";

type Draw = (below: number) => number;

function drawing(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

type World = {
  readonly index: number;
  readonly count: number;
  readonly draw: Draw;
  readonly refunds: StorefrontRefund[];
  readonly documents: ErpDocument[];
};

const MONTH_MS = 27 * 86_400_000;
const BEGAN = Date.parse("2026-11-02T00:00:00.000Z");
const BATCH_MS = 4 * 3_600_000;

function addOrder({ index, count, draw, refunds, documents }: World): void {
  const at = BEGAN + Math.floor((index / count) * MONTH_MS);
  const cents = 500 + draw(40_000);
  const number = 100_000 + index;
  const refund = refundOf({ refundId: `8${String(index).padStart(9, "0")}`, number, at, cents });
  refunds.push(refund);
  const batch = Math.ceil((at + 1) / BATCH_MS) * BATCH_MS + draw(60_000);
  const kind = draw(1_000);
  if (kind < 10) return; // one document in a hundred never comes
  const late = kind < 20 ? 20 * 3_600_000 : 0;
  const drift = kind >= 20 && kind < 30 ? 1 : 0;
  const named = kind % 2 === 0;
  const split = kind >= 30 && kind < 32;
  const id = `4${String(index).padStart(9, "0")}`;
  const base = { number, at: batch + late, refundId: named ? refund.refundId : null };
  if (split) {
    const tax = Number(refund.components.tax.replace(".", ""));
    documents.push(documentOf({ ...base, id, cents: cents - tax, refundId: null }));
    documents.push(documentOf({ ...base, id: `5${id}`, cents: tax, refundId: null }));
    return;
  }
  documents.push(documentOf({ ...base, id, cents: cents + drift }));
  if (kind === 32) documents.push(documentOf({ ...base, id: `6${id}`, cents }));
  if (kind === 33)
    documents.push(
      documentOf({ ...base, id: `7${id}`, cents: cents + 777, number: null, refundId: null }),
    );
}

function refundOf(of: {
  refundId: string;
  number: number;
  at: number;
  cents: number;
}): StorefrontRefund {
  const { refundId, number, at, cents } = of;
  const tax = Math.round((cents * 8) / 108);
  const instant = new Date(at).toISOString();
  const settled = money(cents);
  return buildRefund({
    refundId,
    orderId: `55${number}`,
    orderNumber: `#${number}`,
    orderCreatedAt: instant,
    processedAt: instant,
    settled,
    components: buildComponents({ items: money(cents - tax), tax: money(tax) }),
    lines: [
      buildLine({
        lineId: `91${refundId}`,
        sku: `SKU-${number % 997}`,
        amount: money(cents - tax),
        tax: money(tax),
        location: "61",
      }),
    ],
    transactions: [
      buildPayment({
        id: `77${refundId}`,
        amount: settled,
        presentmentAmount: settled,
        references: [`re_3N${refundId}`],
        processedAt: instant,
      }),
    ],
    staff: `staff-${number % 12}`,
  });
}

function documentOf(of: {
  id: string;
  number: number | null;
  at: number;
  cents: number;
  refundId: string | null;
}): ErpDocument {
  const { id, number, at, cents, refundId } = of;
  const instant = new Date(at).toISOString();
  const tax = Math.round((cents * 8) / 108);
  return buildDocument({
    documentId: id,
    references: [
      ...(number === null ? [] : [{ field: "order" as const, text: `#${number}` }]),
      ...(refundId === null
        ? []
        : [{ field: "external_id" as const, text: `gid://shopify/Refund/${refundId}` }]),
    ],
    createdAt: instant,
    period: instant.slice(0, 7),
    total: money(cents),
    lines: [{ sku: null, kind: "tax", quantity: null, amount: money(tax) }],
    createdBy: { id: "17", kind: "integration" },
    modifiedBy: { id: "17", kind: "integration" },
  });
}

function money(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

async function writeLines(file: string, items: readonly unknown[]): Promise<void> {
  const stream = createWriteStream(file);
  for (let from = 0; from < items.length; from += 1_000) {
    const text = items.slice(from, from + 1_000).map((item) => `${JSON.stringify(item)}\n`);
    if (!stream.write(text.join(""))) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
}

import type { ErpDocument, StorefrontRefund } from "../lambdas/refund/observation/observation.ts";
import { tieOutAll } from "../lambdas/refund/tie-out/tie-out-all.ts";
import { BENCH_NOW, BENCH_POLICY, worldOf } from "./tie-out-data.ts";

/** Worlds in which a careless matcher needs quadratic time. */
export const WORST_CASES = {
  /** Every refund and every document has the same amount, each in an order of its own. */
  allAmountsEqual: ({ refunds, documents }) => ({
    refunds: refunds.map((refund) => ({ ...refund, settled: "19.99" })),
    documents: documents.map((document) => ({ ...document, total: "19.99" })),
  }),
  /** One order has all refunds, and the documents name nothing but that order. */
  oneOrder: ({ refunds, documents }) => ({
    refunds: refunds.map((refund) => ({ ...refund, orderNumber: "#1" })),
    documents: documents.map((document) => ({
      ...document,
      references: [{ field: "order", text: "#1" }],
    })),
  }),
  /** One order has all refunds, all of one amount. */
  oneOrderOneAmount: ({ refunds, documents }) => ({
    refunds: refunds.map((refund) => ({ ...refund, settled: "19.99", orderNumber: "#1" })),
    documents: documents.map((document) => ({
      ...document,
      total: "19.99",
      references: [{ field: "order", text: "#1" }],
    })),
  }),
  /** No document names anything. */
  noReferences: ({ refunds, documents }) => ({
    refunds,
    documents: documents.map((document) => ({ ...document, references: [] })),
  }),
  /** No document names anything, and all amounts are equal. */
  noReferencesOneAmount: ({ refunds, documents }) => ({
    refunds: refunds.map((refund) => ({ ...refund, settled: "19.99" })),
    documents: documents.map((document) => ({ ...document, total: "19.99", references: [] })),
  }),
} as const satisfies Record<string, (sides: Sides) => Sides>;

type Sides = {
  readonly refunds: readonly StorefrontRefund[];
  readonly documents: readonly ErpDocument[];
};

/** Milliseconds of CPU for a worst case of this size. */
export function worstCaseMs(name: keyof typeof WORST_CASES, count: number): number {
  const spoil: (sides: Sides) => Sides = WORST_CASES[name];
  const sides = spoil(worldOf(count));
  const before = process.cpuUsage();
  const records = tieOutAll(sides, BENCH_POLICY, BENCH_NOW);
  const { user, system } = process.cpuUsage(before);
  if (records.length < count)
    throw new Error(`${name}: ${records.length} records for ${count} refunds`);
  return (user + system) / 1_000;
}

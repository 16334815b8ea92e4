import { join } from "node:path";

import {
  erpDocumentSchema,
  storefrontRefundSchema,
} from "../lambdas/refund/observation/observation-schema.ts";
import type { ErpDocument, StorefrontRefund } from "../lambdas/refund/observation/observation.ts";
import type { SyncRecord } from "../lambdas/refund/record/sync-record.ts";
import { tieOutAll } from "../lambdas/refund/tie-out/tie-out-all.ts";
import { BENCH_NOW, BENCH_POLICY } from "./tie-out-data.ts";
import { blocksOf, linesOf } from "./tie-out-lines.ts";

/** Ties out NDJSON pages as the product does: JSON, the observations' own schema, the rules. */
export function tieOutPages(dir: string): readonly SyncRecord[] {
  return tieOutAll(observationsIn(dir), BENCH_POLICY, BENCH_NOW);
}

/** Every observation of a generated world, read and checked. */
export function observationsIn(dir: string): {
  readonly refunds: readonly StorefrontRefund[];
  readonly documents: readonly ErpDocument[];
} {
  const refunds: StorefrontRefund[] = [];
  const documents: ErpDocument[] = [];
  for (let block = 0; block < blocksOf(dir); block++) {
    for (const line of linesOf(join(dir, `refunds-${block}.ndjson`))) {
      refunds.push(storefrontRefundSchema.parse(JSON.parse(line)));
    }
    for (const line of linesOf(join(dir, `documents-${block}.ndjson`))) {
      documents.push(erpDocumentSchema.parse(JSON.parse(line)));
    }
  }
  return { refunds, documents };
}

import { join } from "node:path";

import { pairByCircumstance } from "../lambdas/refund/tie-out/pair-by-circumstance.ts";
import {
  erpDocumentSchema,
  storefrontRefundSchema,
} from "../lambdas/refund/observation/observation-schema.ts";
import type { ErpDocument, StorefrontRefund } from "../lambdas/refund/observation/observation.ts";
import { orderOf } from "../lambdas/refund/observation/order-reference.ts";
import { refundIdsOf } from "../lambdas/refund/observation/refund-id.ts";
import type { SyncRecord } from "../lambdas/refund/record/sync-record.ts";
import { tieOutAll } from "../lambdas/refund/tie-out/tie-out-all.ts";
import { orderOfRefund } from "../lambdas/refund/observation/order-reference.ts";
import { documentPageSchema, refundPageSchema } from "./page-schema.ts";
import { Names, PlainFacts, wholeOf } from "./plain-facts.ts";
import { tieColumns } from "./tie-columns.ts";
import type { Tied } from "./tie-columns.ts";
import { BENCH_NOW, BENCH_POLICY } from "./tie-out-data.ts";
import { blocksOf, LinesAt, linesOf } from "./tie-out-lines.ts";

/** The facts of every page of a generated world, parsed and checked by zod. */
export function factsOf(dir: string): Facts {
  const names = new Names();
  const refunds = new PlainFacts();
  const documents = new PlainFacts();
  for (let block = 0; block < blocksOf(dir); block++) {
    refunds.beginBlock();
    documents.beginBlock();
    for (const { line, at } of linesOf(join(dir, `refunds-${block}.ndjson`))) {
      const refund = refundPageSchema.parse(JSON.parse(line));
      const order = numberOf(orderOfRefund(refund, BENCH_POLICY));
      refunds.addRefund(refund, order, at, names, BENCH_POLICY);
    }
    for (const { line, at } of linesOf(join(dir, `documents-${block}.ndjson`))) {
      const document = documentPageSchema.parse(JSON.parse(line));
      const named = orderOf(document, BENCH_POLICY);
      const order = named === null ? 0 : numberOf(named);
      documents.addDocument(document, order, at, names);
    }
  }
  return { refunds, documents };
}

/** The rows that the columns left to the rules, a slice of the orders at a time. */
export function* leftOver(dir: string, facts: Facts, tied: Tied): Generator<LeftOver> {
  const lines = new LinesAt((block, side) => join(dir, `${side}-${block}.ndjson`));
  const unnamed: ErpDocument[] = [];
  const slices = Array.from({ length: SLICES }, (): Rows => ({ refunds: [], documents: [] }));
  const sliceOf = (order: number): Rows | undefined => slices[order % SLICES];
  for (const [row, other] of tied.partner.entries()) {
    if (other < 0) sliceOf(facts.refunds.order.first(row + 1)[row] ?? 0)?.refunds.push(row);
  }
  for (const [row, is] of tied.left.entries()) {
    const order = facts.documents.order.first(row + 1)[row] ?? 0;
    if (is === 1 && order > 0) sliceOf(order)?.documents.push(row);
    if (is === 1 && order === 0) unnamed.push(documentAt(lines, facts, row));
  }
  for (const slice of slices) {
    const refunds = slice.refunds.map((row) => refundAt(lines, facts, row));
    yield {
      refunds,
      documents: slice.documents.map((row) => documentAt(lines, facts, row)),
      unnamed,
    };
  }
  lines.close();
}

/**
 * The rules for what is left: slice by slice, then by circumstance across all of them.
 */
export function tieOutLeftOver(
  slices: Iterable<LeftOver>,
  tell: (record: SyncRecord) => void,
): void {
  const looking: SyncRecord[] = [];
  let loose: readonly ErpDocument[] = [];
  let naming: readonly Naming[] = [];
  let wanted: ReadonlySet<string> = new Set();
  const taken = new Set<string>();
  for (const { refunds, documents, unnamed } of slices) {
    if (unnamed !== loose) {
      loose = unnamed;
      naming = unnamed.flatMap((document) => namingOf(document));
      wanted = new Set(unnamed.map(({ currency, total }) => `${currency} ${total}`));
    }
    const known = new Set(refunds.map(({ refundId }) => refundId));
    const named = naming
      .filter(({ ids }) => ids.some((id) => known.has(id)))
      .map(({ document }) => document);
    for (const { documentId } of named) taken.add(documentId);
    const all = tieOutAll(
      { refunds, documents: [...documents, ...named] },
      BENCH_POLICY,
      BENCH_NOW,
    );
    for (const record of all) {
      const { refund } = record;
      const looks = refund !== null && record.documents.length === 0;
      if (looks && wanted.has(`${refund.currency} ${refund.settled}`)) looking.push(record);
      else tell(record);
    }
  }
  const documents = loose.filter(({ documentId }) => !taken.has(documentId));
  for (const record of pairByCircumstance({ refunds: looking, documents }, BENCH_POLICY, BENCH_NOW))
    tell(record);
}

/**
 * Ties out NDJSON pages with all rules in little memory: parse, zod, facts in columns; what is in step
 * is told from the columns, everything else is read again and goes through the rules.
 *
 * @returns how many records there are of each status
 */
export function tieOutPages(
  dir: string,
  tell?: (record: SyncRecord) => void,
): Readonly<Record<string, number>> {
  const facts = factsOf(dir);
  const tied = tieColumns(facts.refunds, facts.documents, BENCH_POLICY);
  const counts: Record<string, number> = { matched: tied.matched };
  tieOutLeftOver(leftOver(dir, facts, tied), (record) => {
    counts[record.status] = (counts[record.status] ?? 0) + 1;
    tell?.(record);
  });
  return counts;
}

type Facts = { readonly refunds: PlainFacts; readonly documents: PlainFacts };

type LeftOver = {
  readonly refunds: readonly StorefrontRefund[];
  readonly documents: readonly ErpDocument[];
  /** Documents that name no order: the same in every slice. */
  readonly unnamed: readonly ErpDocument[];
};

/** A document that names no order, but perhaps a refund. */
type Naming = { readonly document: ErpDocument; readonly ids: readonly string[] };

function namingOf(document: ErpDocument): readonly Naming[] {
  const ids = refundIdsOf(document);
  return ids.length === 0 ? [] : [{ document, ids }];
}

type Rows = { readonly refunds: number[]; readonly documents: number[] };

const SLICES = 16;

function refundAt(lines: LinesAt, { refunds }: Facts, row: number): StorefrontRefund {
  const line = lines.at("refunds", refunds.blockOf(row), refunds.place.first(row + 1)[row] ?? 0);
  return storefrontRefundSchema.parse(JSON.parse(line));
}

function documentAt(lines: LinesAt, { documents }: Facts, row: number): ErpDocument {
  const line = lines.at(
    "documents",
    documents.blockOf(row),
    documents.place.first(row + 1)[row] ?? 0,
  );
  return erpDocumentSchema.parse(JSON.parse(line));
}

/** An order that is no number gets one beyond all that are, the same for the same text. */
function numberOf(order: string): number {
  const whole = wholeOf(order);
  if (whole > 0) return whole;
  const known = odd.get(order) ?? 1e15 + odd.size;
  odd.set(order, known);
  return known;
}

const odd = new Map<string, number>();

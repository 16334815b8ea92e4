import type { BenignCase, ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import {
  awaitsPayment,
  figuresIn,
  isPartlyPaid,
  toBook,
} from "../../observation/refund-figures.ts";
import type { Mismatch } from "../../record/mismatch.ts";

/**
 * What looks like something and is nothing, by name: what the storefront says itself, and what the
 * two sides say together. Only while nothing is wrong with the record: a benign case explains no
 * mismatch away.
 */
export function benignCases(
  refund: StorefrontRefund,
  needless: BenignCase | null,
  gapMs: number | null,
  documents: readonly ErpDocument[],
  mismatches: readonly Mismatch[],
): readonly BenignCase[] {
  if (refund.benign.length === 0 && needless === null && plain(refund, gapMs, documents)) return [];
  const cases = new Set<BenignCase>(refund.benign);
  cases.delete("payment_pending");
  if (awaitsPayment(refund) || isPartlyPaid(refund)) cases.add("payment_pending");
  if (needless !== null) cases.add(needless);
  if (gapMs !== null && gapMs < 0 && mismatches.length === 0) cases.add("negative_gap");
  if (bookedAsPresented(refund, documents)) cases.add("presentment_beside_shop");
  return [...cases].toSorted();
}

/** The usual refund, told quickly. */
function plain(
  { currency, pending, presentment }: StorefrontRefund,
  gapMs: number | null,
  documents: readonly ErpDocument[],
): boolean {
  return (
    (gapMs === null || gapMs >= 0) &&
    !/[1-9]/.test(pending) &&
    (presentment === null || documents.every((document) => document.currency === currency))
  );
}

function bookedAsPresented(refund: StorefrontRefund, documents: readonly ErpDocument[]): boolean {
  const [document] = documents;
  if (document === undefined || document.currency === refund.currency) return false;
  const figures = figuresIn(refund, document.currency);
  return figures !== null && toBook(figures) === document.total;
}

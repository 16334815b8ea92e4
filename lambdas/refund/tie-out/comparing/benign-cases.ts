import { Money } from "../../money/money.ts";
import type { BenignCase, ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import {
  awaitsPayment,
  figuresIn,
  isPartlyPaid,
  toBook,
} from "../../observation/refund-figures.ts";
import type { Mismatch } from "../../record/mismatch.ts";

/**
 * The benign cases of a refund, by name: those that the storefront's own data show, and those that
 * both sides show together. A benign case never removes a mismatch, and `negative_gap` is only
 * named when there is no mismatch.
 */
export function benignCases(
  refund: StorefrontRefund,
  whyNotToBook: BenignCase | null,
  gapMs: number | null,
  documents: readonly ErpDocument[],
  mismatches: readonly Mismatch[],
): readonly BenignCase[] {
  if (refund.benign.length === 0 && whyNotToBook === null && isUsual(refund, gapMs, documents))
    return [];
  const cases = new Set<BenignCase>(refund.benign);
  cases.delete("payment_pending");
  if (awaitsPayment(refund) || isPartlyPaid(refund)) cases.add("payment_pending");
  if (whyNotToBook !== null) cases.add(whyNotToBook);
  if (gapMs !== null && gapMs < 0 && mismatches.length === 0) cases.add("negative_gap");
  if (bookedAsPresented(refund, documents)) cases.add("presentment_beside_shop");
  return [...cases].toSorted();
}

/** A fast check for the usual refund. */
function isUsual(
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
  if (figures === null) return false;
  const { currency, computedWithin = "0" } = figures;
  const gap = Money.of(toBook(figures), currency).minus(Money.of(document.total, currency));
  return gap.absolute().compare(Money.of(computedWithin, currency)) <= 0;
}

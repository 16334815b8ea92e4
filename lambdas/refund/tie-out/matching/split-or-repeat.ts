import { exactUnits } from "../../money/exact-units.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { figuresIn, toBook } from "../../observation/refund-figures.ts";
import { partsThatSumTo } from "./subset-sum.ts";

/**
 * Divides the documents of one refund into those that book it and those that book it again.
 *
 * All documents book it if they add up to its amount, else one document with the whole amount, else
 * some that add up to it; the others are extra. If nothing adds up, documents of the same amount
 * repeat each other, and all others are taken together. Documents in different currencies are never
 * added.
 */
export function splitOrRepeat(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
): { readonly primary: readonly ErpDocument[]; readonly extra: readonly ErpDocument[] } {
  if (documents.length === 1) return { primary: documents, extra: [] };
  const currency = bestCurrency(refund, documents);
  const same = documents.filter((document) => document.currency === currency);
  const figures = figuresIn(refund, currency);
  const target = figures === null ? null : exactUnits(toBook(figures), currency);
  const units = same.map(({ total }) => exactUnits(total, currency));
  const primary = target === null ? withoutRepeats(same) : bookingDocuments(target, units, same);
  const kept = new Set(primary);
  return { primary, extra: documents.filter((document) => !kept.has(document)) };
}

function bookingDocuments(
  target: bigint,
  units: readonly bigint[],
  documents: readonly ErpDocument[],
): readonly ErpDocument[] {
  const sum = units.reduce((total, one) => total + one, 0n);
  if (sum === target) return documents;
  const whole = documents[units.indexOf(target)];
  if (whole !== undefined) return [whole];
  const parts = partsThatSumTo(target, units);
  if (parts.kind !== "one") return withoutRepeats(documents);
  const taken = new Set(parts.indexes);
  return documents.filter((_, index) => taken.has(index));
}

/** The first of each amount. */
function withoutRepeats(documents: readonly ErpDocument[]): readonly ErpDocument[] {
  const seen = new Set<string>();
  return documents.filter(({ total }) => !seen.has(total) && seen.add(total).size > 0);
}

/** The shop's currency where a document has it, else the buyer's, else the first document's. */
function bestCurrency(refund: StorefrontRefund, documents: readonly ErpDocument[]): string {
  const booked = new Set(documents.map(({ currency }) => currency));
  if (booked.has(refund.currency)) return refund.currency;
  const other = refund.presentment?.currency ?? "";
  return booked.has(other) ? other : (documents[0]?.currency ?? refund.currency);
}

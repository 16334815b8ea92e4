import type { DocumentReference, ErpDocument } from "./observation.ts";
import { ordersNamedIn } from "./order-spelling.ts";
import type { Policy } from "./sync-record.ts";

export { normaliseOrder } from "./order-spelling.ts";
export { refundIdsOf } from "./refund-spelling.ts";

/**
 * The order that an ERP document says it belongs to, normalised; null when it names none, or several
 * between which nothing decides.
 *
 * The ERP's own order field speaks before a free reference, that before an external id, and the memo
 * comes last; within a field "#1001" speaks before "1001", and that before "SO-1001", which may as
 * well be the ERP's own numbering.
 */
export function orderOf(document: Pick<ErpDocument, "references">, policy: Policy): string | null {
  const { references } = document;
  if (references.length === 0) return null;
  for (const field of FIELDS) {
    const named = ordersIn(references, field, policy.orderPrefixes);
    if (named.length > 0) return named.length === 1 ? (named[0] ?? null) : null;
  }
  return null;
}

/** Every order that any field of the document names: what a person would have to choose from. */
export function allOrdersOf(document: ErpDocument, policy: Policy): readonly string[] {
  const all = FIELDS.flatMap((field) => ordersIn(document.references, field, policy.orderPrefixes));
  return [...new Set(all)];
}

const FIELDS = ["order", "other_reference", "external_id", "memo"] as const;

/** The distinct orders of the best spelling in this field. */
function ordersIn(
  references: readonly DocumentReference[],
  field: (typeof FIELDS)[number],
  prefixes: readonly string[],
): readonly string[] {
  let best: Set<string> | null = null;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const reference of references) {
    if (reference.field !== field) continue;
    for (const { order, rank } of ordersNamedIn(reference.text, field, prefixes)) {
      if (rank > bestRank) continue;
      if (rank < bestRank || best === null) best = new Set();
      bestRank = rank;
      best.add(order);
    }
  }
  return best === null ? [] : [...best];
}

import type { DocumentReference, ErpDocument, StorefrontRefund } from "./observation.ts";
import { normaliseOrder, ordersNamedIn } from "./order-number.ts";
import type { Policy } from "../policy.ts";

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

/**
 * The order that only the ERP's own number of a source document may name; null where a stronger
 * reference names one. It counts with an equal amount alone: "CS81238" is a cash sale of the ERP,
 * and a plain number may be another customer's order.
 */
export function weakOrderOf(
  document: Pick<ErpDocument, "references">,
  policy: Policy,
): string | null {
  if (orderOf(document, policy) !== null) return null;
  const [order, another] = ordersIn(document.references, "source", policy.orderPrefixes);
  return order === undefined || another !== undefined ? null : order;
}

/** The order that a refund belongs to, in the one spelling; without a number, the order's id. */
export function orderOfRefund(
  refund: Pick<StorefrontRefund, "orderNumber" | "orderId">,
  policy: Policy,
): string {
  return normaliseOrder(refund.orderNumber, policy.orderPrefixes) ?? refund.orderId;
}

/** Whether a reference of the document is this very id, such as a storefront's order id. */
export function carriesId({ references }: Pick<ErpDocument, "references">, id: string): boolean {
  return references.some(
    ({ field, text }) =>
      field !== "number" && field !== "source" && text.split(/[\s,;|]+/).includes(id),
  );
}

/** Every order that any field of the document names: what a person would have to choose from. */
export function allOrdersOf(
  document: Pick<ErpDocument, "references">,
  policy: Policy,
): readonly string[] {
  const all = FIELDS.flatMap((field) => ordersIn(document.references, field, policy.orderPrefixes));
  return [...new Set(all)];
}

const FIELDS = ["order", "configured", "other_reference", "external_id", "memo"] as const;

/** The distinct orders of the best spelling in this field. */
function ordersIn(
  references: readonly DocumentReference[],
  field: (typeof FIELDS)[number] | "source",
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

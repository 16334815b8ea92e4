import type { DocumentReference, ErpDocument, StorefrontRefund } from "./observation.ts";
import { normaliseOrder, ordersNamedIn } from "./order-number.ts";
import type { Policy } from "../policy.ts";

/**
 * The normalised order that an ERP document names; null if it names none, or if it names several
 * and no rule can choose between them.
 *
 * The first field that names an order decides: the ERP's own order field, then a field from the
 * brand file, a free reference, the external id, and last the memo. Within a field "#1001" is more
 * certain than "1001", and "1001" is more certain than "SO-1001", which may be the ERP's own
 * number.
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
 * The order that a document names only by the ERP's own number of its source document; null if a
 * stronger reference names an order. It counts only together with an equal amount: "CS81238" is a
 * cash sale of the ERP, and a plain number may be another customer's order.
 */
export function weakOrderOf(
  document: Pick<ErpDocument, "references">,
  policy: Policy,
): string | null {
  if (orderOf(document, policy) !== null) return null;
  const [order, another] = ordersIn(document.references, "source", policy.orderPrefixes);
  return order === undefined || another !== undefined ? null : order;
}

/** The normalised order number of a refund; the order's id if the order has no number. */
export function orderOfRefund(
  refund: Pick<StorefrontRefund, "orderNumber" | "orderId">,
  policy: Policy,
): string {
  return normaliseOrder(refund.orderNumber, policy.orderPrefixes) ?? refund.orderId;
}

/** Whether a reference of the document is exactly this id, such as a storefront's order id. */
export function carriesId({ references }: Pick<ErpDocument, "references">, id: string): boolean {
  return references.some(
    ({ field, text }) =>
      field !== "number" && field !== "source" && text.split(/[\s,;|]+/).includes(id),
  );
}

/** Every order that any field of the document names: a person would have to choose one of them. */
export function allOrdersOf(
  document: Pick<ErpDocument, "references">,
  policy: Policy,
): readonly string[] {
  const all = FIELDS.flatMap((field) => ordersIn(document.references, field, policy.orderPrefixes));
  return [...new Set(all)];
}

const FIELDS = ["order", "configured", "other_reference", "external_id", "refund", "memo"] as const;

/** The distinct orders with the most certain spelling in this field. */
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

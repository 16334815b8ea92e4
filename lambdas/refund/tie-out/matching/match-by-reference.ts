import { splitOrRepeat } from "./split-or-repeat.ts";
import type { Matches } from "./matches.ts";
import { exactUnits } from "../../money/exact-units.ts";
import { nameOf } from "../../observation/document-names.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { figuresIn, toBook } from "../../observation/refund-figures.ts";
import {
  namesOfRefund,
  normaliseRefundId,
  refundIdsOf,
  statedOrderIds,
  statedRefundIds,
  wholeIds,
} from "../../observation/refund-id.ts";

/**
 * Rule 1: the ERP document carries the storefront's refund id, in any of its spellings.
 *
 * Several documents of one refund are a split, or the same booking twice. A document that names
 * several refunds is a batch of them.
 */
export function matchByReference(matches: Matches): void {
  if (matches.refunds.size === 0) return;
  // Ids last: the number of one refund may be the id of another.
  const names = [...matches.refunds].flatMap((one) =>
    namesOfRefund(one).map((name) => [name, one] as const),
  );
  const byId = new Map(
    names.toSorted(([one, left], [other, right]) => rank(one, left) - rank(other, right)),
  );
  const documentsOf = new Map<StorefrontRefund, ErpDocument[]>();
  const batches: { document: ErpDocument; named: readonly StorefrontRefund[] }[] = [];
  for (const document of matches.documents) {
    const refunds = refundsNamedBy(document, byId);
    const [only] = refunds;
    if (only === undefined) continue;
    const own = documentsOf.get(only);
    if (refunds.length > 1) batches.push({ document, named: refunds });
    else if (own === undefined) documentsOf.set(only, [document]);
    else own.push(document);
  }
  for (const { document, named } of batches) {
    const free = named.filter((refund) => !documentsOf.has(refund) && matches.refunds.has(refund));
    linkBatch(matches, document, named, free);
  }
  for (const [refund, documents] of documentsOf) {
    const { primary, extra } = splitOrRepeat(refund, documents);
    const reason = `${primary.map(nameOf).join(" and ")} ${primary.length === 1 ? "carries" : "carry"} the refund's id ${refund.refundId}`;
    matches.link({ refunds: [refund], documents: primary, extra, rule: "reference", reason });
  }
}

/**
 * Whether the document carries in full the id of a refund or an order that is not among these: then
 * it belongs to none of them, whatever order number it has.
 */
export function namesAnother(document: ErpDocument, known: KnownIds): boolean {
  const stated = statedRefundIds(document);
  if (stated.length > 0) return !stated.some((id) => known.refunds.has(id));
  const orders = statedOrderIds(document);
  if (orders.length > 0) return !orders.some((id) => known.orders.has(id));
  const whole = wholeIds(document);
  // A connector may write other numbers, so only a number as long as the ids here is such an id.
  return whole.some((id) => known.lengths.has(id.length)) && !whole.some((id) => known.all.has(id));
}

/** The ids of the refunds of one order, in the form in which ids are compared. */
export function idsOfRefunds(refunds: readonly StorefrontRefund[]): KnownIds {
  const ids = new Set(refunds.flatMap(namesOfRefund));
  const orders = new Set(refunds.map(({ orderId }) => orderId));
  const others = refunds.flatMap(({ returnId, transactions, lines }) => [
    returnId ?? "",
    ...transactions.flatMap(({ id, references }) => [id, ...references]),
    ...lines.map(({ lineId }) => lineId),
  ]);
  return {
    refunds: ids,
    orders,
    all: new Set([...ids, ...orders, ...others.map(normaliseRefundId)]),
    lengths: new Set([...ids, ...orders].map(({ length }) => length)),
  };
}

export type KnownIds = {
  readonly refunds: ReadonlySet<string>;
  readonly orders: ReadonlySet<string>;
  /** With the ids of payments, returns and lines, which a connector may also write. */
  readonly all: ReadonlySet<string>;
  readonly lengths: ReadonlySet<number>;
};

function rank(name: string, refund: StorefrontRefund): number {
  return name === ownId(refund) ? 1 : 0;
}

function ownId({ refundId }: StorefrontRefund): string {
  return normaliseRefundId(refundId);
}

function refundsNamedBy(
  document: ErpDocument,
  byId: ReadonlyMap<string, StorefrontRefund>,
): readonly StorefrontRefund[] {
  const known = (ids: readonly string[]): readonly StorefrontRefund[] => [
    ...new Set(ids.flatMap((id) => byId.get(id) ?? [])),
  ];
  const stated = known(statedRefundIds(document));
  return stated.length > 0 ? stated : known(refundIdsOf(document));
}

/**
 * Links one document with several refunds. If its total equals the amount of exactly one of them,
 * the document belongs to that refund.
 */
function linkBatch(
  matches: Matches,
  document: ErpDocument,
  named: readonly StorefrontRefund[],
  free: readonly StorefrontRefund[],
): void {
  if (free.length === 0) {
    matches.leaveAmbiguous([], [document], "the refunds that it names already have documents");
    return;
  }
  const exact = free.filter(
    (refund) =>
      amountIn(refund, document.currency) === exactUnits(document.total, document.currency),
  );
  const refunds = exact.length === 1 ? exact : free;
  const ids = named.map(({ refundId }) => refundId).join(", ");
  const reason = `${nameOf(document)} carries the ids of the refunds ${ids}`;
  matches.link({ refunds, documents: [document], rule: "reference", reason });
}

function amountIn(refund: StorefrontRefund, currency: string): bigint | null {
  const figures = figuresIn(refund, currency);
  return figures === null ? null : exactUnits(toBook(figures), currency);
}

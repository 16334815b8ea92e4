import type { Matches } from "./matches.ts";
import { nameOf } from "../../observation/document-names.ts";
import type { VoidDocument } from "../../observation/live-documents.ts";
import { amountKey } from "../../observation/amount-key.ts";
import { amountKeys, netKey, netKeys } from "../../observation/amount-key.ts";
import { isNothing } from "../../observation/refund-figures.ts";
import { isNetOnly } from "../../observation/live-documents.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { normaliseRefundId, refundIdsOf } from "../../observation/refund-id.ts";
import { ownershipOf } from "../../observation/ownership.ts";
import type { Policy } from "../../policy.ts";
import type { Match } from "../../record/sync-record.ts";
import { idsOfRefunds, namesAnother } from "./match-by-reference.ts";

/**
 * Finds the void document (voided, rejected, deleted or reversed) of each refund that has no valid
 * document: by the refund's id, else by an amount that only one refund has; a document without an
 * amount by its order, if that has only one refund. A void document stays
 * unused if its refund has a valid document, or if it has no refund.
 */
export function matchVoidDocuments(
  refunds: readonly StorefrontRefund[],
  matches: Matches,
  voided: readonly VoidDocument[],
  policy: Policy,
): VoidMatches {
  const of = new Map<StorefrontRefund, { voided: VoidDocument[]; match: Match }>();
  if (voided.length === 0) return { of, unused: [] };
  const byId = new Map(refunds.map((one) => [normaliseRefundId(one.refundId), one]));
  const byAmount = new Map<string, StorefrontRefund | null>();
  for (const refund of matches.refunds) {
    for (const key of [...amountKeys(refund), ...netKeys(refund)])
      byAmount.set(key, byAmount.has(key) ? null : refund);
  }
  const known = idsOfRefunds(refunds);
  const [only, another] = matches.refunds;
  // The ERP may set the amount of a document to zero when it is rejected.
  const onlyOne = ({ total }: ErpDocument): StorefrontRefund | undefined =>
    isNothing(total) && another === undefined ? only : undefined;
  const unused: VoidDocument[] = [];
  for (const some of voided) {
    const one = some.document.state === "billed" ? { ...some, why: BILLED_ELSEWHERE } : some;
    const { document, end } = one;
    const named = refundIdsOf(document).flatMap((id) => byId.get(id) ?? [])[0];
    const isOurs = ownershipOf(document, policy) === "ours" && !namesAnother(document, known);
    const likely = isOurs ? (byAmount.get(keyOf(document)) ?? onlyOne(document)) : undefined;
    const refund = named ?? likely;
    const counts =
      (end !== "billed" || document.state === "billed") &&
      !["reversal", "payout", "replaced"].includes(end);
    if (!counts || refund === undefined || refund === null || !matches.refunds.has(refund)) {
      unused.push(one);
      continue;
    }
    const others = of.get(refund);
    if (others !== undefined) others.voided.push(one);
    else of.set(refund, { voided: [one], match: matchOf(one, refund, named !== undefined) });
  }
  return { of, unused };
}

export type VoidMatches = {
  readonly of: ReadonlyMap<
    StorefrontRefund,
    { readonly voided: readonly VoidDocument[]; readonly match: Match }
  >;
  readonly unused: readonly VoidDocument[];
};

/** The refund has no document: a request of it was billed by one that names another order or none. */
const BILLED_ELSEWHERE = "billed, but no billing document of this order was made from it";

function keyOf(document: ErpDocument): string {
  const { currency, total } = document;
  return isNetOnly(document) ? netKey(currency, total) : amountKey(currency, total);
}

function matchOf({ document, why }: VoidDocument, refund: StorefrontRefund, named: boolean): Match {
  const how = named
    ? `carries the refund's id ${refund.refundId}`
    : `is for the same order${isNothing(document.total) ? "" : " and the same total"}`;
  return {
    rule: named ? "reference" : "order_amount",
    reason: `${nameOf(document)} ${how}, but it is ${why}`,
    sharedWith: [],
  };
}

import type { Desk, Link } from "./matches.ts";
import { exactUnits } from "../../money/exact-units.ts";
import { msOf } from "../../time/instant.ts";
import { amountKey } from "../../observation/amount-key.ts";
import { amountKeys } from "../../observation/amount-key.ts";
import { MOST_ON_A_SIDE } from "./match-by-parts.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { clockStart, figuresIn, toBook } from "../../observation/refund-figures.ts";
import { partsThatSumTo } from "./subset-sum.ts";
import type { Policy } from "../../policy.ts";

/**
 * Documents left over that book a refund once more: its whole amount, or a group that adds up to it.
 *
 * When several refunds of the order have that amount, which of them it repeats cannot be told: the
 * document stands by itself, with them as candidates.
 *
 * @returns the documents that stand by themselves
 */
export function findDuplicates(desk: Desk, policy: Policy): ReadonlySet<ErpDocument> {
  const alone = new Set<ErpDocument>();
  if (desk.documents.size === 0 || desk.links.size === 0) return alone;
  const refundsBy = bookedAmounts(desk);
  for (const document of desk.documents) {
    const refunds = refundsBy.get(amountKey(document.currency, document.total)) ?? [];
    const [refund, another] = refunds;
    if (refund === undefined) continue;
    if (another === undefined) {
      if (follows(document, refund, policy)) repeat(desk, refund, [document]);
      continue;
    }
    const why = `one document more than there are refunds of ${document.total} ${document.currency} in this order`;
    desk.abstain([], [document], why);
    const candidates = refunds.slice(0, 10).map(({ refundId }) => refundId);
    desk.waits.set(document, { ambiguous: candidates, note: why });
    alone.add(document);
  }
  groupsThatRepeat(desk, policy);
  return alone;
}

function bookedAmounts(desk: Desk): ReadonlyMap<string, readonly StorefrontRefund[]> {
  const refundsBy = new Map<string, StorefrontRefund[]>();
  for (const { refunds } of desk.links.values()) {
    const [refund, second] = refunds;
    if (refund === undefined || second !== undefined) continue;
    for (const key of amountKeys(refund)) {
      const list = refundsBy.get(key);
      if (list === undefined) refundsBy.set(key, [refund]);
      else list.push(refund);
    }
  }
  return refundsBy;
}

/** Split and booked twice: what is left adds up to one refund that is booked already. */
function groupsThatRepeat(desk: Desk, policy: Policy): void {
  if (desk.documents.size < 2 || desk.documents.size > MOST_ON_A_SIDE) return;
  if (desk.links.size > MOST_ON_A_SIDE) return;
  const found = [...desk.links.values()].flatMap((link) => onceMore(desk, link, policy));
  const [only, another] = found;
  if (only !== undefined && another === undefined) repeat(desk, only.refund, only.extra);
}

function onceMore(
  desk: Desk,
  { refunds, documents }: Link,
  policy: Policy,
): readonly { readonly refund: StorefrontRefund; readonly extra: readonly ErpDocument[] }[] {
  const [refund, second] = refunds;
  const currency = documents[0]?.currency;
  if (refund === undefined || second !== undefined || currency === undefined) return [];
  const figures = figuresIn(refund, currency);
  if (figures === null) return [];
  const free = [...desk.documents].filter(
    (document) => document.currency === currency && follows(document, refund, policy),
  );
  const units = free.map(({ total }) => exactUnits(total, currency));
  const parts = partsThatSumTo(exactUnits(toBook(figures), currency), units);
  if (parts.kind !== "one") return [];
  return [{ refund, extra: parts.indexes.flatMap((index) => free[index] ?? []) }];
}

function repeat(desk: Desk, refund: StorefrontRefund, documents: readonly ErpDocument[]): void {
  const link = desk.links.get(refund.refundId);
  if (link !== undefined) desk.widen(link, { extra: [...link.extra, ...documents] });
}

function follows(document: ErpDocument, refund: StorefrontRefund, policy: Policy): boolean {
  return msOf(document.createdAt) >= msOf(clockStart(refund)) - policy.windowMs;
}

import type { Matches, Link } from "./matches.ts";
import { exactUnits } from "../../money/exact-units.ts";
import { msOf } from "../../time/instant.ts";
import { amountKey } from "../../observation/amount-key.ts";
import { amountKeys } from "../../observation/amount-key.ts";
import { isNetOnly } from "../../observation/live-documents.ts";
import { MOST_ON_A_SIDE } from "./match-by-parts.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { clockStart, figuresIn, toBook } from "../../observation/refund-figures.ts";
import { partsThatSumTo } from "./subset-sum.ts";
import type { Policy } from "../../policy.ts";

/**
 * Finds unmatched documents that book a refund again: one with its whole amount, or a group that
 * adds up to it.
 *
 * If several refunds of the order have that amount, it is unknown which of them the document
 * repeats. The document then gets its own record, with these refunds as candidates.
 *
 * @returns the documents that get their own record
 */
export function findDuplicates(matches: Matches, policy: Policy): ReadonlySet<ErpDocument> {
  const withOwnRecord = new Set<ErpDocument>();
  if (matches.documents.size === 0 || matches.links.size === 0) return withOwnRecord;
  const refundsBy = bookedAmounts(matches);
  for (const document of matches.documents) {
    if (isNetOnly(document)) continue;
    const refunds = refundsBy.get(amountKey(document.currency, document.total)) ?? [];
    const [refund, another] = refunds;
    if (refund === undefined) continue;
    if (another === undefined) {
      if (follows(document, refund, policy)) addRepeat(matches, refund, [document]);
      continue;
    }
    const amount = `${document.total} ${document.currency}`;
    const why = `this order has more documents than refunds of ${amount}`;
    matches.leaveAmbiguous([], [document], why);
    const candidates = refunds.slice(0, 10).map(({ refundId }) => refundId);
    matches.ambiguities.set(document, { ambiguous: candidates, note: why });
    withOwnRecord.add(document);
  }
  groupsThatRepeat(matches, policy);
  return withOwnRecord;
}

function bookedAmounts(matches: Matches): ReadonlyMap<string, readonly StorefrontRefund[]> {
  const refundsBy = new Map<string, StorefrontRefund[]>();
  for (const { refunds } of matches.links.values()) {
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

/**
 * A refund that was split and booked twice: the unmatched documents add up to one refund that is
 * booked already.
 */
function groupsThatRepeat(matches: Matches, policy: Policy): void {
  if (matches.documents.size < 2 || matches.documents.size > MOST_ON_A_SIDE) return;
  if (matches.links.size > MOST_ON_A_SIDE) return;
  const found = [...matches.links.values()].flatMap((link) => repeatsOf(matches, link, policy));
  const [only, another] = found;
  if (only !== undefined && another === undefined) addRepeat(matches, only.refund, only.extra);
}

function repeatsOf(
  matches: Matches,
  { refunds, documents }: Link,
  policy: Policy,
): readonly { readonly refund: StorefrontRefund; readonly extra: readonly ErpDocument[] }[] {
  const [refund, second] = refunds;
  const currency = documents[0]?.currency;
  if (refund === undefined || second !== undefined || currency === undefined) return [];
  const figures = figuresIn(refund, currency);
  if (figures === null) return [];
  const free = [...matches.documents].filter(
    (document) => document.currency === currency && follows(document, refund, policy),
  );
  const units = free.map(({ total }) => exactUnits(total, currency));
  const parts = partsThatSumTo(exactUnits(toBook(figures), currency), units);
  if (parts.kind !== "one") return [];
  return [{ refund, extra: parts.indexes.flatMap((index) => free[index] ?? []) }];
}

function addRepeat(
  matches: Matches,
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
): void {
  const link = matches.links.get(refund.refundId);
  if (link !== undefined) matches.widen(link, { extra: [...link.extra, ...documents] });
}

function follows(document: ErpDocument, refund: StorefrontRefund, policy: Policy): boolean {
  return msOf(document.createdAt) >= msOf(clockStart(refund)) - policy.windowMs;
}

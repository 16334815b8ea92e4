import type { Matches } from "./matches.ts";
import { nameOf } from "../../observation/document-names.ts";
import { Money } from "../../money/money.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { figuresIn, isNothing, partsTotal } from "../../observation/refund-figures.ts";

/**
 * Links documents with refunds that needed no booking, such as an exchange booked gross or a credit
 * for a failed payment. The total must be exactly the amount that the refund would have had, and
 * only one refund and one document may have it. A document of 0.00 books nothing, so it fits any
 * such refund.
 */
export function matchNothingToBook(matches: Matches, notToBook: readonly StorefrontRefund[]): void {
  if (notToBook.length === 0 || matches.documents.size === 0) return;
  const refundsBy = new Map<string, StorefrontRefund[]>();
  for (const refund of notToBook) {
    for (const key of possibleAmounts(refund)) {
      refundsBy.set(key, [...(refundsBy.get(key) ?? []), refund]);
    }
  }
  const documentsBy = new Map<string, ErpDocument[]>();
  for (const document of matches.documents) {
    const key = `${document.currency} ${document.total}`;
    documentsBy.set(key, [...(documentsBy.get(key) ?? []), document]);
  }
  for (const [key, documents] of documentsBy) {
    const [refund, another] = refundsBy.get(key) ?? [];
    const [document] = documents;
    if (refund === undefined || another !== undefined) continue;
    if (document === undefined || documents.length > 1) continue;
    const reason = `${nameOf(document)} is for the same order and the amount that this refund would have had`;
    matches.link({ refunds: [refund], documents: [document], rule: "order_amount", reason });
    refundsBy.delete(key);
  }
  linkEmpty(matches, notToBook);
}

function linkEmpty(matches: Matches, notToBook: readonly StorefrontRefund[]): void {
  const empty = [...matches.documents].filter(({ total }) => isNothing(total));
  const free = notToBook.filter(({ refundId }) => !matches.links.has(refundId));
  for (const [index, document] of empty.entries()) {
    const refund = free[index];
    if (refund === undefined) return;
    const reason = `${nameOf(document)} is for the same order and books nothing, and the refund needs no booking`;
    matches.link({ refunds: [refund], documents: [document], rule: "order_amount", reason });
  }
}

function possibleAmounts(refund: StorefrontRefund): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const currency of [refund.currency, refund.presentment?.currency ?? refund.currency]) {
    const figures = figuresIn(refund, currency);
    if (figures === null) continue;
    const gross = partsTotal(figures, refund.taxesIncluded);
    for (const amount of [gross, figures.settled]) {
      if (amount !== null && !isNothing(amount)) keys.add(`${currency} ${amount}`);
    }
  }
  const attempted = Money.sum(
    refund.transactions.map(({ amount }) => Money.of(amount, refund.currency)),
    refund.currency,
  ).toString();
  if (!isNothing(attempted)) keys.add(`${refund.currency} ${attempted}`);
  return keys;
}

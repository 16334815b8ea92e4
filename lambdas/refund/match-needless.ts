import type { Desk } from "./desk.ts";
import { nameOf } from "./live-documents.ts";
import { Money } from "./money.ts";
import type { Components, ErpDocument, StorefrontRefund } from "./observation.ts";
import { figuresIn, isNothing } from "./refund-figures.ts";

/**
 * Documents of refunds for which nothing had to be booked: an exchange booked gross, a credit for a
 * payment that failed. Linked by the exact amount that the refund would have had, when that is one
 * refund's and one document's alone.
 */
export function matchNeedless(desk: Desk, needless: readonly StorefrontRefund[]): void {
  if (needless.length === 0 || desk.documents.size === 0) return;
  const refundsBy = new Map<string, StorefrontRefund[]>();
  for (const refund of needless) {
    for (const key of wouldBe(refund)) {
      refundsBy.set(key, [...(refundsBy.get(key) ?? []), refund]);
    }
  }
  const documentsBy = new Map<string, ErpDocument[]>();
  for (const document of desk.documents) {
    const key = `${document.currency} ${document.total}`;
    documentsBy.set(key, [...(documentsBy.get(key) ?? []), document]);
  }
  for (const [key, documents] of documentsBy) {
    const [refund, another] = refundsBy.get(key) ?? [];
    const [document] = documents;
    if (refund === undefined || another !== undefined) continue;
    if (document === undefined || documents.length > 1) continue;
    const reason = `${nameOf(document)} is for the same order and the amount that this refund would have had`;
    desk.link({ refunds: [refund], documents: [document], rule: "order_amount", reason });
    refundsBy.delete(key);
  }
}

function wouldBe(refund: StorefrontRefund): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const currency of [refund.currency, refund.presentment?.currency ?? refund.currency]) {
    const figures = figuresIn(refund, currency);
    if (figures === null) continue;
    const gross = grossOf(figures.components, refund.taxesIncluded, currency);
    for (const amount of [gross, figures.settled]) {
      if (!isNothing(amount)) keys.add(`${currency} ${amount}`);
    }
  }
  const tried = Money.sum(
    refund.transactions.map(({ amount }) => Money.of(amount, refund.currency)),
    refund.currency,
  ).toString();
  if (!isNothing(tried)) keys.add(`${refund.currency} ${tried}`);
  return keys;
}

/** What the parts of the refund come to, whatever was paid. */
function grossOf(components: Components, taxesIncluded: boolean, currency: string): string {
  const { items, tax, shipping, shippingTax, duties, adjustment } = components;
  const added = taxesIncluded ? [] : [tax, shippingTax];
  return Money.sum(
    [items, shipping, duties, ...added].map((amount) => Money.of(amount, currency)),
    currency,
  )
    .minus(Money.of(adjustment, currency))
    .toString();
}

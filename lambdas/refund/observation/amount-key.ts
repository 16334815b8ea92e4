import type { StorefrontRefund } from "./observation.ts";
import { bothParts, figuresIn, isNothing, isPartlyPaid, toBook } from "./refund-figures.ts";

/** Every currency and amount under which the ERP may have booked this refund. */
export function amountKeys(refund: StorefrontRefund): readonly string[] {
  return [...shopKeys(refund), ...presentmentKeys(refund)];
}

export function amountKey(currency: string, amount: string): string {
  return `${currency} ${amount}`;
}

export function shopKeys(refund: StorefrontRefund): readonly string[] {
  return keysIn(refund, refund.currency);
}

export function presentmentKeys(refund: StorefrontRefund): readonly string[] {
  const { presentment, currency } = refund;
  if (presentment === null || presentment.currency === currency) return [];
  return keysIn(refund, presentment.currency);
}

function keysIn(refund: StorefrontRefund, currency: string): readonly string[] {
  const figures = figuresIn(refund, currency);
  if (figures === null) return [];
  const amount = toBook(figures);
  if (isNothing(amount)) return [];
  return isPartlyPaid(refund)
    ? [amountKey(currency, amount), amountKey(currency, bothParts(figures))]
    : [amountKey(currency, amount)];
}

import { Money } from "../money/money.ts";
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

/** The key of a document that states its total without tax. */
export function netKey(currency: string, amount: string): string {
  return `net ${amountKey(currency, amount)}`;
}

/** The keys of the refund's total without its tax. */
export function netKeys(refund: StorefrontRefund): readonly string[] {
  const currencies = new Set([refund.currency, refund.presentment?.currency ?? refund.currency]);
  return [...currencies].flatMap((currency) => {
    const figures = figuresIn(refund, currency);
    if (figures === null || isNothing(toBook(figures))) return [];
    const { tax, shippingTax } = figures.components;
    const net = Money.of(toBook(figures), currency)
      .minus(Money.of(tax, currency))
      .minus(Money.of(shippingTax ?? "0", currency));
    return [netKey(currency, net.toString())];
  });
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

import { Money } from "../money/money.ts";
import type { RefundTransaction, StorefrontRefund } from "./observation.ts";
import type { Amount } from "../money/amount.ts";

/** Whether the tender is credit in the shop, for which no money left the bank. */
export function isStoreCredit({ method, gateway }: Tender): boolean {
  return [method, gateway].some((name) => name !== null && STORE_CREDIT.test(name));
}

/**
 * The money that the refund's tenders with these statuses paid out of the bank, in this currency:
 * all tenders except store credit and gift cards. Null if the storefront does not state it in this
 * currency, or if the known tenders do not add up to the refund.
 */
export function paidFromBank(
  refund: StorefrontRefund,
  currency: string,
  statuses: readonly RefundTransaction["status"][],
): Money | null {
  if (!hasAllTenders(refund)) return null;
  const amounts: Money[] = [];
  for (const one of refund.transactions) {
    if (!statuses.includes(one.status) || staysInTheShop(one)) continue;
    const amount = amountIn(one, refund, currency);
    if (amount === null) return null;
    amounts.push(Money.of(amount, currency));
  }
  return Money.sum(amounts, currency);
}

/** The amounts of the tenders that stay in the shop: store credit and gift cards. */
export function shopTenders(refund: StorefrontRefund, currency: string): readonly Amount[] {
  return refund.transactions
    .filter((one) => one.status === "success" && staysInTheShop(one))
    .flatMap((one) => amountIn(one, refund, currency) ?? []);
}

function hasAllTenders({ transactions, settled, currency }: StorefrontRefund): boolean {
  const moved = transactions.filter(({ status }) => status === "success");
  return Money.sum(
    moved.map(({ amount }) => Money.of(amount, currency)),
    currency,
  ).equals(Money.of(settled, currency));
}

/** The gateways of the payments that did not fail, "card + gift_card"; null where none is known. */
export function gatewaysOf({
  transactions,
}: Pick<StorefrontRefund, "transactions">): string | null {
  const moved = transactions.filter(({ status }) => status !== "failure");
  const known = new Set(moved.flatMap(({ gateway }) => gateway ?? []));
  return known.size === 0 ? null : [...known].toSorted().join(" + ");
}

/**
 * The way of a refund's money to the ERP: an integration has one rule, one batch and one kind of
 * document for each channel and gateway.
 */
export function channelPath(refund: Pick<StorefrontRefund, "channel" | "transactions">): string {
  return `${refund.channel ?? "unknown channel"}, ${gatewaysOf(refund) ?? "unknown gateway"}`;
}

type Tender = Pick<RefundTransaction, "method" | "gateway">;

/** Whether the money stays in the shop: store credit or a gift card. */
export function staysInTheShop(tender: Tender): boolean {
  const names = [tender.method, tender.gateway];
  return isStoreCredit(tender) || names.some((name) => name !== null && GIFT_CARD.test(name));
}

function amountIn(
  { amount, presentmentAmount }: RefundTransaction,
  refund: StorefrontRefund,
  currency: string,
): Amount | null {
  return currency === refund.currency ? amount : presentmentAmount;
}

const STORE_CREDIT = /^(shopify[ _-]?)?store[ _-]?credit$/i;
const GIFT_CARD = /^(shopify[ _-]?)?gift[ _-]?card$/i;

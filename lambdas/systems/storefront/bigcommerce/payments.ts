import type { Amount } from "../../../refund/money/amount.ts";
import { canonicalAmount, Money } from "../../../refund/money/money.ts";
import type { RefundTransaction } from "../../../refund/observation/observation.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import { after } from "../../../refund/time/instant.ts";
import { cashRounding } from "../cash.ts";
import type { BigOrder, BigRefund, BigTransaction } from "./page.ts";

/**
 * The payments of a refund, each with its outcome.
 *
 * BigCommerce records a refund first and asks the provider later, so a new payment is pending. It
 * has failed once it is marked as declined. It has settled once a transaction of the order confirms
 * it. Where nothing has to be asked (store credit, a gift certificate, a payment outside any
 * provider) it settles at once. What is neither confirmed nor declined after a week counts as
 * settled, because the shop says that it paid, and no longer as pending.
 *
 * @param transactions the order's transactions; null where the token may not read them: then the
 *   outcome of a payment that is not declined is unknown for a week, and its money counts as settled
 */
export function paymentsOf(
  refund: BigRefund,
  about: {
    readonly order: Pick<BigOrder, "payment_method"> | null;
    readonly transactions: readonly BigTransaction[] | null;
    readonly currency: string;
    readonly createdAt: Instant;
    readonly now: Instant;
    readonly smallestCoin: Amount | null;
  },
): readonly RefundTransaction[] {
  const { transactions, currency, createdAt, now } = about;
  const free = (transactions ?? []).filter(({ event }) => event === "refund");
  return refund.payments.map((payment, index) => {
    const amount = canonicalAmount(payment.amount, currency);
    const isOffline = payment.offline === true;
    const staysInShop = IN_SHOP.has(payment.provider_id ?? "");
    const confirmation = takeConfirmation(free, { ...payment, amount, createdAt }, currency);
    const status = statusOf(payment.is_declined === true, confirmation, {
      isDecided: isOffline || staysInShop,
      isShown: transactions !== null,
      isOld: after(createdAt, WEEK_MS) <= now,
    });
    const reference = confirmation?.gateway_transaction_id ?? null;
    const method = methodOf(payment.provider_id, isOffline, confirmation, about.order);
    const isCash = [payment.provider_id, method].some((name) => name !== null && CASH.test(name));
    return {
      id: payment.id ?? `${refund.id}-${index}`,
      status,
      gateway: payment.provider_id,
      method,
      manual: isOffline && !staysInShop,
      amount,
      presentmentAmount: null,
      rounding: isCash
        ? cashRounding(Money.of(amount, currency), about.smallestCoin).toString()
        : canonicalAmount("0", currency),
      references: reference === null ? [] : [reference],
      processedAt: status === "pending" ? null : (confirmation?.date_created ?? createdAt),
      location: null,
      user: null,
    };
  });
}

/** All its confirmed payments were tests of a provider; without any, what the buyer paid was one. */
export function isOnlyTest(transactions: readonly BigTransaction[] | null): boolean {
  const all = transactions ?? [];
  const refunds = all.filter(({ event }) => event === "refund");
  const shown = refunds.length > 0 ? refunds : all;
  return shown.length > 0 && shown.every(({ test }) => test === true);
}

type Payment = BigRefund["payments"][number];

/** Takes a transaction away from the list, so that it confirms one payment only. */
function takeConfirmation(
  free: BigTransaction[],
  payment: Payment & { readonly createdAt: Instant },
  currency: string,
): BigTransaction | null {
  const named = free.findIndex(
    ({ id }) => id !== null && id !== undefined && id === payment.transaction_id,
  );
  const at =
    named >= 0
      ? named
      : free.findIndex(
          (one) =>
            !isBefore(one, payment.createdAt) &&
            canonicalAmount(one.amount, currency).replace("-", "") === payment.amount &&
            isSameProvider(one, payment),
        );
  return at < 0 ? null : (free.splice(at, 1)[0] ?? null);
}

/** An earlier refund of the order may have the same amount. */
function isBefore({ date_created: at }: BigTransaction, createdAt: Instant): boolean {
  return at !== null && at < after(createdAt, -MINUTE_MS);
}

function isSameProvider({ gateway }: BigTransaction, { provider_id: provider }: Payment): boolean {
  return gateway === null || provider === null || gateway === provider;
}

function statusOf(
  isDeclined: boolean,
  confirmation: BigTransaction | null,
  known: { readonly isDecided: boolean; readonly isShown: boolean; readonly isOld: boolean },
): RefundTransaction["status"] {
  if (isDeclined || confirmation?.status === "error") return "failure";
  if (confirmation !== null || known.isDecided || known.isOld) return "success";
  return known.isShown ? "pending" : "unknown";
}

function methodOf(
  provider: string | null,
  isOffline: boolean,
  confirmation: BigTransaction | null,
  order: Pick<BigOrder, "payment_method"> | null,
): string | null {
  const inShop = IN_SHOP.get(provider ?? "");
  if (inShop !== undefined) return inShop;
  if (isOffline) return order?.payment_method?.toLowerCase() ?? provider;
  return confirmation?.method?.replaceAll("_", " ") ?? provider;
}

const CASH = /\bcash\b/i;
/** Providers of BigCommerce's own: the money stays in the shop. */
const IN_SHOP: ReadonlyMap<string, string> = new Map([
  ["storecredit", "store credit"],
  ["giftcertificate", "gift card"],
]);
const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 86_400_000;

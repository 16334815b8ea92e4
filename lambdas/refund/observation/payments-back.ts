import { groupBy } from "../collections/group-by.ts";
import { Money } from "../money/money.ts";
import type { Amount } from "../money/amount.ts";
import type { RefundTransaction, StorefrontRefund } from "./observation.ts";
import { staysInTheShop } from "./tenders.ts";
import type { Instant } from "../time/instant.ts";

/** Money that went back to a buyer, as the storefront's own list of payments shows it. */
export type PaymentBack = {
  readonly paymentId: string;
  /** Null when the storefront no longer shows the order. */
  readonly orderId: string | null;
  readonly orderNumber: string | null;
  /** Positive, in `currency`: the shop's or the buyer's. */
  readonly amount: Amount;
  readonly currency: string;
  readonly at: Instant;
};

/** The comparison of the storefront's list of payments with its refunds. */
export type PaymentCheck = {
  /** Payments back to buyers in the list. */
  readonly payments: number;
  /** Money moved, but no refund has this payment. */
  readonly withoutRefund: readonly PaymentBack[];
  /** A refund says that money moved, but the list does not show it. */
  readonly withoutPayment: readonly RefundPayment[];
};

type RefundPayment = {
  readonly refundId: string;
  readonly orderNumber: string;
  readonly amount: Amount;
  readonly currency: string;
  readonly at: Instant;
};

/** The comparison as a digest tells it. */
export type PaymentsTold = PaymentCheck & {
  /** The UTC days that were compared, oldest first. */
  readonly days: readonly string[];
  /** Those of them whose list the storefront does not show. */
  readonly notShown: readonly string[];
  /** Rows of the list that could not be read. */
  readonly unreadable: number;
};

/**
 * Compares payments with refunds, order by order and amount by amount. A payment may be in the
 * shop's or in the buyer's currency. Several payments may have the sum of several transactions,
 * because a processor may put them together.
 *
 * @param within whether the list covers this instant: a refund's payment of another time is not
 *   expected in it
 */
export function checkPayments(
  payments: readonly PaymentBack[],
  refunds: readonly StorefrontRefund[],
  within: (at: Instant) => boolean,
): PaymentCheck {
  const movesOf: Map<string, readonly Move[]> = groupBy<Move>(
    refunds.flatMap(movesIn),
    ({ orderId }) => [orderId],
  );
  const withoutRefund: PaymentBack[] = [];
  const withoutPayment: RefundPayment[] = [];
  const paymentsOf = groupBy(payments, ({ orderId }) => [orderId ?? ""]);
  for (const [orderId, ofOrder] of paymentsOf) {
    const { payments: left, moves } = unpaired(ofOrder, movesOf.get(orderId) ?? []);
    movesOf.set(orderId, moves);
    withoutRefund.push(...left);
  }
  for (const moves of movesOf.values()) {
    const missing = moves.filter(({ isExpected, told }) => isExpected && within(told.at));
    withoutPayment.push(...missing.map(({ told }) => told));
  }
  return {
    payments: payments.length,
    withoutRefund: withoutRefund.toSorted(byTime),
    withoutPayment: withoutPayment.toSorted(byTime),
  };
}

/** A successful transaction of a refund. */
type Move = {
  readonly orderId: string;
  readonly told: RefundPayment;
  /** Its amounts as the list may show them, each with its currency. */
  readonly spellings: readonly Money[];
  /**
   * A processor paid it for a refund that is watched: credit in the shop and payments by hand may be
   * in no list.
   */
  readonly isExpected: boolean;
};

function movesIn(refund: StorefrontRefund): Move[] {
  return refund.transactions
    .filter(({ status }) => status === "success")
    .map((one) => ({
      orderId: refund.orderId,
      told: {
        refundId: refund.refundId,
        orderNumber: refund.orderNumber,
        amount: one.amount,
        currency: refund.currency,
        at: one.processedAt ?? refund.processedAt,
      },
      spellings: spellingsOf(one, refund),
      isExpected: !one.manual && !staysInTheShop(one) && !refund.benign.includes("outside_scope"),
    }));
}

function spellingsOf(
  { amount, presentmentAmount, rounding }: RefundTransaction,
  { currency, presentment }: StorefrontRefund,
): readonly Money[] {
  const own = Money.of(amount, currency);
  return [
    own,
    own.plus(Money.of(rounding, currency)),
    ...(presentmentAmount === null || presentment === null
      ? []
      : [Money.of(presentmentAmount, presentment.currency)]),
  ];
}

function unpaired(
  payments: readonly PaymentBack[],
  moves: readonly Move[],
): { readonly payments: readonly PaymentBack[]; readonly moves: readonly Move[] } {
  const left: PaymentBack[] = [];
  const free = [...moves];
  for (const payment of payments) {
    const amount = Money.of(payment.amount, payment.currency);
    const at = free.findIndex(({ spellings }) => spellings.some((one) => isSame(one, amount)));
    if (at < 0) left.push(payment);
    else free.splice(at, 1);
  }
  return haveSameSum(left, free) ? { payments: [], moves: [] } : { payments: left, moves: free };
}

function haveSameSum(payments: readonly PaymentBack[], moves: readonly Move[]): boolean {
  const currency = payments[0]?.currency;
  if (currency === undefined || moves.length === 0) return false;
  if (payments.some((one) => one.currency !== currency)) return false;
  const amounts = moves.flatMap(
    ({ spellings }) => spellings.find((one) => one.currency === currency) ?? [],
  );
  if (amounts.length !== moves.length) return false;
  const paid = payments.map(({ amount }) => Money.of(amount, currency));
  return Money.sum(amounts, currency).equals(Money.sum(paid, currency));
}

function isSame(one: Money, other: Money): boolean {
  return one.currency === other.currency && one.equals(other);
}

function byTime(one: { readonly at: Instant }, other: { readonly at: Instant }): number {
  return one.at < other.at ? -1 : one.at > other.at ? 1 : 0;
}

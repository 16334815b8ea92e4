import { checkPayments } from "../refund/observation/payments-back.ts";
import type { PaymentsTold } from "../refund/observation/payments-back.ts";
import type { StorefrontRefund } from "../refund/observation/observation.ts";
import type { BusinessDay } from "../refund/time/business-day.ts";
import { after } from "../refund/time/instant.ts";
import type { Instant } from "../refund/time/instant.ts";
import type { Policy } from "../refund/policy.ts";
import { findRecords } from "./find-records.ts";
import type { Stores } from "./ports.ts";
import { askAgain } from "./store/ask-again.ts";
import { readPayments, savePayments } from "./store/payments.ts";

/**
 * Compares the storefront's own list of payments with its refunds, for the UTC days that no earlier
 * digest compared. The order of a payment without a refund is asked for again, because the refund
 * may have been missed.
 *
 * @param refunds those of the last days; the order of any other payment is looked up
 * @returns null where no day is to be compared
 */
export async function comparePayments(
  stores: Stores,
  day: BusinessDay,
  { refunds, policy }: { readonly refunds: readonly StorefrontRefund[]; readonly policy: Policy },
): Promise<PaymentsTold | null> {
  const from = after(day.to, -LOOK_BACK_MS);
  const stored = await readPayments(stores.table, { from, to: day.to });
  const days = stored.filter(({ toldIn }) => toldIn === null || toldIn === day.date);
  if (days.length === 0) return null;
  const shown = days.filter(({ payments }) => payments !== null);
  const payments = shown.flatMap((one) => one.payments ?? []);
  const covers = (at: Instant): boolean =>
    shown.some((one) => at >= edge(one.day, EDGE_MS) && at < edge(one.day, DAY_MS - EDGE_MS));
  const first = checkPayments(payments, refunds, covers);
  const known = new Set(refunds.map(({ refundId }) => refundId));
  const more: StorefrontRefund[] = [];
  for (const order of new Set(
    first.withoutRefund.flatMap(({ orderNumber }) => orderNumber ?? []),
  )) {
    const found = await findRecords(stores, order, policy, day.to);
    more.push(...found.flatMap(({ record: { refund } }) => refund ?? []));
  }
  const others = more.filter(({ refundId }) => !known.has(refundId));
  const check = checkPayments(payments, [...refunds, ...others], covers);
  const asks = check.withoutRefund.flatMap(({ orderId, at }) =>
    orderId === null
      ? []
      : [{ ref: `order:${orderId}`, orderId, why: "not shown" as const, since: at }],
  );
  await askAgain(stores.table, "storefront", asks, day.to);
  for (const one of days) await savePayments(stores.table, { ...one, toldIn: day.date });
  return {
    ...check,
    days: days.map((one) => one.day),
    notShown: days.filter((one) => one.payments === null).map((one) => one.day),
    unreadable: days.reduce((sum, one) => sum + one.unreadable, 0),
  };
}

function edge(day: string, ms: number): Instant {
  return after(`${day}T00:00:00.000Z`, ms);
}

const DAY_MS = 86_400_000;
const LOOK_BACK_MS = 8 * DAY_MS;
/** Two clocks may put a payment on two days. */
const EDGE_MS = 10 * 60_000;

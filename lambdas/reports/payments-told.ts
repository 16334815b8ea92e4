import type { Summary } from "../refund/summary/summary.ts";
import { counted, localTime, money, spokenDate } from "./figures.ts";
import type { ReportContext } from "./report-context.ts";
import { unlinked } from "./printable.ts";

/** The storefront's own list of payments compared with its refunds, in words. */
export type PaymentsStory = {
  /** What was compared; empty where nothing was. */
  readonly compared: string;
  /** Money that moved and that no refund explains, one phrase each; empty where there is none. */
  readonly withoutRefund: readonly string[];
  readonly withoutPayment: readonly string[];
};

export const WITHOUT_REFUND = "Money that went back to buyers without a refund: look the orders up";
/** A longer list is in summary.json. */
export const MOST_PAYMENTS = 10;

export function paymentsStory(
  { payments }: Summary,
  { storefront, timeZone }: ReportContext,
): PaymentsStory {
  if (payments === null) return { compared: "", withoutRefund: [], withoutPayment: [] };
  const { days, notShown, unreadable, withoutRefund, withoutPayment } = payments;
  const shown = days.filter((day) => !notShown.includes(day));
  const agree = payments.payments - withoutRefund.length;
  const sentences = [
    ...(shown.length === 0
      ? []
      : [
          `${storefront}'s own list of payments of ${datesOf(shown)} (UTC): ${agreement(payments.payments, agree)}`,
        ]),
    ...(notShown.length === 0
      ? []
      : [
          `${storefront} does not show its list of payments of ${datesOf(notShown)}: nothing was compared with it.`,
        ]),
    ...(unreadable === 0 ? [] : [`${counted(unreadable, "row")} of that list cannot be read.`]),
  ];
  return {
    compared: sentences.join(" "),
    withoutRefund: withoutRefund.map(
      ({ orderNumber, amount, currency, at, paymentId }) =>
        `${unlinked(orderNumber ?? "no order")}: ${money(amount, currency)}, ${localTime(at, timeZone)}, payment ${unlinked(paymentId)}`,
    ),
    withoutPayment: withoutPayment.map(
      ({ orderNumber, amount, currency, at, refundId }) =>
        `${unlinked(orderNumber)}: ${money(amount, currency)}, ${localTime(at, timeZone)}, refund ${unlinked(refundId)}`,
    ),
  };
}

function datesOf(days: readonly string[]): string {
  const [first = "", last = first] = [days[0], days.at(-1)];
  return first === last ? spokenDate(first) : `${spokenDate(first)} to ${spokenDate(last)}`;
}

function agreement(count: number, agree: number): string {
  if (count === 0) return "no money went back to buyers.";
  const went =
    count === 1 ? "1 payment went back to a buyer" : `${count} payments went back to buyers`;
  if (agree === count) return `${went}, each with a refund.`;
  return `${went}, ${agree} with a refund and ${count - agree} without.`;
}

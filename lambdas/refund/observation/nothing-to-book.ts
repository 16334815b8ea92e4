import { isNothing } from "./refund-figures.ts";
import type { BenignCase, StorefrontRefund } from "./observation.ts";

/**
 * The benign case because of which the ERP does not have to book this refund; null if it must.
 *
 * Either no money moved (the payment failed, only goods were restocked, an exchange had no
 * difference), or the storefront's own data show that the refund is a test, is outside the watched
 * channels, or is a change that the ERP imported with the order.
 */
export function nothingToBook(refund: StorefrontRefund): BenignCase | null {
  const named = NEVER_BOOKED.find((benign) => refund.benign.includes(benign));
  if (named !== undefined) return named;
  if (isClaim(refund)) return null;
  if (!isNothing(refund.settled) || !isNothing(refund.pending)) return null;
  const withoutMoney = WITHOUT_MONEY.find((benign) => refund.benign.includes(benign));
  if (withoutMoney !== undefined) return withoutMoney;
  const failed = refund.transactions.some(({ status }) => status === "failure");
  return failed ? "payment_failed" : "restock_only";
}

/**
 * Whether the ERP should have this refund. It should not if there is nothing to book, if the
 * payment is pending, or if its document may be older than the period for which the ERP was read.
 */
export function isExpectedInErp(benign: readonly BenignCase[]): boolean {
  return !benign.some((name) => NOT_EXPECTED.has(name));
}

/** The order's status says that it was refunded, but the storefront has no refund of it. */
export function isClaim({ marks }: Pick<StorefrontRefund, "marks">): boolean {
  return marks.length > 0 && marks.includes("no_refund_record");
}

const NEVER_BOOKED = [
  "test",
  "outside_scope",
  "quantity_only_before_import",
  "claim_withdrawn",
] as const;
const WITHOUT_MONEY = ["exchange_netted", "payment_failed", "restock_only"] as const;
const NOT_EXPECTED: ReadonlySet<BenignCase> = new Set([
  ...NEVER_BOOKED,
  ...WITHOUT_MONEY,
  "payment_pending",
  "before_watch",
]);

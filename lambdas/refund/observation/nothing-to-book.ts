import { isNothing } from "./refund-figures.ts";
import type { BenignCase, StorefrontRefund } from "./observation.ts";

/**
 * Why the ERP need not book this refund at all, by name; null when it must.
 *
 * No money moved (the payment failed, a restock alone, an exchange that came out even), or the
 * storefront says itself that it is a test, outside the watched channels, or a change that the ERP
 * took in with the order.
 */
export function nothingToBook(refund: StorefrontRefund): BenignCase | null {
  const named = NEVER_BOOKED.find((benign) => refund.benign.includes(benign));
  if (named !== undefined) return named;
  if (!isNothing(refund.settled) || !isNothing(refund.pending)) return null;
  const unmoved = WITHOUT_MONEY.find((benign) => refund.benign.includes(benign));
  if (unmoved !== undefined) return unmoved;
  const failed = refund.transactions.some(({ status }) => status === "failure");
  return failed ? "payment_failed" : "restock_only";
}

/**
 * Whether the ERP should have this refund by now: neither is there nothing to book, nor is its
 * payment still on its way, nor may its document lie before what was read of the ERP.
 */
export function isExpectedInErp(benign: readonly BenignCase[]): boolean {
  return !benign.some((name) => NOT_EXPECTED.has(name));
}

const NEVER_BOOKED = ["test", "outside_scope", "quantity_only_before_import"] as const;
const WITHOUT_MONEY = ["exchange_netted", "payment_failed", "restock_only"] as const;
const NOT_EXPECTED: ReadonlySet<BenignCase> = new Set([
  ...NEVER_BOOKED,
  ...WITHOUT_MONEY,
  "payment_pending",
  "before_watch",
]);

import * as z from "zod";

import { amountKeys } from "./match-by-amount.ts";
import { msOf } from "./instant-ms.ts";
import type { StorefrontRefund } from "./observation.ts";
import { referenceSchema } from "./observation-schema.ts";
import { allOrdersOf, carriesId, normaliseOrder, refundIdsOf } from "./order-reference.ts";
import { normaliseRefundId } from "./refund-spelling.ts";
import { clockStart } from "./refund-figures.ts";
import type { Policy, Unreadable } from "./sync-record.ts";

/**
 * The first unreadable document that could be this refund's: by the refund's id or its order, or,
 * where it names neither, by an amount that is the refund's or cannot be read, within the window.
 * Nothing is called missing while its own document may be lying in quarantine.
 */
export function unreadableFor(refund: StorefrontRefund, policy: Policy): Unreadable | null {
  const { unreadable = [] } = policy;
  return unreadable.find((document) => mayBook(document, refund, policy)) ?? null;
}

function mayBook(
  { references, currency, total, since }: Unreadable,
  refund: StorefrontRefund,
  policy: Policy,
): boolean {
  if (Math.abs(msOf(since) - msOf(clockStart(refund))) > policy.windowMs) return false;
  const named = { references };
  if (refundIdsOf(named).includes(normaliseRefundId(refund.refundId))) return true;
  if (carriesId(named, refund.orderId)) return true;
  const orders = allOrdersOf(named, policy);
  if (orders.length > 0) {
    return orders.includes(normaliseOrder(refund.orderNumber, policy.orderPrefixes) ?? "");
  }
  const amount = (total ?? "").replace(/^[+-]/, "");
  if (!PLAIN_AMOUNT.test(amount)) return true;
  return amountKeys(refund).some((key) => {
    const [code = "", own = ""] = key.split(" ");
    return (currency === null || code === currency) && sameNumber(own, amount);
  });
}

/** "9.5" and "9.50" are one number; compared as text, so that nothing is rounded. */
function sameNumber(one: string, other: string): boolean {
  return withoutZeros(one) === withoutZeros(other);
}

function withoutZeros(text: string): string {
  return text
    .replace(/^0+(?=\d)/, "")
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

const PLAIN_AMOUNT = /^\d{1,12}(\.\d{1,4})?$/;

export const unreadableSchema = z.object({
  since: z.string(),
  references: z.array(referenceSchema),
  currency: z.string().nullable(),
  total: z.string().nullable(),
});

import * as z from "zod";

import { amountKeys } from "../../observation/amount-key.ts";
import { msOf } from "../../time/instant.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { referenceSchema } from "../../observation/observation-schema.ts";
import { allOrdersOf, carriesId } from "../../observation/order-reference.ts";
import { normaliseOrder } from "../../observation/order-number.ts";
import { refundIdsOf } from "../../observation/refund-id.ts";
import { normaliseRefundId } from "../../observation/refund-id.ts";
import { clockStart } from "../../observation/refund-figures.ts";
import type { Policy } from "../../policy.ts";
import type { Unreadable } from "../../policy.ts";

/**
 * Whether an unreadable document inside the window may belong to this refund: "likely" by the
 * refund's id, its order or its amount; "anybody's" if neither order nor amount could be read.
 */
export function unreadableFor(
  refund: StorefrontRefund,
  policy: Policy,
): "likely" | "anybody's" | null {
  const { unreadable = [] } = policy;
  const near = unreadable.filter(
    ({ since }) => Math.abs(msOf(since) - msOf(clockStart(refund))) <= policy.windowMs,
  );
  if (near.some((document) => mayBook(document, refund, policy))) return "likely";
  return near.some((document) => hasNoOrderOrAmount(document, policy)) ? "anybody's" : null;
}

/**
 * Whether the document may book a refund that could not be read: "likely" if it carries its id,
 * "anybody's" if the refund was found inside the window.
 */
export function unreadableRefundOf(
  document: ErpDocument,
  { unreadableRefunds = [], windowMs }: Policy,
): "likely" | "anybody's" | null {
  if (unreadableRefunds.length === 0) return null;
  const named = new Set(refundIdsOf(document));
  if (unreadableRefunds.some(({ id }) => named.has(normaliseRefundId(id)))) return "likely";
  const made = msOf(document.createdAt);
  const isNear = unreadableRefunds.some(({ since }) => Math.abs(msOf(since) - made) <= windowMs);
  return isNear ? "anybody's" : null;
}

function hasNoOrderOrAmount({ references, total }: Unreadable, policy: Policy): boolean {
  return allOrdersOf({ references }, policy).length === 0 && !PLAIN_AMOUNT.test(unsigned(total));
}

function unsigned(total: string | null): string {
  return (total ?? "").replace(/^[+-]/, "");
}

function mayBook(
  { references, currency, total }: Unreadable,
  refund: StorefrontRefund,
  policy: Policy,
): boolean {
  const named = { references };
  if (refundIdsOf(named).includes(normaliseRefundId(refund.refundId))) return true;
  if (carriesId(named, refund.orderId)) return true;
  const orders = allOrdersOf(named, policy);
  if (orders.length > 0) {
    return orders.includes(normaliseOrder(refund.orderNumber, policy.orderPrefixes) ?? "");
  }
  const amount = unsigned(total);
  if (!PLAIN_AMOUNT.test(amount)) return false;
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

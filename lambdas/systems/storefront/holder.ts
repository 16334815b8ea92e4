import { createHash } from "node:crypto";

/**
 * A pseudonym for the customer who holds credit in the shop: it links the customer's refunds, and
 * nobody can tell the customer from it without the shop's own list.
 *
 * @param shop the address of the shop, so that the same number in two shops is two holders
 */
export function holderOf(shop: string, customerId: string): string {
  return createHash("sha256").update(`${shop}|customer|${customerId}`).digest("hex").slice(0, 16);
}

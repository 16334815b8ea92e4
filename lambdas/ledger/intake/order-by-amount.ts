import { amountKey } from "../../refund/observation/amount-key.ts";
import { amountKeys } from "../../refund/observation/amount-key.ts";
import type {
  ErpDocument,
  Observation,
  StorefrontRefund,
} from "../../refund/observation/observation.ts";
import { weakOrderOf } from "../../refund/observation/order-reference.ts";
import { orderOfRefund } from "../../refund/observation/order-reference.ts";
import type { Policy } from "../../refund/policy.ts";
import type { StoredRecord } from "../store/record-item.ts";

/**
 * The order of a document that contains only the ERP's own number of its source document. It counts
 * as an order number when a refund of that order has the same amount; otherwise the result is null.
 */
export async function orderByAmount(
  document: ErpDocument,
  seen: readonly Observation[],
  policy: Policy,
  read: (order: string) => Promise<readonly StoredRecord[]>,
): Promise<string | null> {
  const order = weakOrderOf(document, policy);
  if (order === null) return null;
  const stored = (await read(order)).flatMap(({ refund }) => refund ?? []);
  const fresh = seen.filter(
    (one): one is StorefrontRefund =>
      one.role === "storefront" && orderOfRefund(one, policy) === order,
  );
  const key = amountKey(document.currency, document.total);
  const isEqual = [...stored, ...fresh].some((refund) => amountKeys(refund).includes(key));
  return isEqual ? order : null;
}

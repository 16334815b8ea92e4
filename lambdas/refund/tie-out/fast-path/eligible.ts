import type {
  ErpDocument,
  RefundTransaction,
  StorefrontRefund,
} from "../../observation/observation.ts";
import { orderOf } from "../../observation/order-reference.ts";
import { isNothing, settlesAtOnce } from "../../observation/refund-figures.ts";
import type { Policy } from "../../policy.ts";

/** A settled refund without any special case. */
export function isPlainRefund(
  refund: Pick<StorefrontRefund, "pending" | "settled" | "processedAt" | "createdAt"> & {
    readonly benign: readonly string[];
    readonly marks: readonly string[];
    readonly transactions: readonly Pick<RefundTransaction, "processedAt">[];
  },
): boolean {
  const { benign, pending, settled, transactions, marks } = refund;
  if (marks.length > 0 && marks.includes("no_refund_record")) return false;
  if (benign.length > 0 || !isNothing(pending) || isNothing(settled)) return false;
  return transactions.every((one) => settlesAtOnce(refund, one));
}

/** A valid document that is a refund and is not connected to another document or payment. */
export function isPlainDocument(
  document: Pick<ErpDocument, "reverses" | "paymentReferences" | "createdAtIsLatest"> & {
    readonly state: string;
    readonly kind: string;
    readonly settlement: object | null;
  },
): boolean {
  const { state, reverses, settlement, kind, paymentReferences } = document;
  return (
    (state === "open" || state === "applied" || state === "unknown") &&
    reverses === null &&
    settlement === null &&
    document.createdAtIsLatest !== true &&
    kind !== "other" &&
    kind !== "credit_memo_request" &&
    paymentReferences.length === 0
  );
}

/**
 * Whether the document names the refund by its `id` or only by its `order`, exactly as the
 * storefront shows them; null if it names anything else, or if it uses another spelling.
 */
export function namedBy(
  refund: StorefrontRefund,
  document: ErpDocument,
  policy: Policy,
): "id" | "order" | null {
  let orders = 0;
  let named = false;
  for (const { field, text } of document.references) {
    if (field === "number") continue;
    if (field === "order") {
      if (text !== refund.orderNumber && `#${text}` !== refund.orderNumber) return null;
      // The full rules do not accept a number as an order either if it is too long to be shown to
      // people.
      if (!SHOWN_NUMBER.test(text) && orderOf(document, policy) === null) return null;
      orders += 1;
    } else if (field === "external_id" && isIdOf(refund, text)) named = true;
    else return null;
  }
  if (orders !== 1) return null;
  return named ? "id" : "order";
}

function isIdOf({ refundId }: StorefrontRefund, text: string): boolean {
  if (!PLAIN_ID.test(refundId)) return false;
  return text === refundId || (text.startsWith(GLOBAL) && text.slice(GLOBAL.length) === refundId);
}

const SHOWN_NUMBER = /^#?[1-9]\d{0,9}$/;
const PLAIN_ID = /^[1-9]\d{0,39}$/;
const GLOBAL = "gid://shopify/Refund/";

import type { Cause, Pattern } from "../refund/diagnosis/patterns/diagnosis.ts";
import type { BenignCase, RefundMark } from "../refund/observation/observation.ts";
import type { MismatchKind } from "../refund/record/mismatch.ts";
import type { Status } from "../refund/record/sync-record.ts";

/** The words that finance reads for the names in the summary. */
export const STATUS_WORDS: Record<Status, string> = {
  pending: "pending",
  matched: "matched",
  mismatched: "mismatched",
  stale: "stale",
  orphaned: "only in the ERP",
  duplicated: "booked more than once",
  resolved: "resolved",
};

export const MISMATCH_WORDS: Record<MismatchKind, string> = {
  missing_in_erp: "not in the ERP",
  missing_in_storefront: "not in the storefront",
  amount: "amount differs",
  tax: "tax differs",
  shipping: "shipping differs",
  discount: "discount differs",
  currency: "currency differs",
  order_reference_missing: "order reference missing",
  payment_reference_missing: "payment reference missing",
  transaction_type: "booked as another kind of document",
  duplicate_in_erp: "booked more than once",
  status: "document not in force or not in the books",
  period: "booked in another period",
  late: "arrived late",
};

export const CAUSE_WORDS: Record<Cause, string> = {
  integration: "Integration",
  process: "Process",
  both: "Process and integration",
  undetermined: "Cause not known",
};

export const CAUSE_MEANS: Record<Cause, string> = {
  integration: "the systems did not exchange the data correctly; no person's step caused it",
  process: "the integration works; a step that a person must do is missing",
  both: "repair the process first, then the data that it left in the integration",
  undetermined: "the data does not show the cause yet; this does not mean that all is well",
};

export const PATTERN_WORDS: Record<Pattern, string> = {
  partial_sync: "partial sync: booked without its references",
  rounding_drift: "rounding drift",
  promo_mismatch: "promotion mismatch: the discount was not taken off",
  async_gap: "asynchronous gap: it usually comes with a later batch",
  register_bypass: "register bypass: refunded at the register, never entered in the ERP",
  verbal_approval: "verbal approval: no return, ticket or note",
  cross_team_handoff: "hand-off between teams",
  store_credit_loop: "store credit loop",
};

export const BENIGN_WORDS: Record<BenignCase, string> = {
  payment_pending: "payment still pending",
  payment_failed: "payment failed, no money moved",
  restock_only: "restock, no money moved",
  test: "test order or payment",
  exchange_netted: "exchange: the new item offsets the refund",
  quantity_only_before_import: "quantity changed before the import",
  presentment_beside_shop: "also shown in the buyer's currency",
  cash_rounding: "cash rounding at the register",
  outside_scope: "outside the channels, gateways, locations or companies of the brand file",
  negative_gap: "booked in the ERP before the refund",
  claim_withdrawn: "the order no longer says refunded, or it has its refund now",
  before_watch: "from a time before the other side was first read",
};

/** What shows whose document it is. */
export const TRAIT_WORDS: Record<"company" | "prefix" | "maker", string> = {
  company: "company",
  prefix: "number prefix",
  maker: "integration user",
};

/** Of a document without a refund. */
export const OWNERSHIP_WORDS: Record<"unclear" | "probably_not_ours", string> = {
  unclear: "perhaps another business's",
  probably_not_ours: "probably another business's",
};

export const MARK_WORDS: Record<RefundMark, string> = {
  identity_broken: "its figures do not add up",
  future_dated: "dated in the future",
  no_refund_record: "the order says refunded, but there is no refund",
};

/** Why an adapter left a record out; a name that is not here is shown as it is. */
export const LEFT_OUT_WORDS: Readonly<Record<string, string>> = {
  test_order: "test orders",
  test_transaction: "test payments",
  order_without_refund: "changed orders without a refund",
  refund_not_found: "refunds that are no longer shown",
  settlement_of_credit_memo: "payouts that belong to their credit memo",
  repeated_row: "rows shown twice",
  no_credit: "billing documents that are no credit",
  request_of_billed_credit: "credit memo requests that are billed",
  other_business_unit: "credit memos of other business units",
  order_with_refund: "orders whose status agrees with their refunds",
};

export const QUESTIONS: ReadonlyMap<number, string> = new Map([
  [1, "Does it repeat for the same order type?"],
  [2, "Did a person edit or override it?"],
  [3, "Is it concentrated somewhere?"],
  [4, "Did it appear after a delay, not at once?"],
  [5, "Does it reproduce in a test environment?"],
]);

/** A name from code as words: "order_type" becomes "order type". */
export function spelled(name: string): string {
  return name.replaceAll("_", " ");
}

/** The words for a counted name, or the name itself when it has none. */
export function wordFor(words: Readonly<Record<string, string>>, name: string): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? spelled(name);
}

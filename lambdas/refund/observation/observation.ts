/**
 * What the storefront and the ERP record about a refund, in one shape for every platform.
 *
 * Everything here is plain JSON: amounts are canonical decimal strings of their currency (see
 * `canonicalAmount`), instants are UTC as `2026-11-22T10:00:00.000Z` so that text order is time
 * order, ids are text. A value that a platform does not give is `null`, which means unknown and
 * never "no".
 */

import type { Instant } from "../time/instant.ts";
import type { Amount } from "../money/amount.ts";

/** The storefront's record of money going back to the buyer. Refunded amounts are positive. */
export type StorefrontRefund = {
  readonly role: "storefront";
  /** The storefront's own id as its API gives it (Shopify: the legacy numeric id). */
  readonly refundId: string;
  /** The refund's own number for people, where it has one beside its id (Magento: increment id). */
  readonly refundNumber?: string | undefined;
  readonly orderId: string;
  /** As shown to people, "#1001". */
  readonly orderNumber: string;
  readonly orderCreatedAt: Instant;
  readonly createdAt: Instant;
  readonly processedAt: Instant;
  /** The latest change time that the source reported for the refund or for its order's payment. */
  readonly updatedAt: Instant;
  /** When the last settled transaction was processed; null while no money moved. */
  readonly settledAt: Instant | null;

  /**
   * The shop's currency, or the order's where the platform states no other; all amounts below are in
   * it unless they say otherwise.
   */
  readonly currency: string;
  /** Money that moved: successful transactions only. */
  readonly settled: Amount;
  /** Money that has not moved yet: pending transactions only. */
  readonly pending: Amount;
  /**
   * The same refund in the other of the shop's and the buyer's currency; null when these are the
   * same, or where the platform does not tell the other one.
   */
  readonly presentment: {
    readonly currency: string;
    readonly settled: Amount;
    readonly pending: Amount;
    readonly components: Components;
    /**
     * Present where the platform states the refund only in the buyer's currency. Then `currency` of
     * the refund is the buyer's, and these figures in the shop's currency are computed with the
     * platform's own rate: the true ones may be so far away.
     */
    readonly computedWithin?: Amount | undefined;
  } | null;
  readonly components: Components;
  /**
   * The platform states only totals: the parts and lines are computed from the order, and only their
   * sum is proved. Each of them may be away by a smallest unit.
   */
  readonly partsComputed?: boolean | undefined;
  /**
   * The cents of tax, signed, that the last refund of an order took because the ones before it had
   * rounded them away; absent where there are none.
   */
  readonly taxRemainder?: Amount | undefined;
  /** True when line amounts already include their tax. */
  readonly taxesIncluded: boolean;
  readonly lines: readonly RefundLine[];
  readonly transactions: readonly RefundTransaction[];

  readonly channel: string | null;
  /** The app that made the refund (not the order), by title. */
  readonly app: string | null;
  /** Pseudonymous id of the member of staff who made it; null when nobody did or it is unknown. */
  readonly staff: string | null;
  /** Whether the platform reported who made it: false means that `staff` is unknown, not absent. */
  readonly staffKnown: boolean;
  readonly retailLocation: string | null;
  readonly returnId: string | null;
  readonly returnStatus: string | null;
  readonly hasNote: boolean;
  /** A ticket or approval number was found in the note (the note itself is never kept). */
  readonly noteHasReference: boolean;
  readonly discountCodes: number;
  /** The order was edited after it was placed; null where the platform does not tell. */
  readonly orderEdited: boolean | null;
  /** Hash of the customer if both systems can identify the same customer; null if they cannot. */
  readonly customerKey: string | null;
  /**
   * Of a refund as store credit or gift card: whose credit it is (a pseudonym), and whether its order
   * was paid with such credit before. Absent where the platform does not tell.
   */
  readonly shopCredit?: { readonly holder: string; readonly orderPaidWithIt: boolean } | undefined;
  /** The benign cases that the storefront's own data show. */
  readonly benign: readonly BenignCase[];
  /** What is wrong in the record itself, for example parts that do not add up to the total. */
  readonly marks: readonly RefundMark[];
};

/**
 * The parts of a refund. `items` is the net amount that was credited for goods, after discounts. A
 * part is null where the platform states only the whole.
 */
export type Components = {
  /** Credited for goods, after discounts; it includes the tax if `taxesIncluded`. */
  readonly items: Amount | null;
  readonly tax: Amount;
  readonly shipping: Amount | null;
  /** Null: it is a part of `tax`, and how large a part is not known. */
  readonly shippingTax: Amount | null;
  readonly duties: Amount;
  /**
   * Handling, gift wrapping and fees; absent where there are none. Tax as in `items`. Negative: a
   * fee that the shop kept back.
   */
  readonly charges?: readonly Charge[] | undefined;
  /** Signed, for every platform: negative when the buyer got more than was calculated. */
  readonly adjustment: Amount;
  /** The discount that had been taken off the returned goods (positive). */
  readonly discount: Amount | null;
};

export const CHARGE_KINDS = ["handling", "gift_wrapping", "fee"] as const;
export type Charge = { readonly kind: (typeof CHARGE_KINDS)[number]; readonly amount: Amount };

export type RefundLine = {
  readonly lineId: string;
  readonly sku: string | null;
  readonly quantity: number;
  /**
   * Credited for this line, after discounts; it includes the tax if `taxesIncluded`. This, `tax` and
   * `discount` are null where the platform states only the quantity.
   */
  readonly amount: Amount | null;
  readonly tax: Amount | null;
  /** Price of one unit before discounts. */
  readonly unitPrice: Amount | null;
  /** The share of discounts on the returned quantity (positive). */
  readonly discount: Amount | null;
  readonly discountKinds: readonly DiscountKind[];
  readonly giftCard: boolean;
  readonly restock: (typeof RESTOCKS)[number];
  readonly location: string | null;
};

export const DISCOUNT_KINDS = ["code", "automatic", "manual", "script"] as const;
type DiscountKind = (typeof DISCOUNT_KINDS)[number];

export type RefundTransaction = {
  readonly id: string;
  readonly status: (typeof PAYMENT_STATUSES)[number];
  readonly gateway: string | null;
  /** Cash, store credit, gift card, card …: the platform's own word, in lower case. */
  readonly method: string | null;
  /** Marked by the platform as a manual payment, outside any gateway. */
  readonly manual: boolean;
  readonly amount: Amount;
  readonly presentmentAmount: Amount | null;
  /** Cash rounding at the register, signed. */
  readonly rounding: Amount;
  /** Ids by which a processor or an ERP may know this payment. */
  readonly references: readonly string[];
  readonly processedAt: Instant | null;
  readonly location: string | null;
  /** Pseudonymous id of who was logged in at the register. */
  readonly user: string | null;
};

export const BENIGN_CASES = [
  "payment_pending",
  "payment_failed",
  "restock_only",
  "test",
  "exchange_netted",
  "quantity_only_before_import",
  "presentment_beside_shop",
  "cash_rounding",
  "outside_scope",
  "negative_gap",
  "claim_withdrawn",
  "before_watch",
] as const;
export type BenignCase = (typeof BENIGN_CASES)[number];

/**
 * What is wrong in a refund's own record: its amounts do not add up, or a time is in the future.
 * `no_refund_record`: the order's status says that it was refunded, but the storefront has no refund
 * of it; this record stands for that claim.
 */
export const REFUND_MARKS = ["identity_broken", "future_dated", "no_refund_record"] as const;
export type RefundMark = (typeof REFUND_MARKS)[number];

/** What the ERP booked. Refunded amounts are positive, whatever sign the ERP gave them. */
export type ErpDocument = {
  readonly role: "erp";
  /** The ERP's internal id as its API gives it (NetSuite: `transaction.id`). */
  readonly documentId: string;
  /** The number that people see. */
  readonly documentNumber: string | null;
  readonly kind: DocumentKind;
  /** Every text that may contain a storefront id or an order number, with its field. */
  readonly references: readonly DocumentReference[];
  /** Ids of payments found in the ERP's own payment fields. */
  readonly paymentReferences: readonly string[];
  readonly createdAt: Instant;
  /** The ERP states no instant of creation: the document was made at `createdAt` or before. */
  readonly createdAtIsLatest?: boolean | undefined;
  readonly modifiedAt: Instant;
  /** Calendar date without a zone, `2026-11-22`. */
  readonly bookedOn: string;
  /** Name of the accounting period, where known. */
  readonly period: string | null;
  /** First and last calendar day of that period, where known. */
  readonly periodDates: { readonly from: string; readonly to: string } | null;

  readonly currency: string;
  readonly total: Amount;
  readonly tax: Amount | null;
  readonly shipping: Amount | null;
  readonly discount: Amount | null;
  readonly lines: readonly DocumentLine[] | null;

  readonly state: DocumentState;
  /** Why it is in this state, where the ERP tells: "pricing error". */
  readonly stateReason?: string | undefined;
  /** True once no further change is expected. */
  readonly final: boolean;
  /** The payout that settled a credit memo, where there is one. */
  readonly settlement: {
    /** The newest payout, where there are several. */
    readonly documentId: string;
    /** The sum of all payouts. */
    readonly amount: Amount;
    /** The ids of the older payouts; absent if there is only one payout. */
    readonly olderIds?: readonly string[] | undefined;
    /** When the newest payout was made; absent where the ERP does not tell. */
    readonly at?: Instant | undefined;
  } | null;
  /** The document that this one reverses or replaces. */
  readonly reverses: string | null;
  /** Requests from which it was made: while it counts, they are no bookings of their own. */
  readonly madeFrom?: readonly string[] | undefined;
  readonly createdBy: Actor;
  readonly modifiedBy: Actor;
  readonly customerKey: string | null;
  /**
   * The ERP's own id of the company that booked it (NetSuite: subsidiary); null in an account
   * without companies.
   */
  readonly company: string | null;
  /**
   * Ids and names of the ERP's segments on the document, such as its class or sales area; absent
   * where the brand file names no channel of the ERP.
   */
  readonly segments?: readonly string[] | undefined;
};

/** `credit_memo_request`: a request for a credit. It is no booking, and its total is without tax. */
export const DOCUMENT_KINDS = [
  "credit_memo",
  "customer_refund",
  "cash_refund",
  "billing_document",
  "credit_memo_request",
  "other",
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export type DocumentReference = {
  readonly field: ReferenceField;
  readonly text: string;
};

/**
 * The field that contained the reference. `configured` is a field that the brand file names, and
 * `refund` is one of them whose name says that it holds the refund's id or number.
 * `source` is the ERP's own number of the document from which this one was made; it may look like
 * an order number of the shop.
 */
export const REFERENCE_FIELDS = [
  "external_id",
  "order",
  "configured",
  "refund",
  "other_reference",
  "memo",
  "source",
  "number",
] as const;
type ReferenceField = (typeof REFERENCE_FIELDS)[number];

export type DocumentLine = {
  readonly sku: string | null;
  readonly kind: (typeof LINE_KINDS)[number];
  readonly quantity: number | null;
  /** Positive when it adds to the refund. */
  readonly amount: Amount;
};

export type Actor = {
  /** Pseudonymous: the platform's own id of the user, never a name. */
  readonly id: string | null;
  readonly kind: (typeof ACTOR_KINDS)[number];
};

/**
 * `unposted`: it exists, but it is not in the books (`stateReason` tells why). `billed`: a request
 * that was stored alone, and from which another document was made. `deleted`: no longer in the ERP; `modifiedAt` is when it was deleted and `modifiedBy` is who did
 * it. `payout`: the payout of a credit memo, read as a document of its own; it is no booking of its
 * own.
 */
export const DOCUMENT_STATES = [
  "open",
  "applied",
  "voided",
  "unapproved",
  "unposted",
  "billed",
  "rejected",
  "deleted",
  "payout",
  "unknown",
] as const;
type DocumentState = (typeof DOCUMENT_STATES)[number];

export const RESTOCKS = ["return", "cancel", "no_restock", "unknown"] as const;
export const PAYMENT_STATUSES = ["success", "pending", "failure", "unknown"] as const;
export const LINE_KINDS = ["item", "tax", "shipping", "discount", "other"] as const;
export const ACTOR_KINDS = ["human", "integration", "unknown"] as const;

export type Observation = StorefrontRefund | ErpDocument;

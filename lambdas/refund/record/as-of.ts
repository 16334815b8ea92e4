import { Money } from "../money/money.ts";
import type {
  ErpDocument,
  RefundTransaction,
  StorefrontRefund,
} from "../observation/observation.ts";
import { after } from "../time/instant.ts";
import type { Instant } from "../time/instant.ts";
import type { Amount } from "../money/amount.ts";
import { isNothing, knownSince, settlesAtOnce } from "../observation/refund-figures.ts";
import type { OrderSeen } from "./order-observations.ts";

/**
 * Both sides at an earlier instant, as far as their latest versions show it. Refunds and documents
 * that were made later are left out, payments that succeeded or failed later are pending again, and
 * a document that was voided, deleted, rejected or paid out later gets its earlier state. If the amounts of a
 * record were edited, the earlier amounts are unknown.
 */
export function asOf(seen: OrderSeen, instant: Instant): OrderSeen {
  const { refunds, documents, resolutions } = seen;
  const existing = refunds.filter((refund) => knownSince(refund) <= instant);
  const booked = documents.filter((document) => madeBy(document) <= instant);
  return {
    ...seen,
    refunds: existing.map((refund) => refundAsOf(refund, instant)),
    documents: booked.map((document) => documentAsOf(document, instant)),
    ...(resolutions === undefined
      ? {}
      : { resolutions: new Map([...resolutions].filter(([, { at }]) => at <= instant)) }),
  };
}

/** When the document existed at the earliest: nobody can say that it was missing after that. */
function madeBy({ createdAt, createdAtIsLatest }: ErpDocument): Instant {
  return createdAtIsLatest === true ? after(createdAt, -UNSURE_MS) : createdAt;
}

/** A calendar day lasts 50 hours from its first beginning to its last end anywhere on earth. */
const UNSURE_MS = 50 * 3_600_000;

export function refundAsOf(refund: StorefrontRefund, instant: Instant): StorefrontRefund {
  const later = refund.transactions.filter(
    (one) => isLater(one, instant) && !settlesAtOnce(refund, one),
  );
  if (later.length === 0) return refund;
  const settledLater = later.filter(({ status }) => status === "success");
  const { currency, settled, pending, presentment, benign } = refund;
  const sum = Money.sum(
    later.map(({ amount }) => Money.of(amount, currency)),
    currency,
  );
  const settledLaterSum = Money.sum(
    settledLater.map(({ amount }) => Money.of(amount, currency)),
    currency,
  );
  const stillSettled = Money.of(settled, currency).minus(settledLaterSum).toString();
  const transactions = refund.transactions.map((one) =>
    later.includes(one) ? { ...one, status: "pending" as const } : one,
  );
  const paid = transactions.flatMap(({ status, processedAt }) =>
    status === "success" && processedAt !== null ? [processedAt] : [],
  );
  return {
    ...refund,
    settled: stillSettled,
    pending: Money.of(pending, currency).plus(sum).toString(),
    settledAt: isNothing(stillSettled) ? null : (paid.toSorted().at(-1) ?? refund.settledAt),
    presentment:
      presentment === null
        ? null
        : presentmentAsOf(presentment, settledLater, isNothing(stillSettled)),
    benign: benign.filter((one) => one !== "payment_failed"),
    transactions,
  };
}

function isLater({ status, processedAt }: RefundTransaction, instant: Instant): boolean {
  return processedAt !== null && processedAt > instant && status !== "pending";
}

/**
 * The buyer's amounts at that instant; null if a later payment does not state its amount in the
 * buyer's currency.
 */
function presentmentAsOf(
  presentment: NonNullable<StorefrontRefund["presentment"]>,
  settledLater: readonly RefundTransaction[],
  nothingSettled: boolean,
): StorefrontRefund["presentment"] {
  const { currency, settled, pending } = presentment;
  const money = (amount: Amount): Money => Money.of(amount, currency);
  if (nothingSettled) {
    const zero = Money.zero(currency).toString();
    return {
      ...presentment,
      settled: zero,
      pending: money(pending).plus(money(settled)).toString(),
    };
  }
  const amounts = settledLater.map(({ presentmentAmount }) => presentmentAmount);
  if (amounts.includes(null)) return null;
  const settledLaterSum = Money.sum(
    amounts.map((amount) => money(amount ?? "0")),
    currency,
  );
  return {
    ...presentment,
    settled: money(settled).minus(settledLaterSum).toString(),
    pending: money(pending).plus(settledLaterSum).toString(),
  };
}

export function documentAsOf(document: ErpDocument, instant: Instant): ErpDocument {
  const { settlement } = document;
  if (settlement?.at !== undefined && settlement.at > instant) {
    const state = document.state === "applied" ? "open" : document.state;
    return documentAsOf({ ...document, settlement: null, state }, instant);
  }
  if (document.modifiedAt <= instant) return document;
  // It counted, and nobody knows whether it was open or applied.
  if (document.state === "voided" || document.state === "deleted") {
    return { ...document, state: "unknown" };
  }
  // The request was open until it was billed.
  if (document.state === "billed") return { ...document, state: "unposted" };
  if (document.state === "rejected") return { ...document, state: "unapproved" };
  return document;
}

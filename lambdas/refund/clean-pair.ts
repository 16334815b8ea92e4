import { otherPeriod } from "./accounting-period.ts";
import { refundRecordId } from "./desk.ts";
import { lateBy } from "./compare-identity.ts";
import { staleWords, waitingWords } from "./history.ts";
import { instantOf, msOf } from "./instant-ms.ts";
import { nameOf } from "./live-documents.ts";
import { zeroOf } from "./money-at-risk.ts";
import type { ErpDocument, Instant, RefundTransaction, StorefrontRefund } from "./observation.ts";
import { clockStart, isNothing, knownSince, settlesAtOnce } from "./refund-figures.ts";
import type { MatchRule, Policy, SyncRecord } from "./sync-record.ts";

/**
 * The record of an order with one refund and one document that agree in everything and to the last
 * character, in time or late: nineteen of twenty orders. Null for every other, which the rules then look at.
 *
 * Nothing is decided here that the rules would decide otherwise (a property test holds them together); it
 * only saves a million clean refunds the price of the hard ones.
 */
export function cleanPair(
  order: string | null,
  refund: StorefrontRefund,
  document: ErpDocument,
  policy: Policy,
): SyncRecord | null {
  if (!isPlainRefund(refund) || !isPlainDocument(document)) return null;
  if (document.total !== refund.settled || document.currency !== refund.currency) return null;
  if (!sameParts(refund, document) || !sameGoods(refund, document)) return null;
  const rule = ruleOf(refund, document);
  if (rule === null) return null;
  const known = knownSince(refund);
  const arrived = document.createdAt;
  const gapMs = msOf(arrived) - msOf(clockStart(refund));
  if (
    arrived <= known ||
    gapMs < 0 ||
    msOf(known) - msOf(clockStart(refund)) >= policy.staleAfterMs
  ) {
    return null;
  }
  if (otherPeriod(refund, document, policy.timeZone) !== null) return null;
  const name = nameOf(document);
  const late = gapMs > policy.staleAfterMs ? lateBy(gapMs, policy, refund.currency) : null;
  const told = late === null ? `${name} agrees` : `${name} agrees, ${late.actual} after the refund`;
  const limit = late === null ? null : limitOf(refund, policy);
  return {
    id: refundRecordId(refund.refundId),
    order,
    refund,
    documents: [document],
    match: { rule, reason: reasonOf(rule, name, refund), sharedWith: NONE },
    mismatches: late === null ? NONE : [late],
    benign: NONE,
    ambiguous: NONE,
    gapMs: msOf(arrived) - msOf(refund.processedAt),
    exposure: zeroOf(refund.currency),
    currency: refund.currency,
    dueAt: null,
    status: limit === null ? "matched" : "resolved",
    history: [
      { at: known, status: "pending", why: waitingWords(policy) },
      ...(limit === null ? [] : [{ at: limit, status: "stale" as const, why: staleWords(policy) }]),
      { at: arrived, status: limit === null ? "matched" : "resolved", why: told },
    ],
    openedAt: limit,
    resolvedAt: limit === null ? null : arrived,
    resolution: null,
  };
}

const NONE: readonly never[] = [];

/** When it went stale. */
function limitOf(refund: StorefrontRefund, { staleAfterMs }: Policy): Instant {
  return instantOf(msOf(clockStart(refund)) + staleAfterMs);
}

/** A refund that moved its money and is nothing special. */
export function isPlainRefund(
  refund: Pick<StorefrontRefund, "pending" | "settled" | "processedAt" | "createdAt"> & {
    readonly benign: readonly string[];
    readonly transactions: readonly Pick<RefundTransaction, "processedAt">[];
  },
): boolean {
  const { benign, pending, settled, transactions } = refund;
  if (benign.length > 0 || !isNothing(pending) || isNothing(settled)) return false;
  return transactions.every((one) => settlesAtOnce(refund, one));
}

/** A document that stands, alone, and is a refund. */
export function isPlainDocument(
  document: Pick<ErpDocument, "reverses" | "paymentReferences"> & {
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
    kind !== "other" &&
    paymentReferences.length === 0
  );
}

function sameParts({ components }: StorefrontRefund, { tax, shipping }: ErpDocument): boolean {
  if (tax === null && shipping === null) return true;
  return (
    (tax === null || tax === components.tax) &&
    (shipping === null || shipping === components.shipping) &&
    isNothing(components.shippingTax)
  );
}

/** No line that could make up for others: then equal totals hide nothing. */
function sameGoods(refund: StorefrontRefund, { lines }: ErpDocument): boolean {
  if (lines === null) return true;
  return lines.every(
    ({ kind, sku }) =>
      kind === "tax" ||
      kind === "shipping" ||
      kind === "discount" ||
      (kind === "item" && sku !== null && refund.lines.some((line) => line.sku === sku)),
  );
}

/** Null unless one order is named exactly as the storefront shows it, and nothing else but the refund. */
function ruleOf(refund: StorefrontRefund, { references }: ErpDocument): MatchRule | null {
  let orders = 0;
  let named = false;
  for (const { field, text } of references) {
    if (field === "number") continue;
    if (field === "order") {
      if (text !== refund.orderNumber && `#${text}` !== refund.orderNumber) return null;
      orders += 1;
    } else if (field === "external_id" && isIdOf(refund, text)) named = true;
    else return null;
  }
  if (orders !== 1) return null;
  return named ? "reference" : "order_amount";
}

function isIdOf({ refundId }: StorefrontRefund, text: string): boolean {
  if (refundId.startsWith("0")) return false;
  return text === refundId || (text.startsWith(GLOBAL) && text.slice(GLOBAL.length) === refundId);
}

function reasonOf(
  rule: MatchRule,
  name: string,
  { refundId, settled, currency }: StorefrontRefund,
): string {
  return rule === "reference"
    ? `${name} carries the refund's id ${refundId}`
    : `${name} is for the same order and the same total, ${settled} ${currency}`;
}

const GLOBAL = "gid://shopify/Refund/";

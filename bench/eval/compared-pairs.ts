import { Money } from "../../lambdas/refund/money/money.ts";
import type {
  ErpDocument,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import { isStoreCredit } from "../../lambdas/refund/observation/tenders.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";

/**
 * Compares the records of one life on two pairs of platforms. Records whose facts are equal on both
 * must have the same status and the same kinds of mismatch, if their orders have the same records.
 * Where the facts differ, the reason is
 * counted by name: it is what a platform cannot show, or shows in another way.
 */
export function comparePairs(
  first: readonly SyncRecord[],
  other: readonly SyncRecord[],
): PairComparison {
  const byId = new Map(other.map((record) => [record.id, record]));
  const [orders, theirOrders] = [recordsByOrder(first), recordsByOrder(other)];
  const result = emptyComparison();
  const count = (reason: string, isSame: boolean): void => {
    const { records, same } = result.reasons.get(reason) ?? { records: 0, same: 0 };
    result.reasons.set(reason, { records: records + 1, same: same + (isSame ? 1 : 0) });
  };
  for (const record of first) {
    const theirs = byId.get(record.id);
    byId.delete(record.id);
    const isSameOrder = orders.get(record.order) === theirOrders.get(record.order);
    const reason =
      theirs === undefined
        ? onlyIn(record, "first")
        : (factsThatDiffer(record, theirs) ??
          (isSameOrder ? null : "another refund or document of its order"));
    if (theirs === undefined || reason !== null) {
      const isSame = theirs !== undefined && verdictOf(record) === verdictOf(theirs);
      count(reason ?? "", isSame);
      continue;
    }
    result.equal += 1;
    if (verdictOf(record) === verdictOf(theirs)) result.same += 1;
    else result.different.push(`${record.id}: ${verdictOf(record)} | ${verdictOf(theirs)}`);
  }
  for (const record of byId.values()) count(onlyIn(record, "other"), false);
  return result;
}

/**
 * The records of each order: what an order has decides which of them belong together. A document that
 * was taken back is void on one platform and not in the books on another, which changes the history.
 */
function recordsByOrder(records: readonly SyncRecord[]): ReadonlyMap<string | null, string> {
  const ids = new Map<string | null, string[]>();
  for (const { order, id, documents } of records) {
    if (order === null) continue;
    const states = documents.flatMap(({ state }) => (NOT_BOOKED.has(state) ? [state] : []));
    ids.set(order, [...(ids.get(order) ?? []), [id, ...states].join(" ")]);
  }
  return new Map([...ids].map(([order, some]) => [order, some.toSorted().join()]));
}

const NOT_BOOKED: ReadonlySet<ErpDocument["state"]> = new Set(["voided", "rejected", "unposted"]);

export function emptyComparison(): PairComparison {
  return { equal: 0, same: 0, different: [], reasons: new Map() };
}

/** Adds the comparison of one life to that of others. */
export function addComparison(to: PairComparison, one: PairComparison): void {
  to.equal += one.equal;
  to.same += one.same;
  to.different.push(...one.different);
  for (const [reason, { records, same }] of one.reasons) {
    const before = to.reasons.get(reason) ?? { records: 0, same: 0 };
    to.reasons.set(reason, { records: before.records + records, same: before.same + same });
  }
}

export type PairComparison = {
  /** Records whose facts are equal. */
  equal: number;
  /** Of them, those with the same status and kinds. */
  same: number;
  /** The others, each with both verdicts. */
  readonly different: string[];
  /** Records whose facts differ, by reason, and how many of them have the same verdict even so. */
  readonly reasons: Map<string, { readonly records: number; readonly same: number }>;
};

function verdictOf({ status, mismatches }: SyncRecord): string {
  return [status, ...new Set(mismatches.map(({ kind }) => kind))].toSorted().join(" ");
}

function onlyIn({ refund, documents }: SyncRecord, side: "first" | "other"): string {
  if (refund !== null) {
    const isMoneyless = refund.transactions.length === 0;
    return isMoneyless ? "a refund without a payment" : `a refund of the ${side} pair only`;
  }
  const [document] = documents;
  if (document?.kind === "credit_memo_request") return "a request for a credit";
  if (document?.kind === "customer_refund") return "a payout as a document";
  return `a document of the ${side} pair only`;
}

function factsThatDiffer(one: SyncRecord, other: SyncRecord): string | null {
  if (one.refund !== null && other.refund !== null) {
    const reason = refundsDiffer(one.refund, other.refund);
    if (reason !== null) return reason;
  }
  const [documents, theirs] = [factsOfDocuments(one), factsOfDocuments(other)];
  for (const [name, facts] of documents) {
    if (theirs.get(name) !== facts) return name;
  }
  return null;
}

function refundsDiffer(one: StorefrontRefund, other: StorefrontRefund): string | null {
  if (
    one.currency !== other.currency ||
    (one.presentment === null) !== (other.presentment === null)
  ) {
    return "the buyer's currency";
  }
  if (one.settled !== other.settled || one.pending !== other.pending) return "the settled money";
  if (one.settledAt?.slice(0, 19) !== other.settledAt?.slice(0, 19)) return "when it was settled";
  if (wholeTax(one) !== wholeTax(other)) return "the refund's tax";
  const [parts, theirs] = [one.components, other.components];
  if (parts.shipping !== theirs.shipping) return "the refund's shipping";
  if (parts.adjustment !== theirs.adjustment) return "an adjustment of the refund";
  if (parts.discount !== theirs.discount) return "the refund's discount";
  if (amounts(one) !== amounts(other)) return "the amounts of the refund's lines";
  if (rounding(one) !== rounding(other)) return "cash rounding";
  return cases(one) === cases(other) ? null : "what is benign about it";
}

function amounts({ lines }: StorefrontRefund): string {
  return JSON.stringify(lines.map(({ sku, amount }) => [sku, amount]));
}

function rounding({ transactions }: StorefrontRefund): string {
  return JSON.stringify(transactions.map(({ rounding: by }) => by));
}

function cases({ benign }: StorefrontRefund): string {
  return benign.toSorted().join();
}

function wholeTax({ components: { tax, shippingTax }, currency }: StorefrontRefund): string {
  return Money.of(tax, currency)
    .plus(Money.of(shippingTax ?? "0", currency))
    .toString();
}

/** A payout of the whole credit decides nothing. */
function oddPayout(amount: string | null, total: string): string | null {
  return amount === total ? null : amount;
}

/** The period of the refund's own day decides nothing. */
function oddPeriod(
  period: ErpDocument["periodDates"],
  refund: StorefrontRefund | null,
): ErpDocument["periodDates"] {
  const day = refund?.processedAt.slice(0, 10);
  if (period === null || day === undefined) return null;
  return day >= period.from && day <= period.to ? null : period;
}

/** A document that pays out decides only about a refund that was given as store credit. */
function oddKind({ kind }: ErpDocument, refund: StorefrontRefund | null): string | null {
  const isCredit = refund !== null && refund.transactions.every(isStoreCredit);
  return isCredit && kind !== "credit_memo" ? kind : null;
}

/** Facts by name; the lines of a document are compared as one fact. */
function factsOfDocuments({ documents, refund }: SyncRecord): ReadonlyMap<string, string> {
  const of = (read: (document: ErpDocument) => unknown): string =>
    JSON.stringify(
      documents
        .map((document) => [document.documentId, read(document)])
        .toSorted((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1)),
    );
  return new Map([
    ["which documents there are", of(() => null)],
    ["a document's total", of(({ total, currency }) => [total, currency])],
    ["a document's tax", of(({ tax }) => tax)],
    ["a document's shipping", of(({ shipping }) => shipping)],
    [
      "a document's discount",
      of(({ discount }) => (/[1-9]/.test(discount ?? "") ? discount : null)),
    ],
    ["a document's lines", of(linesOf)],
    ["a document's state", of(({ state }) => STATES.get(state) ?? state)],
    ["whether a document pays out", of((document) => oddKind(document, refund))],
    ["a payout", of(({ settlement, total }) => oddPayout(settlement?.amount ?? null, total))],
    ["a period", of(({ periodDates }) => oddPeriod(periodDates, refund))],
    ["a document's time of creation", of(({ createdAt }) => createdAt.slice(0, 19))],
    ["a document's references", of(referencesOf)],
  ]);
}

function linesOf({ lines }: ErpDocument): string {
  const own = (lines ?? []).filter(({ kind }) => kind !== "tax");
  return JSON.stringify(
    own.map(({ kind, sku, amount }) => `${kind} ${sku ?? ""} ${amount}`).toSorted(),
  );
}

/** The numbers in the references, without their spelling. */
function referencesOf({ references }: ErpDocument): string {
  const own = references.filter(({ field }) => field !== "number" && field !== "source");
  const numbers = own.flatMap(({ text }) => text.match(/\d+/g) ?? []);
  return [...new Set(numbers)].toSorted().join();
}

/** States that mean the same for a match. */
const STATES: ReadonlyMap<string, string> = new Map([
  ["open", "live"],
  ["applied", "live"],
  ["unapproved", "waits"],
  ["unposted", "waits"],
  ["voided", "void"],
  ["deleted", "deleted"],
]);

import { groupBy } from "../../collections/group-by.ts";
import type { Matches, Link } from "./matches.ts";
import { exactUnits } from "../../money/exact-units.ts";
import { msOf } from "../../time/instant.ts";
import { nameOf } from "../../observation/document-names.ts";
import { amountKey } from "../../observation/amount-key.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import {
  clockStart,
  figuresIn,
  toBook,
  withoutCashRounding,
} from "../../observation/refund-figures.ts";
import { MOST_STEPS, partsThatSumTo } from "./subset-sum.ts";
import type { Policy } from "../../policy.ts";

/**
 * Rule 3: same order; a group of documents adds up to one refund, or a group of refunds to one
 * document. The sum must be exact and in one currency, and only one group may fit.
 */
export function matchByParts(matches: Matches, policy: Policy): void {
  completeReferences(matches);
  if (matches.refunds.size === 0 || matches.documents.size === 0) return;
  if (matches.refunds.size > MOST_ON_A_SIDE || matches.documents.size > MOST_ON_A_SIDE) {
    const why = `more than ${MOST_ON_A_SIDE} refunds or documents are left in this order: sums were not searched`;
    matches.nameCandidates([...matches.refunds], [...matches.documents], why);
    return;
  }
  if (matches.documents.size > 1) documentsOfOneRefund(matches, policy);
  if (matches.refunds.size > 1) refundsOfOneDocument(matches, policy);
}

/** The search accepts at most this many refunds and this many documents of one order. */
export const MOST_ON_A_SIDE = 40;

/**
 * If a document has the refund's id but only a part of its amount, other documents of the order may
 * have the rest without the id.
 */
function completeReferences(matches: Matches): void {
  if (matches.documents.size === 0) return;
  for (const link of matches.links.values()) {
    if (matches.documents.size === 0) return;
    const missing = link.extra.length === 0 ? shortfall(link) : null;
    if (missing === null || matches.documents.size > MOST_ON_A_SIDE) continue;
    const free = [...matches.documents].filter(({ currency }) => currency === missing.currency);
    const units = free.map(({ total, currency }) => exactUnits(total, currency));
    const whole = units.flatMap((one, index) => (one === missing.units ? [index] : []));
    const found = whole.length > 0 ? whole : indexesOf(missing.units, units);
    const rest = found.flatMap((index) => free[index] ?? []);
    if (rest.length === 0 || whole.length > 1) continue;
    const reason = `${link.reason}, and ${rest.map(nameOf).join(" and ")} of the same order completes it`;
    matches.widen(link, { documents: [...link.documents, ...rest], reason });
  }
}

function indexesOf(target: bigint, units: readonly bigint[]): readonly number[] {
  const parts = partsThatSumTo(target, units);
  return parts.kind === "one" ? parts.indexes : [];
}

function shortfall(link: Link): { readonly currency: string; readonly units: bigint } | null {
  const [refund, second] = link.refunds;
  const currency = link.documents[0]?.currency;
  if (refund === undefined || second !== undefined || currency === undefined) return null;
  const figures = figuresIn(refund, currency);
  if (figures === null || link.documents.some((one) => one.currency !== currency)) return null;
  const booked = link.documents.reduce((sum, one) => sum + exactUnits(one.total, currency), 0n);
  const units = exactUnits(toBook(figures), currency) - booked;
  return units > 0n ? { currency, units } : null;
}

function documentsOfOneRefund(matches: Matches, policy: Policy): void {
  const ofOneAmount = groupBy(matches.refunds, (refund) => [
    amountKey(refund.currency, toBook(refund)),
  ]);
  const wanted = [...ofOneAmount.values()].map((refunds) => ({
    refunds,
    parts: partsOf(refunds, matches.documents, policy),
  }));
  for (const { refunds, parts } of wanted) {
    if (parts.kind === "bound") matches.nameCandidates(refunds, [...matches.documents], STOPPED);
    if (parts.kind === "several") matches.nameCandidates(refunds, [...matches.documents], SEVERAL);
    if (parts.kind !== "one") continue;
    const rivals = wanted.filter(
      (other) => other.parts.kind === "one" && overlap(other.parts.of, parts.of),
    );
    if (rivals.length > 1) {
      matches.nameCandidates(
        rivals.flatMap((rival) => rival.refunds),
        parts.of,
        SEVERAL,
      );
      continue;
    }
    let found: Parts<ErpDocument> = parts;
    // Refunds of the same amount get their parts one after another, the oldest first.
    for (const refund of refunds) {
      if (found.kind !== "one") break;
      const names = found.of.map(nameOf).join(" and ");
      const reason = `${names} of the same order add up to ${toBook(refund)} ${refund.currency}`;
      matches.link({ refunds: [refund], documents: found.of, rule: "order_parts", reason });
      found = partsOf(refunds, matches.documents, policy);
    }
  }
}

function refundsOfOneDocument(matches: Matches, policy: Policy): void {
  const ofOneAmount = groupBy(matches.documents, ({ currency, total }) => [
    amountKey(currency, total),
  ]);
  const wanted = [...ofOneAmount.values()].map((documents) => ({
    documents,
    parts: batchOf(documents, matches.refunds, policy),
  }));
  for (const { documents, parts } of wanted) {
    if (parts.kind === "bound") matches.nameCandidates([...matches.refunds], documents, STOPPED);
    if (parts.kind === "several") matches.nameCandidates([...matches.refunds], documents, SEVERAL);
    if (parts.kind !== "one") continue;
    const rivals = wanted.filter(
      (other) => other.parts.kind === "one" && overlap(other.parts.of, parts.of),
    );
    if (rivals.length > 1) {
      matches.nameCandidates(
        parts.of,
        rivals.flatMap((rival) => rival.documents),
        SEVERAL,
      );
      continue;
    }
    let found: Parts<StorefrontRefund> = parts;
    for (const document of documents) {
      if (found.kind !== "one") break;
      const ids = found.of.map(({ refundId }) => refundId).join(", ");
      const reason = `${nameOf(document)}, ${document.total} ${document.currency}, is the sum of the refunds ${ids} of the same order`;
      matches.link({ refunds: found.of, documents: [document], rule: "order_parts", reason });
      found = batchOf(documents, matches.refunds, policy);
    }
  }
}

type Parts<Of> =
  | { readonly kind: "one"; readonly of: readonly Of[] }
  | { readonly kind: "several" | "none" | "bound" };

function partsOf(
  refunds: readonly StorefrontRefund[],
  unmatched: ReadonlySet<ErpDocument>,
  policy: Policy,
): Parts<ErpDocument> {
  const [refund] = refunds;
  if (refund === undefined) return { kind: "none" };
  const earliest = msOf(clockStart(refund)) - policy.windowMs;
  const near = [...unmatched].filter(({ createdAt }) => msOf(createdAt) >= earliest);
  for (const currency of new Set([refund.currency, refund.presentment?.currency ?? ""])) {
    const figures = figuresIn(refund, currency);
    if (figures === null) continue;
    const booked = near.filter((document) => document.currency === currency);
    const units = booked.map(({ total }) => exactUnits(total, currency));
    for (const target of [toBook(figures), ...withoutCashRounding(refund, figures)]) {
      const parts = partsThatSumTo(exactUnits(target, currency), units);
      if (parts.kind === "none") continue;
      if (parts.kind !== "one") return parts;
      return { kind: "one", of: parts.indexes.flatMap((index) => booked[index] ?? []) };
    }
  }
  return { kind: "none" };
}

function batchOf(
  documents: readonly ErpDocument[],
  unmatched: ReadonlySet<StorefrontRefund>,
  policy: Policy,
): Parts<StorefrontRefund> {
  const [document] = documents;
  if (document === undefined) return { kind: "none" };
  const { currency, createdAt, total } = document;
  const latest = msOf(createdAt) + policy.windowMs;
  const possible = [...unmatched].flatMap((refund) => {
    const figures = figuresIn(refund, currency);
    if (figures === null || msOf(clockStart(refund)) > latest) return [];
    return [{ refund, units: exactUnits(toBook(figures), currency) }];
  });
  const parts = partsThatSumTo(
    exactUnits(total, currency),
    possible.map(({ units }) => units),
  );
  if (parts.kind !== "one") return parts;
  return { kind: "one", of: parts.indexes.flatMap((index) => possible[index]?.refund ?? []) };
}

function overlap<Item>(some: readonly Item[], others: readonly Item[]): boolean {
  return some.some((item) => others.includes(item));
}

const SEVERAL = "more than one group of this order has the right sum: nothing decides between them";
const STOPPED = `the search for sums reached its limit of ${MOST_STEPS} steps without a result`;

import type { Matches } from "./matches.ts";
import { samePayment } from "../../observation/same-payment.ts";
import { exactUnits } from "../../money/exact-units.ts";
import { msOf } from "../../time/instant.ts";
import { isNetOnly } from "../../observation/live-documents.ts";
import { nameOf } from "../../observation/document-names.ts";
import { MOST_ON_A_SIDE } from "./match-by-parts.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { clockStart, figuresIn, toBook } from "../../observation/refund-figures.ts";
import type { Policy } from "../../policy.ts";

/**
 * Rule 4: same order, one left on each side, amounts differ: the record is matched and mismatched.
 *
 * If more are left, a refund and a document are paired if they name the same payment, or if their
 * totals differ by no more than one smallest unit for each line, and if neither fits another one.
 */
export function matchByOrder(matches: Matches, policy: Policy): void {
  const { refunds, documents } = matches;
  if (refunds.size === 0 || documents.size === 0) return;
  if (refunds.size > MOST_ON_A_SIDE || documents.size > MOST_ON_A_SIDE) return;
  const near = (refund: StorefrontRefund, document: ErpDocument): boolean =>
    msOf(document.createdAt) >= msOf(clockStart(refund)) - policy.windowMs;
  if (refunds.size + documents.size > 2) {
    const paid: Test = (one, other) => near(one, other) && samePayment(one, other) === "yes";
    linkMutual(matches, paid, "is for the same order and names the same payment");
    const rounded: Test = (one, other) => near(one, other) && withinRounding(one, other);
    linkMutual(matches, rounded, "is for the same order and differs by no more than rounding");
  }
  const [refund] = refunds;
  const [document] = documents;
  if (refund === undefined || document === undefined) return;
  if (refunds.size > 1 || documents.size > 1) {
    const why = "several refunds or documents are left in this order, and no amounts agree";
    const unnoted = [...refunds].filter((one) => !matches.ambiguities.has(one));
    if (unnoted.length > 0) matches.nameCandidates(unnoted, [...documents], why);
    return;
  }
  if (!near(refund, document)) return;
  const amounts = isNetOnly(document) ? "" : "; the amounts differ";
  const reason = `${nameOf(document)} is the only document left of this order${amounts}`;
  matches.link({ refunds: [refund], documents: [document], rule: "order", reason });
}

/**
 * A refund and a document of one order whose totals differ by a cent or two belong together, before
 * the document is taken for a repeat of another refund: of three thirds, the last one differs by the
 * cent that the others rounded away.
 */
export function matchByCents(matches: Matches, policy: Policy): void {
  const { refunds, documents } = matches;
  if (refunds.size === 0 || documents.size === 0 || matches.links.size === 0) return;
  if (refunds.size > MOST_ON_A_SIDE || documents.size > MOST_ON_A_SIDE) return;
  const near: Test = (refund, document) =>
    msOf(document.createdAt) >= msOf(clockStart(refund)) - policy.windowMs &&
    withinUnits(refund, document, CENTS);
  linkMutual(matches, near, "is for the same order and differs by cents");
}

type Test = (refund: StorefrontRefund, document: ErpDocument) => boolean;

function linkMutual(matches: Matches, test: Test, words: string): void {
  const pairs = [...matches.refunds].flatMap((refund) =>
    [...matches.documents].flatMap((document) =>
      test(refund, document) ? [{ refund, document }] : [],
    ),
  );
  for (const { refund, document } of pairs) {
    const rivals = pairs.filter((one) => one.refund === refund || one.document === document);
    if (rivals.length > 1) continue;
    const reason = `${nameOf(document)} ${words}`;
    matches.link({ refunds: [refund], documents: [document], rule: "order", reason });
  }
}

/** One smallest unit for each line, and one for each of tax and shipping. */
function withinRounding(refund: StorefrontRefund, document: ErpDocument): boolean {
  const { lines } = document;
  const bound = BigInt(Math.max(1, refund.lines.length, lines?.length ?? 0) + 2);
  return withinUnits(refund, document, bound);
}

function withinUnits(refund: StorefrontRefund, document: ErpDocument, bound: bigint): boolean {
  const figures = figuresIn(refund, document.currency);
  if (figures === null || isNetOnly(document)) return false;
  const { currency, total } = document;
  const difference = exactUnits(total, currency) - exactUnits(toBook(figures), currency);
  return difference <= bound && difference >= -bound;
}

const CENTS = 2n;

import { appendTo } from "../../collections/group-by.ts";
import { byKey } from "../../collections/order.ts";
import type { Matches } from "./matches.ts";
import { samePayment } from "../../observation/same-payment.ts";
import { nameOf } from "../../observation/document-names.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { pairInTime } from "./pair-in-time.ts";
import type { Policy } from "../../policy.ts";
import { amountKey } from "../../observation/amount-key.ts";
import { netKey, netKeys, presentmentKeys, shopKeys } from "../../observation/amount-key.ts";
import { isNetOnly } from "../../observation/live-documents.ts";

/**
 * Rule 2: same order, same currency, same total.
 *
 * Equal amounts in one order are distinguished by the payment that they name, else by time
 * ({@link pairInTime}). If neither decides, they stay unmatched.
 */
export function matchByAmount(matches: Matches, policy: Policy): void {
  if (matches.refunds.size === 0 || matches.documents.size === 0) return;
  const documentsBy = new Map<string, ErpDocument[]>();
  for (const document of matches.documents) {
    const { currency, total } = document;
    const key = isNetOnly(document) ? netKey(currency, total) : amountKey(currency, total);
    appendTo(documentsBy, key, document);
  }
  const steps = [...matches.documents].some(isNetOnly)
    ? [shopKeys, presentmentKeys, netKeys]
    : [shopKeys, presentmentKeys];
  for (const keysOf of steps) {
    const refundsBy = new Map<string, StorefrontRefund[]>();
    for (const refund of matches.refunds) {
      for (const key of keysOf(refund)) if (documentsBy.has(key)) appendTo(refundsBy, key, refund);
    }
    for (const [key, refunds] of [...refundsBy].toSorted(byKey)) {
      const free = (documentsBy.get(key) ?? []).filter((one) => matches.documents.has(one));
      const waiting = refunds.filter((one) => matches.refunds.has(one));
      if (free.length > 0 && waiting.length > 0) matchEqual(matches, waiting, free, policy);
    }
  }
}

function matchEqual(
  matches: Matches,
  refunds: readonly StorefrontRefund[],
  documents: readonly ErpDocument[],
  policy: Policy,
): void {
  const samePaymentPairs =
    refunds.length === 1 && documents.length === 1 ? [] : byPayment(refunds, documents);
  for (const pair of samePaymentPairs) link(matches, pair, "and they name the same payment");
  const result = pairInTime(
    refunds.filter((one) => matches.refunds.has(one)),
    documents.filter((one) => matches.documents.has(one)),
    policy,
  );
  const several = refunds.length > 1 || documents.length > 1;
  for (const pair of result.pairs)
    link(matches, pair, several ? "paired in the order of time" : "");
  for (const { refunds: contestedRefunds, documents: contestedDocuments } of result.contested) {
    const why = `${contestedRefunds.length} refunds and ${contestedDocuments.length} documents of this order have the same amount, and nothing distinguishes them`;
    matches.leaveAmbiguous(contestedRefunds, contestedDocuments, why);
  }
}

function link(matches: Matches, { refund, document }: Pair, how: string): void {
  const total = `${document.total} ${document.currency}`;
  const same = isNetOnly(document)
    ? `its net amount, ${total}, is the refund without its tax`
    : `the same total, ${total}`;
  const joined = isNetOnly(document)
    ? `is for the same order; ${same}`
    : `is for the same order and ${same}`;
  const reason = `${nameOf(document)} ${joined}${how === "" ? "" : `, ${how}`}`;
  matches.link({ refunds: [refund], documents: [document], rule: "order_amount", reason });
}

/**
 * The pairs that name the same payment, if neither the refund nor the document has another such
 * pair.
 */
function byPayment(
  refunds: readonly StorefrontRefund[],
  documents: readonly ErpDocument[],
): readonly Pair[] {
  const naming = documents.filter(({ paymentReferences }) => paymentReferences.length > 0);
  if (naming.length * refunds.length > MOST_COMPARISONS) return [];
  const pairs = naming.flatMap((document) =>
    refunds.flatMap((refund) =>
      samePayment(refund, document) === "yes" ? [{ refund, document }] : [],
    ),
  );
  return pairs.filter(
    ({ refund, document }) =>
      pairs.filter((other) => other.refund === refund || other.document === document).length === 1,
  );
}

type Pair = { readonly refund: StorefrontRefund; readonly document: ErpDocument };

/**
 * With more comparisons than this in one order only time decides, because nothing may take
 * quadratic time.
 */
const MOST_COMPARISONS = 400;

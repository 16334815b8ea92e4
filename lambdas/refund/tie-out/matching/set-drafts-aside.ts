import { amountKey, amountKeys } from "../../observation/amount-key.ts";
import { nameOf } from "../../observation/document-names.ts";
import { isNetOnly, type VoidDocument } from "../../observation/live-documents.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";

/**
 * Sets a document aside that is not in the books while as many documents of its amount are as the
 * order has refunds of that amount: somebody began it again, and no money was booked twice. Should it
 * be posted after all, it counts as the repeat that it then is.
 */
export function setDraftsAside(
  { valid, voided }: Separated,
  refunds: readonly StorefrontRefund[],
): Separated {
  if (!valid.some(isDraft)) return { valid, voided };
  const drafts = valid.filter(isDraft).flatMap((document): VoidDocument[] => {
    const key = amountKey(document.currency, document.total);
    const posted = valid.filter(
      (one) => POSTED.has(one.state) && amountKey(one.currency, one.total) === key,
    );
    const wanted = refunds.filter((refund) => amountKeys(refund).includes(key));
    const [booking] = posted;
    if (booking === undefined || posted.length < wanted.length) return [];
    const why = `not in the books; ${nameOf(booking)} of the same amount is`;
    return [{ document, end: "replaced", since: booking.createdAt, why }];
  });
  const aside = new Set(drafts.map(({ document }) => document));
  return { valid: valid.filter((one) => !aside.has(one)), voided: [...voided, ...drafts] };
}

type Separated = {
  readonly valid: readonly ErpDocument[];
  readonly voided: readonly VoidDocument[];
};

function isDraft(document: ErpDocument): boolean {
  return document.state === "unposted" && !isNetOnly(document);
}

const POSTED: ReadonlySet<ErpDocument["state"]> = new Set(["open", "applied", "unknown"]);

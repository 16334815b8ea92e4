import type { ErpDocument, StorefrontRefund } from "./observation.ts";
import { paidFromBank } from "./tenders.ts";
import type { Instant } from "../time/instant.ts";

/** How the ERP booked a refund: the kinds of its documents, "credit_memo" or "cash_refund". */
export function bookingKind(documents: readonly Pick<ErpDocument, "kind">[]): string {
  return [...new Set(documents.map(({ kind }) => kind))].toSorted().join(" + ");
}

/**
 * Whether a refund that the ERP booked as a credit was paid out of the bank there, or applied to an
 * invoice. Null where nothing is to be paid out (store credit), or where the booking is a payment
 * itself.
 */
export function payoutOf(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
): PaidOut | null {
  const [first] = documents;
  if (first === undefined || !documents.every(isCredit)) return null;
  if (paidFromBank(refund, first.currency, ["success"])?.isZero() !== false) return null;
  const createdAt = latest(documents.map((one) => one.createdAt));
  const open = documents.filter((one) => one.settlement === null && one.state !== "applied");
  if (open.length > 0) return { createdAt, paidAt: null };
  return { createdAt, paidAt: latest(documents.map(paidAtOf)) };
}

export type PaidOut = {
  /** When the ERP had the whole credit. */
  readonly createdAt: Instant;
  /** Null while a part of it is not paid out. */
  readonly paidAt: Instant | null;
};

/** Of a credit that is not posted, or whose state is not known, nobody can say that it is unpaid. */
function isCredit({ kind, state, settlement }: ErpDocument): boolean {
  const isKnown = state === "open" || state === "applied" || settlement !== null;
  return (kind === "credit_memo" || kind === "billing_document") && isKnown;
}

/** Where the ERP does not say when it paid, the last change of the credit is the latest time. */
function paidAtOf({ settlement, modifiedAt }: ErpDocument): Instant {
  return settlement?.at ?? modifiedAt;
}

function latest(instants: readonly Instant[]): Instant {
  return instants.reduce((last, one) => (one > last ? one : last), "");
}

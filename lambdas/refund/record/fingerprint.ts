import type { ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { SyncRecord } from "./sync-record.ts";

/**
 * A hash of 16 characters over what a person resolved: the money, the references and the state of
 * both sides. Change times are left out: a tag on an order must not reopen a resolved record.
 */
export function fingerprint({
  refund,
  documents,
}: Pick<SyncRecord, "refund" | "documents">): string {
  const sides = [
    refund === null ? null : ofRefund(refund),
    ...documents.map(ofDocument).toSorted(),
  ];
  return hash(JSON.stringify(sides));
}

function ofRefund(refund: StorefrontRefund): unknown {
  const { refundId, currency, settled, pending, presentment, components, lines, benign } = refund;
  const paid = refund.transactions.map(({ id, status, amount }) => [id, status, amount]);
  return [refundId, currency, settled, pending, presentment, components, lines, benign, paid];
}

function ofDocument(document: ErpDocument): string {
  const { documentId, kind, references, currency, total, tax, shipping, discount } = document;
  const { lines, state, bookedOn, period, reverses } = document;
  return JSON.stringify([
    [documentId, kind, references, currency, total, tax, shipping, discount],
    [lines, state, bookedOn, period, payoutIn(document), reverses],
  ]);
}

/** When the payout was made is left out: records that were resolved before it was read stay so. */
function payoutIn({ settlement }: ErpDocument): unknown {
  if (settlement === null) return null;
  const { documentId, amount, olderIds } = settlement;
  return { documentId, amount, olderIds };
}

/**
 * FNV-1a, 64 bits: an accidental collision is not to be expected, and nobody gains from a
 * deliberate one.
 */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, "0");
}

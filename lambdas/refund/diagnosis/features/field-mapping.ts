import * as z from "zod";
import { isUnpaid } from "../../record/mismatch.ts";
import type { Mismatch } from "../../record/mismatch.ts";
import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * How well a field of the refund is transferred to the ERP: the number of refunds, how often the
 * ERP's field was filled, and how often it agreed. A field that cannot be compared is not counted.
 */
export type MappingTally = z.infer<typeof mappingTallySchema>;
export const mappingTallySchema = z.object({
  refunds: z.int().min(0),
  filled: z.int().min(0),
  agreed: z.int().min(0),
});

export const MAPPED_FIELDS = [
  "order id",
  "payment reference",
  "customer",
  "transaction type",
  "reason",
  "amount",
  "currency",
] as const;
export type MappedField = (typeof MAPPED_FIELDS)[number];

/** For each field, whether one tied-out refund fills it and agrees; null where it is not known. */
export function mappingOf(
  record: SyncRecord,
): Readonly<Record<MappedField, FieldResult | null>> | null {
  const { refund, documents, mismatches } = record;
  if (refund === null || documents.length === 0) return null;
  // A credit that is not paid out has the right amount.
  const wrong = new Set(mismatches.filter((one) => !isUnpaid(one)).map(({ kind }) => kind));
  const ok = (...kinds: readonly Mismatch["kind"][]): boolean =>
    !kinds.some((kind) => wrong.has(kind));
  const references = documents.flatMap((document) => document.references);
  const payments = new Set(refund.transactions.flatMap((payment) => payment.references));
  const paid = documents.flatMap(({ paymentReferences }) => paymentReferences);
  return {
    "order id": {
      filled: references.some(({ field }) => field !== "memo" && field !== "number"),
      agreed: ok("order_reference_missing"),
    },
    "payment reference":
      payments.size === 0
        ? null
        : { filled: paid.length > 0, agreed: ok("payment_reference_missing") && paid.length > 0 },
    customer: customer(record),
    "transaction type": { filled: true, agreed: ok("transaction_type") },
    reason: refund.hasNote
      ? { filled: references.some(({ field }) => field === "memo"), agreed: true }
      : null,
    amount: { filled: true, agreed: ok("amount", "tax", "shipping", "discount") },
    currency: { filled: true, agreed: ok("currency") },
  };
}

export type FieldResult = { readonly filled: boolean; readonly agreed: boolean };

function customer({ refund, documents }: SyncRecord): FieldResult | null {
  const key = refund?.customerKey ?? null;
  if (key === null) return null;
  const keys = documents.map(({ customerKey }) => customerKey);
  return {
    filled: keys.some((other) => other !== null),
    agreed: keys.every((other) => other === key),
  };
}

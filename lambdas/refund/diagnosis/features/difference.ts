import { isOfAmount } from "../../record/mismatch.ts";
import { minorUnits } from "../../money/minor-units.ts";
import type { StorefrontRefund } from "../../observation/observation.ts";
import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * The difference between the ERP's total and the refund's, in minor units of their common currency
 * (positive: the ERP booked more); null where there is nothing to subtract.
 */
export function differenceOf(record: SyncRecord): Difference | null {
  const { refund, documents, match, mismatches } = record;
  if (refund === null || documents.length === 0 || match === null) return null;
  if (match.sharedWith.length > 0) return null; // a batch: the share of each refund is unknown
  const stated = mismatches.find(
    ({ kind, hidden, leg }) => kind === "amount" && hidden !== true && leg === undefined,
  );
  if (stated !== undefined) {
    if (!isOfAmount(stated)) return null;
    return safe(minorUnits(stated.expected), minorUnits(stated.actual), stated.currency);
  }
  const currency = documents[0]?.currency ?? refund.currency;
  const expected = settledIn(refund, currency);
  if (expected === null || documents.some((document) => document.currency !== currency))
    return null;
  const units = mismatches.some(({ kind }) => kind === "duplicate_in_erp") ? null : expected;
  return units === null ? null : safe(units, units, currency);
}

/** What was settled, in one of the two currencies that the storefront itself gives. */
export function settledIn(refund: StorefrontRefund, currency: string): number | null {
  if (currency === refund.currency) return minorUnits(refund.settled);
  if (refund.presentment?.currency !== currency) return null;
  return minorUnits(refund.presentment.settled);
}

export type Difference = {
  readonly currency: string;
  readonly expected: number;
  readonly actual: number;
  /** actual − expected */
  readonly units: number;
};

function safe(expected: number, actual: number, currency: string): Difference | null {
  if (!Number.isSafeInteger(expected) || !Number.isSafeInteger(actual)) return null;
  return { currency, expected, actual, units: actual - expected };
}

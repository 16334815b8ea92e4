import type { CreditLoop } from "../diagnosis/knowledge/credit-loops.ts";
import { Money } from "../money/money.ts";
import { EXCEPTION_STATUSES } from "../record/sync-record.ts";
import type { SyncRecord } from "../record/sync-record.ts";
import { refundRecordId } from "../record/record-id.ts";

/**
 * Counts the money of a store credit loop once. If both refunds are open exceptions, the second one
 * has at risk only what it has beyond the first: the same money was given, spent and given back. Where
 * several credits may have paid the order, nothing is left out.
 *
 * @returns the records, and for each reduced one the order with whose refund its money is counted
 */
export function countedOnce(
  records: readonly SyncRecord[],
  loops: readonly CreditLoop[],
): { readonly records: readonly SyncRecord[]; readonly countedWith: ReadonlyMap<string, string> } {
  const open = new Map(
    records
      .filter(({ status }) => EXCEPTION_STATUSES.has(status))
      .map((record) => [record.id, record]),
  );
  const countedWith = new Map<string, string>();
  const exposures = new Map<string, string>();
  for (const { issued, again, rivals } of loops) {
    if (rivals > 0) continue;
    const first = open.get(refundRecordId(issued.refundId));
    const second = open.get(refundRecordId(again.refundId));
    if (first === undefined || second === undefined || first.currency !== second.currency) continue;
    const left = Money.of(second.exposure, second.currency).minus(
      Money.of(first.exposure, first.currency),
    );
    const zero = Money.zero(second.currency);
    exposures.set(second.id, (left.compare(zero) > 0 ? left : zero).toString());
    countedWith.set(second.id, issued.orderNumber);
  }
  return {
    countedWith,
    records: records.map((record) => {
      const exposure = exposures.get(record.id);
      return exposure === undefined ? record : { ...record, exposure };
    }),
  };
}

import fc from "fast-check";

import { Money } from "../../../lambdas/refund/money/money.ts";
import type { ErpDocument } from "../../../lambdas/refund/observation/observation.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import { aDocument, aRefund, hours, kindsOf } from "../order-in-step.ts";

/** Few amounts and few hours on purpose: collisions are where matching goes wrong. */
const amount = fc.constantFrom("10.00", "20.00", "30.00", "50.00", "9.99", "60.00");
export const hour = fc.integer({ min: 0, max: 40 });
const refunds = fc
  .array(fc.record({ amount, hour }), { maxLength: 6 })
  .map((all) =>
    all.map(({ amount: value, hour: at }, index) =>
      aRefund({ refundId: `90000${index}`, amount: value, processedAt: hours(at) }),
    ),
  );
const documents = fc
  .array(
    fc.record({
      amount,
      hour,
      refers: fc.option(fc.integer({ min: 0, max: 6 })),
      state: fc.constantFrom("open", "open", "open", "voided", "unapproved" as const),
      currency: fc.constantFrom("USD", "USD", "USD", "CAD"),
    }),
    { maxLength: 7 },
  )
  .map((all) =>
    all.map(({ amount: total, hour: at, refers, state, currency }, index): ErpDocument =>
      aDocument({
        documentId: `700${index}`,
        total,
        currency,
        createdAt: hours(at),
        state: state as ErpDocument["state"],
        ...(refers === null ? {} : { refers: `gid://shopify/Refund/90000${refers}` }),
      }),
    ),
  );
export const orders = fc.record({ refunds, documents });

export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  return items
    .map((item, index) => ({ item, rank: Math.sin(seed * 97 + index * 31) }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

export function usd(value: string): Money {
  return Money.of(value, "USD");
}

/** What is told of each record, without its labels. */
export function told(records: readonly SyncRecord[]): string[] {
  return records
    .map((record) =>
      [record.status, kindsOf(record).join(), record.exposure, record.refund?.settled].join(" "),
    )
    .toSorted();
}

/** A refund whose document had been an orphan is resolved where another is matched. */
export function alike(status: string): string {
  return status === "resolved" ? "matched" : status;
}

export function documentIds(records: readonly SyncRecord[]): string[] {
  const batches = new Set<string>();
  return records.flatMap((record) =>
    record.documents.flatMap(({ documentId }) => {
      const shared = (record.match?.sharedWith.length ?? 0) > 0;
      if (shared && batches.has(documentId)) return [];
      if (shared) batches.add(documentId);
      return [documentId];
    }),
  );
}

import { isOrderPartition, orderInPartition } from "./keys.ts";
import { asOf } from "../refund/record/as-of.ts";
import { pairByCircumstance } from "../refund/tie-out/pair-by-circumstance.ts";
import { laterDocument, laterRefund } from "../refund/observation/newest.ts";
import type { ErpDocument, StorefrontRefund } from "../refund/observation/observation.ts";
import type { Instant } from "../refund/time/instant.ts";
import type { Resolution, SyncRecord } from "../refund/record/sync-record.ts";
import type { Policy } from "../refund/policy.ts";
import { tieOutAll } from "../refund/tie-out/tie-out-all.ts";
import type { LoggedDecision } from "./store/event-log.ts";
import { planOrder } from "./order-records.ts";
import { resolutionsOf } from "./store/record-item.ts";
import type { StoredRecord } from "./store/record-item.ts";

/**
 * Evaluates records again from the log, as they were at an instant: the last known version of both
 * sides, evaluated as of that instant. So yesterday's digest is the same at 07:00 and at noon, even
 * if it is made many times.
 */
export function reevaluateDecisions(
  decisions: readonly LoggedDecision[],
  policy: Policy,
  at: Instant,
): readonly SyncRecord[] {
  const newest = new NewestSides();
  for (const decision of decisions) newest.add(decision);
  return newest.records(policy, at);
}

/** The newest version of every refund and document in decisions, which are added one by one. */
export class NewestSides {
  readonly #sides = newSides();

  add(decision: LoggedDecision): void {
    remember(this.#sides, decision);
  }

  records(policy: Policy, at: Instant): readonly SyncRecord[] {
    const seen = {
      order: null,
      refunds: [...this.#sides.refunds.values()],
      documents: [...this.#sides.documents.values()],
      resolutions: this.#sides.resolutions,
    };
    const { refunds, documents, resolutions } = asOf(seen, at);
    return tieOutAll({ refunds, documents, resolutions: resolutions ?? new Map() }, policy, at);
  }
}

/** Open exceptions from the table, evaluated as of an instant. */
export function reevaluateStored(
  stored: readonly StoredRecord[],
  policy: Policy,
  at: Instant,
): readonly SyncRecord[] {
  return [...groupByPartition(stored)].flatMap(([pk, items]) =>
    isOrderPartition(pk)
      ? planOrder({
          order: orderInPartition(pk),
          stored: items,
          seen: [],
          policy,
          horizon: at,
          retentionMs: 0,
        }).records
      : pairByCircumstance(
          {
            refunds: [],
            documents: items.flatMap(({ documents }) => documents),
            resolutions: resolutionsOf(items),
          },
          policy,
          at,
        ),
  );
}

type Sides = {
  readonly refunds: Map<string, StorefrontRefund>;
  readonly documents: Map<string, ErpDocument>;
  readonly resolutions: Map<string, Resolution>;
};

function newSides(): Sides {
  return { refunds: new Map(), documents: new Map(), resolutions: new Map() };
}

function remember(
  { refunds, documents, resolutions }: Sides,
  { recordId, refund, documents: seen, resolution }: LoggedDecision,
): void {
  if (refund !== null) {
    const known = refunds.get(refund.refundId);
    refunds.set(refund.refundId, known === undefined ? refund : laterRefund(known, refund));
  }
  for (const document of seen) {
    const known = documents.get(document.documentId);
    documents.set(
      document.documentId,
      known === undefined ? document : laterDocument(known, document),
    );
  }
  if (resolution !== null) resolutions.set(recordId, resolution);
}

function groupByPartition(stored: readonly StoredRecord[]): Map<string, StoredRecord[]> {
  const groups = new Map<string, StoredRecord[]>();
  for (const record of stored) {
    groups.set(record.key.pk, [...(groups.get(record.key.pk) ?? []), record]);
  }
  return groups;
}

import type { ErpDocument, Observation } from "../../refund/observation/observation.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { Policy } from "../../refund/policy.ts";
import type { DeletedRecord, System } from "../../systems/source.ts";
import { payoutsOf } from "../../refund/observation/live-documents.ts";
import { zeroOf } from "../../refund/money/minor-units.ts";
import { locationsOfIds } from "../store/locations.ts";
import { partitionOfDocument } from "../documents-without-order.ts";
import { readCollection } from "../order-records.ts";
import type { Stores } from "../ports.ts";
import { storedRecord } from "../store/record-item.ts";

/**
 * Makes new versions of the stored documents that the ERP has deleted; each ends its match. When
 * only the payout of a credit was deleted, the credit is read again without the payout.
 */
export async function deletedDocuments(
  { ports: { table }, system, now, watchedSince }: Deleting,
  deleted: readonly DeletedRecord[],
  policy: Policy,
): Promise<readonly ErpDocument[]> {
  const byId = new Map(deleted.map((one) => [one.id, one]));
  const found: ErpDocument[] = [];
  const credits = new Map<string, DeletedRecord>();
  const locations = await locationsOfIds(table, new Set(byId.keys()), {
    from: watchedSince ?? now,
    to: now,
  });
  for (const [id, gone] of byId) {
    const loose = await partitionOfDocument(table, id);
    const item = loose === null ? null : await table.get(loose);
    const orders = [...(locations.get(id) ?? [])];
    const stored = [
      ...(item === null ? [] : storedRecord(item).documents),
      ...(await Promise.all(orders.map(async (pk) => readCollection(table, pk, true)))).flatMap(
        (records) => records.flatMap(({ documents }) => documents),
      ),
    ];
    const document = stored.find(({ documentId }) => documentId === id);
    if (document !== undefined) found.push(asDeleted(document, gone, policy));
    const paidBy = stored.filter((credit) => payoutsOf(credit).includes(id));
    for (const credit of paidBy) credits.set(credit.documentId, gone);
  }
  if (credits.size === 0) return found;
  const { observations } = await system.byId([...credits.keys()]);
  return [...found, ...observations.flatMap((seen) => withoutPayout(seen, credits))];
}

type Deleting = {
  readonly ports: Stores;
  readonly system: System;
  readonly now: Instant;
  readonly watchedSince: Instant | null;
};

function asDeleted(
  document: ErpDocument,
  { at, by }: DeletedRecord,
  { integrationUsers }: Policy,
): ErpDocument {
  const isMachine = by !== null && integrationUsers.includes(by);
  const isClassified = by !== null && integrationUsers.length > 0;
  return {
    ...document,
    state: "deleted",
    final: true,
    modifiedAt: at > document.modifiedAt ? at : document.modifiedAt,
    modifiedBy: { id: by, kind: isMachine ? "integration" : isClassified ? "human" : "unknown" },
  };
}

/**
 * The credit changed when its payout was deleted, whatever its own change time says. The new
 * version keeps the fact that it had a payout: a credit that never had one is evaluated
 * differently.
 */
function withoutPayout(
  seen: Observation,
  deleted: ReadonlyMap<string, DeletedRecord>,
): ErpDocument[] {
  if (seen.role !== "erp") return [];
  const gone = deleted.get(seen.documentId);
  if (gone === undefined) return [];
  const { id, at } = gone;
  const nothing = { documentId: id, amount: zeroOf(seen.currency) };
  const modifiedAt = at > seen.modifiedAt ? at : seen.modifiedAt;
  return [{ ...seen, settlement: seen.settlement ?? nothing, modifiedAt }];
}

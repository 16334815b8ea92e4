import { readPolicy } from "../lambdas/ledger/policy.ts";
import { findRecords } from "../lambdas/ledger/find-records.ts";
import { horizon } from "../lambdas/ledger/store/source-state.ts";
import type { SyncRecord } from "../lambdas/refund/record/sync-record.ts";
import { recordsIn, stateOf } from "./stored.ts";
import type { Simulation } from "./simulation.ts";
import { iso } from "./world.ts";

/** Every record by its id, as the product would show it to a person now. */
export async function currentRecords(
  simulation: Simulation,
): Promise<ReadonlyMap<string, SyncRecord>> {
  const { cloud, brand, clock } = simulation;
  const { table } = cloud.memory;
  const storefront = await stateOf(simulation, "storefront");
  const erp = await stateOf(simulation, "erp");
  const policy = await readPolicy(table, brand, { storefront, erp });
  const at = horizon([storefront, erp], iso(clock.ms));
  const records = new Map<string, SyncRecord>();
  const orders = new Set(
    recordsIn(simulation).flatMap(({ key }) =>
      key.pk.startsWith("order#") ? [key.pk.slice("order#".length)] : [],
    ),
  );
  for (const order of orders) {
    for (const { record } of await findRecords(cloud.memory, order, policy, at)) {
      records.set(record.id, record);
    }
  }
  for (const { key, documents } of recordsIn(simulation)) {
    const [document] = documents;
    if (!key.pk.startsWith("loose#") || document === undefined) continue;
    for (const { record } of await findRecords(cloud.memory, document.documentId, policy, at)) {
      if (!records.has(record.id)) records.set(record.id, record);
    }
  }
  return records;
}

/**
 * The verdict of each record in one comparable line; records of deleted documents, of payouts that
 * came before their credits, and of claims that are over are left out: only who looked in between
 * can know them.
 */
export async function verdictsOf(simulation: Simulation): Promise<Map<string, string>> {
  const lines = new Map<string, string>();
  for (const [id, record] of await currentRecords(simulation)) {
    const live = record.documents.filter(({ state }) => state !== "deleted" && state !== "payout");
    if (record.refund === null && live.length === 0) continue;
    if (record.refund?.benign.includes("claim_withdrawn") === true) continue;
    const { status, mismatches, exposure, currency, match } = record;
    const kinds = mismatches.map(({ kind, difference }) => `${kind} ${difference}`).toSorted();
    const documents = live.map(({ documentId }) => documentId).toSorted();
    lines.set(
      id,
      [
        status,
        live.length === 0 ? "no match" : (match?.rule ?? "no match"),
        documents.join("+"),
        kinds.join(", "),
        exposure,
        currency,
      ].join(" | "),
    );
  }
  return lines;
}

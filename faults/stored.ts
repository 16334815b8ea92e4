import { gunzipSync } from "node:zlib";

import { openAlerts } from "../lambdas/ledger/store/alerts.ts";
import type { Item } from "../lambdas/ledger/ports.ts";
import { unpack } from "../lambdas/ledger/store/packing.ts";
import { storedRecord } from "../lambdas/ledger/store/record-item.ts";
import type { StoredRecord } from "../lambdas/ledger/store/record-item.ts";
import { readQuarantine } from "../lambdas/ledger/store/quarantine.ts";
import { readSourceState } from "../lambdas/ledger/store/source-state.ts";
import type { ReadState, Source } from "../lambdas/ledger/store/source-state.ts";
import type { Alert } from "../lambdas/refund/alerts/alert.ts";
import type { ErpDocument, StorefrontRefund } from "../lambdas/refund/observation/observation.ts";
import { summarySchema } from "../lambdas/refund/summary/summary.ts";
import type { Summary } from "../lambdas/refund/summary/summary.ts";
import type { SimulatedCloud } from "./cloud.ts";

type Held = { readonly cloud: SimulatedCloud };

/** The records in the table of a simulation, read directly, without faults. */
export function recordsIn({ cloud }: Held): readonly StoredRecord[] {
  return [...cloud.memory.items.values()].flatMap((item) => recordOf(item) ?? []);
}

export function recordOf(item: Item): StoredRecord | null {
  if (item["sides"] === undefined) return null;
  const known = READ.get(item);
  if (known !== undefined) return known;
  const record = storedRecord(item);
  READ.set(item, record);
  return record;
}

export function refundsIn(simulation: Held): ReadonlyMap<string, StorefrontRefund> {
  return new Map(
    recordsIn(simulation).flatMap(({ refund }) =>
      refund === null ? [] : [[refund.refundId, refund]],
    ),
  );
}

/** The newest version of each document, whichever record contains it. */
export function documentsIn(simulation: Held): ReadonlyMap<string, ErpDocument> {
  const found = new Map<string, ErpDocument>();
  for (const document of recordsIn(simulation).flatMap(({ documents }) => documents)) {
    const known = found.get(document.documentId);
    if (known === undefined || known.modifiedAt < document.modifiedAt) {
      found.set(document.documentId, document);
    }
  }
  return found;
}

export async function stateOf({ cloud }: Held, source: Source): Promise<ReadState> {
  return readSourceState(cloud.memory.table, source);
}

export async function alertsIn({ cloud }: Held): Promise<readonly Alert[]> {
  return openAlerts(cloud.memory.table);
}

export async function quarantinedIn({ cloud }: Held) {
  return readQuarantine(cloud.memory.table);
}

/** Summaries by date. */
export function summariesIn({ cloud }: Held): ReadonlyMap<string, Summary> {
  const found = new Map<string, Summary>();
  for (const [key, body] of cloud.memory.files) {
    const [, year, month, day] = /^digests\/(\d+)\/(\d+)\/(\d+)\/summary\.json$/.exec(key) ?? [];
    if (year === undefined) continue;
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    found.set(`${year}-${month}-${day}`, summarySchema.parse(value));
  }
  return found;
}

export function fileIn({ cloud }: Held, key: string): string {
  const body = cloud.memory.files.get(key);
  if (body === undefined) return "";
  return key.endsWith(".gz") ? gunzipSync(body).toString() : Buffer.from(body).toString();
}

/** An item as text, with its packed values unpacked. */
export function textOf(item: Item): string {
  const parts = Object.entries(item).map(([name, value]) =>
    value instanceof Uint8Array
      ? `${name}=${JSON.stringify(unpack(value))}`
      : `${name}=${String(value)}`,
  );
  return parts.join(" ");
}

const READ = new WeakMap<Item, StoredRecord>();

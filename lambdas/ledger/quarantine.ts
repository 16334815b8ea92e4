import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

import { PREFIXES } from "../names.ts";
import type { Instant } from "../refund/observation.ts";
import type { Objects, Table } from "./ports.ts";
import type { Source } from "./source-state.ts";

/** A record that could not be read: kept with its reason, counted, and let out once it can be. */
export type Rejected = {
  readonly id: string | null;
  readonly reason: string;
  readonly raw: string;
};

/** The name by which a rejected record is kept: its own id, or a hash of it where it has none. */
export function quarantineName({ id, raw }: Rejected): string {
  return id ?? `unnamed-${createHash("sha256").update(raw).digest("hex").slice(0, 16)}`;
}

/** The raw record first: an entry that points at nothing would tell nobody anything. */
export async function quarantine(
  to: { readonly table: Table; readonly objects: Objects },
  source: Source,
  rejected: Rejected,
  now: Instant,
): Promise<void> {
  const name = quarantineName(rejected);
  const key = `${PREFIXES.quarantine}${source}/${encodeURIComponent(name)}.json.gz`;
  await to.objects.put(key, gzipSync(rejected.raw), "application/json");
  const entry = { source, reason: rejected.reason.slice(0, 500), since: now, raw: key };
  await to.table.put({ pk: "quarantine", sk: `${source}#${name}`, ...entry }, "any");
}

export async function release(table: Table, source: Source, name: string): Promise<void> {
  await table.remove({ pk: "quarantine", sk: `${source}#${name}` });
}

export async function countQuarantined(table: Table): Promise<number> {
  return (await table.query("quarantine")).length;
}

import { resolutionSchema } from "../../refund/record/record-schema.ts";
import { STATUSES } from "../../refund/record/sync-record.ts";
import * as z from "zod";

import type { ErpDocument, StorefrontRefund } from "../../refund/observation/observation.ts";
import {
  erpDocumentSchema,
  storefrontRefundSchema,
} from "../../refund/observation/observation-schema.ts";
import { EXCEPTION_STATUSES } from "../../refund/record/sync-record.ts";
import type { Resolution, Status, SyncRecord } from "../../refund/record/sync-record.ts";
import { pack, unpack } from "./packing.ts";
import type { Item, Key } from "../ports.ts";

/**
 * A sync record as the table stores it: both sides packed, and beside them only what a query or a
 * person at the console needs. Everything else is computed again from the sides (`tieOut`), so an
 * item never contradicts the current rules.
 */
export type StoredRecord = {
  readonly key: Key;
  readonly version: number;
  readonly status: Status;
  readonly refund: StorefrontRefund | null;
  readonly documents: readonly ErpDocument[];
  readonly resolution: Resolution | null;
  /** Partition of an amount in which this refund searches for a document, or has found one. */
  readonly loose: string | null;
  /** Equally good candidates found by circumstance, by id. */
  readonly ambiguous: readonly string[];
  /** Everything but the version, in one comparable text. */
  readonly content: string;
};

export function storedRecord(item: Item): StoredRecord {
  const { pk, sk, v, status, sides: packed, loose = null } = itemSchema.parse(item);
  const sides = sidesSchema.parse(unpack(packed));
  return {
    key: { pk, sk },
    version: v,
    status,
    ...sides,
    loose,
    content: JSON.stringify([status, loose, sides]),
  };
}

/** Resolutions by people, by record id. */
export function resolutionsOf(stored: readonly StoredRecord[]): Map<string, Resolution> {
  return new Map(
    stored.flatMap(({ key, resolution }) => (resolution === null ? [] : [[key.sk, resolution]])),
  );
}

/** The item for a record, or null when the stored item already has the same content. */
export function changedItem(
  record: SyncRecord,
  at: { readonly pk: string; readonly loose: string | null },
  stored: StoredRecord | null,
  retentionMs: number,
): Item | null {
  const { id, status, refund, documents, resolution } = record;
  const ambiguous = at.loose === null ? [] : record.ambiguous;
  const sides = sidesSchema.parse({ refund, documents, resolution, ambiguous });
  if (stored?.content === JSON.stringify([status, at.loose, sides])) return null;
  return {
    pk: at.pk,
    sk: id,
    v: (stored?.version ?? 0) + 1,
    status,
    sides: pack(sides),
    ...(at.loose === null ? {} : { loose: at.loose }),
    ...(EXCEPTION_STATUSES.has(status)
      ? openKeys(record)
      : { expiresAt: expiry(record, retentionMs) }),
  };
}

function openKeys(record: SyncRecord): {
  openPk: string;
  openSk: string;
  kinds: readonly string[];
} {
  return {
    openPk: "open",
    openSk: `${record.openedAt ?? ""}#${record.id}`,
    kinds: record.mismatches.map(({ kind }) => kind),
  };
}

/** Expiry time of a record that is no open exception, in seconds since 1970. */
function expiry({ refund, documents }: SyncRecord, retentionMs: number): number {
  const began = refund?.processedAt ?? documents[0]?.createdAt;
  return Math.ceil((Date.parse(began ?? "") + retentionMs) / 1_000);
}

const itemSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  v: z.int().min(1),
  status: z.enum(STATUSES),
  sides: z.instanceof(Uint8Array),
  loose: z.string().optional(),
});

const sidesSchema = z.object({
  refund: storefrontRefundSchema.nullable(),
  documents: z.array(erpDocumentSchema),
  resolution: resolutionSchema.nullable(),
  ambiguous: z.array(z.string()).default([]),
});

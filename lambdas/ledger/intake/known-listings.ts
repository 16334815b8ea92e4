import { orderPartition } from "../keys.ts";
import { createHash } from "node:crypto";

import { after } from "../../refund/time/instant.ts";
import { canonicalAmount } from "../../refund/money/money.ts";
import type {
  ErpDocument,
  Observation,
  StorefrontRefund,
} from "../../refund/observation/observation.ts";
import type { Instant } from "../../refund/time/instant.ts";
import {
  erpDocumentSchema,
  storefrontRefundSchema,
} from "../../refund/observation/observation-schema.ts";
import { orderOfRefund } from "../../refund/observation/order-reference.ts";
import type { Listing, System } from "../../systems/source.ts";
import type { Brand } from "../../brand.ts";
import { utcDays } from "../../refund/time/business-day.ts";
import { forEachDecision } from "../store/event-log.ts";
import { readCollection } from "../order-records.ts";
import { policyOf } from "../policy.ts";
import type { Stores, Table } from "../ports.ts";
import type { StoredRecord } from "../store/record-item.ts";
import type { SourceState } from "../store/source-state.ts";

/** Two listed versions are the same when their id, change time and amount are equal. */
export function listingKey({ id, changedAt, settled }: Listing): readonly string[] {
  return [id, changedAt, settled];
}

/**
 * Which of these versions are in the table. The collections that it reads are added to
 * `collections`, so that the next page does not read them again.
 */
export async function knownFromTable(
  table: Table,
  listings: readonly Listing[],
  brand: Brand,
  collections: Map<string, readonly StoredRecord[]>,
): Promise<readonly Listing[]> {
  const policy = policyOf(brand);
  const byPartition = new Map<string, Listing[]>();
  for (const one of listings) {
    const pk = orderPartition(orderOfRefund(one, policy));
    byPartition.set(pk, [...(byPartition.get(pk) ?? []), one]);
  }
  const known: Listing[] = [];
  for (const [pk, some] of byPartition) {
    const stored = collections.get(pk) ?? (await readCollection(table, pk));
    collections.set(pk, stored);
    const refunds = new Map(
      stored.flatMap(({ refund }) => (refund === null ? [] : [[refund.refundId, refund]])),
    );
    for (const one of some) if (isSame(one, refunds.get(one.id))) known.push(one);
  }
  return known;
}

/** The versions of records that are in the log of the last days. */
export type KnownVersions = {
  has(seen: Observation): boolean;
  hasListing(listing: Listing): boolean;
  /** Whether any version of this document is there. */
  hasDocument(id: string): boolean;
  /** Ids of the documents that were changed at this time or later, without those that are deleted. */
  documentsSince(since: Instant): readonly string[];
};

/**
 * The version of each record in the last decision about it: the log has both sides of every
 * decision. An earlier version does not count as known, because a source that shows it again has
 * gone back to it. A version from before the table was restored does not count either. The decisions
 * of one run have one time and no order: where they show different versions, none counts as known.
 */
export async function knownFromLog(
  {
    ports: { objects },
    system: { lookBackDays = LOOK_BACK_DAYS },
    now,
  }: {
    readonly ports: Stores;
    readonly system: Pick<System, "lookBackDays">;
    readonly now: Instant;
  },
  unsure: SourceState["unsureLog"],
): Promise<KnownVersions> {
  const hashes = new Map<string, { readonly at: Instant; readonly hash: string | null }>();
  const note = (at: Instant, seen: Observation): void => {
    const hash = hashOf(seen);
    const before = hashes.get(nameOf(seen));
    const isUnclear = before !== undefined && before.at === at && before.hash !== hash;
    hashes.set(nameOf(seen), { at, hash: isUnclear ? null : hash });
  };
  const refunds = new Map<string, Listed>();
  const changes = new Map<string, Pick<ErpDocument, "modifiedAt" | "state">>();
  await forEachDecision(
    objects,
    utcDays(logFrom(now, lookBackDays), now),
    ({ at, refund, documents }) => {
      if (unsure !== null && at > unsure.from && at < unsure.until) return;
      for (const document of documents) {
        note(at, document);
        changes.set(document.documentId, document);
      }
      if (refund === null) return;
      note(at, refund);
      const { updatedAt, settled, currency, marks } = refund;
      const before = refunds.get(refund.refundId);
      if (before === undefined || before.updatedAt <= updatedAt) {
        refunds.set(refund.refundId, { updatedAt, settled, currency, marks });
      }
    },
  );
  return {
    has: (seen) => hashes.get(nameOf(seen))?.hash === hashOf(seen),
    documentsSince: (since) =>
      [...changes].flatMap(([id, { modifiedAt, state }]) =>
        modifiedAt >= since && state !== "deleted" && state !== "payout" ? [id] : [],
      ),
    hasDocument: (id) => hashes.has(`document ${id}`),
    hasListing: (listing) => isSame(listing, refunds.get(listing.id)),
  };
}

/** The log is read from this time for the daily look back: its days, and one more. */
export function logFrom(now: Instant, lookBackDays: number): Instant {
  return after(now, -(lookBackDays + 1) * DAY_MS);
}

/** The days that the look back reads, for a source that names no other number. */
export const LOOK_BACK_DAYS = 3;
/** No source needs more. */
export const LONGEST_LOOK_BACK_DAYS = 7;

function nameOf(seen: Observation): string {
  return seen.role === "erp" ? `document ${seen.documentId}` : `refund ${seen.refundId}`;
}

type Listed = Pick<StorefrontRefund, "updatedAt" | "settled" | "currency" | "marks">;

/**
 * The stored version may be later than the refund's own change time, because a newer payment time
 * counts too. A version with a time in the future is read again until its times are correct.
 */
function isSame({ changedAt, settled }: Listing, stored: Listed | undefined): boolean {
  if (stored === undefined || stored.updatedAt < changedAt) return false;
  if (stored.marks.includes("future_dated")) return false;
  return canonical(settled, stored.currency) === stored.settled;
}

function canonical(amount: string, currency: string): string | null {
  try {
    return canonicalAmount(amount, currency);
  } catch {
    return null; // the total in the list is not readable: the whole refund is read
  }
}

/** The schema sets the order of the fields, so that equal observations give equal hashes. */
function hashOf(seen: Observation): string {
  const plain =
    seen.role === "erp" ? erpDocumentSchema.parse(seen) : storefrontRefundSchema.parse(seen);
  return createHash("sha256").update(JSON.stringify(plain)).digest("base64url").slice(0, 16);
}

const DAY_MS = 86_400_000;

import { orderPartition } from "../keys.ts";
import { createHash } from "node:crypto";

import { after } from "../../refund/time/instant.ts";
import { canonicalAmount } from "../../refund/money/money.ts";
import type { Observation, StorefrontRefund } from "../../refund/observation/observation.ts";
import type { Instant } from "../../refund/time/instant.ts";
import {
  erpDocumentSchema,
  storefrontRefundSchema,
} from "../../refund/observation/observation-schema.ts";
import { orderOfRefund } from "../../refund/observation/order-reference.ts";
import type { Listing } from "../../systems/source.ts";
import type { Brand } from "../../brand.ts";
import { utcDays } from "../../refund/time/business-day.ts";
import { forEachDecision } from "../store/event-log.ts";
import { readCollection } from "../order-records.ts";
import { policyOf } from "../policy.ts";
import type { Stores, Table } from "../ports.ts";
import type { StoredRecord } from "../store/record-item.ts";
import type { SourceState } from "../store/source-state.ts";

/** What makes a listed version the same as another: its id, change time and money. */
export function listingKey({ id, changedAt, settled }: Listing): readonly string[] {
  return [id, changedAt, settled];
}

/**
 * Which of these versions the table holds. The collections that it reads are kept in `collections`,
 * so that a page which brings them anew does not read them again.
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

/** Versions of records, as the log of the last days tells of them. */
export type KnownVersions = {
  has(seen: Observation): boolean;
  hasListing(listing: Listing): boolean;
  /** Whether it tells of this document at all. */
  hasDocument(id: string): boolean;
};

/**
 * The version of each record that a pull decided on last: the log holds both sides of every decision.
 * An earlier version does not count as known: a source that shows it again has gone back to it.
 * Neither does what a table held that was restored since.
 */
export async function knownFromLog(
  { ports: { objects }, now }: { readonly ports: Stores; readonly now: Instant },
  unsure: SourceState["unsureLog"],
): Promise<KnownVersions> {
  const hashes = new Map<string, string>();
  const refunds = new Map<string, Listed>();
  await forEachDecision(objects, utcDays(logFrom(now), now), ({ at, refund, documents }) => {
    if (unsure !== null && at > unsure.from && at < unsure.until) return;
    for (const document of documents) hashes.set(nameOf(document), hashOf(document));
    if (refund === null) return;
    hashes.set(nameOf(refund), hashOf(refund));
    const { updatedAt, settled, currency, marks } = refund;
    const before = refunds.get(refund.refundId);
    if (before === undefined || before.updatedAt <= updatedAt) {
      refunds.set(refund.refundId, { updatedAt, settled, currency, marks });
    }
  });
  return {
    has: (seen) => hashes.get(nameOf(seen)) === hashOf(seen),
    hasDocument: (id) => hashes.has(`document ${id}`),
    hasListing: (listing) => isSame(listing, refunds.get(listing.id)),
  };
}

/** From when on the log is read for what the look back meets. */
export function logFrom(now: Instant): Instant {
  return after(now, -LOG_DAYS * DAY_MS);
}

function nameOf(seen: Observation): string {
  return seen.role === "erp" ? `document ${seen.documentId}` : `refund ${seen.refundId}`;
}

type Listed = Pick<StorefrontRefund, "updatedAt" | "settled" | "currency" | "marks">;

/**
 * A newer payment time makes the stored version later than the refund's own change time. A version
 * whose times lay in the future is read again until they do not.
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
    return null; // a list that states no readable total: the refund is read whole
  }
}

/** As stored: the order of the fields is the schema's, whoever made the observation. */
function hashOf(seen: Observation): string {
  const plain =
    seen.role === "erp" ? erpDocumentSchema.parse(seen) : storefrontRefundSchema.parse(seen);
  return createHash("sha256").update(JSON.stringify(plain)).digest("base64url").slice(0, 16);
}

const DAY_MS = 86_400_000;
/** The days of the log that hold what the look back meets. */
const LOG_DAYS = 4;

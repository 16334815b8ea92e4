import * as z from "zod";

import { isClaim } from "../../refund/observation/nothing-to-book.ts";
import type { Observation } from "../../refund/observation/observation.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { Item, Key, Table } from "../ports.ts";
import type { Source } from "./source-state.ts";

/**
 * A record that must be read again by its id: a payment that is not final, a document that waits
 * for approval, or a record in quarantine. No platform promises to update the change time when such
 * a state ends, so reading windows by change time would miss it.
 *
 * Each record has its own item under the time when it is due. The item is removed when the record
 * was read and is final; otherwise it is moved to a later time. There is no single list of limited
 * length, so no record can be lost from it.
 */
export type AskAgain = {
  /** The id for the source's `byId`. */
  readonly ref: string;
  /** Id of the storefront's order, which makes the query cheaper; empty when it is not known. */
  readonly orderId: string;
  readonly why: AskReason;
  readonly since: Instant;
};

/** "gone": removed from quarantine, because it is not found; asked for one more week. */
type AskReason = "not final" | "unreadable" | "not shown" | "gone";

export type DueAsk = AskAgain & { readonly key: Key };

export async function askAgain(
  table: Table,
  source: Source,
  asks: readonly AskAgain[],
  now: Instant,
): Promise<void> {
  for (const ask of asks) await table.put(itemOf(source, ask, now), "any");
}

/**
 * The oldest first, at most `limit`; the rest is still due in the next run. The read is consistent,
 * because a record that was answered a moment ago must not be asked for again.
 */
export async function asksDue(
  table: Table,
  source: Source,
  now: Instant,
  limit: number,
): Promise<readonly DueAsk[]> {
  const items = await table.query(partition(source), { to: `${now}~`, limit, consistent: true });
  return items.map(readAsk);
}

/** Writes the new item first: after a crash in between it is asked for twice, but never lost. */
export async function postpone(
  table: Table,
  source: Source,
  { key, ...ask }: DueAsk,
  now: Instant,
): Promise<void> {
  await table.put(itemOf(source, ask, now), "any");
  await table.remove(key);
}

export async function askUntilGone(
  table: Table,
  source: Source,
  ask: DueAsk,
  now: Instant,
): Promise<void> {
  await postpone(table, source, { ...ask, why: "gone", since: now }, now);
}

/** Everything that waits to be asked for again. */
export async function allAsks(table: Table, source: Source): Promise<readonly DueAsk[]> {
  return (await table.query(partition(source))).map(readAsk);
}

export function isFinal(seen: Observation): boolean {
  return seen.role === "erp"
    ? seen.final
    : !isClaim(seen) &&
        seen.transactions.every(({ status }) => status === "success" || status === "failure");
}

function itemOf(source: Source, ask: AskAgain, now: Instant): Item {
  return {
    pk: partition(source),
    sk: `${nextAsk(ask.since, now)}#${ask.ref}`,
    ref: ask.ref,
    orderId: ask.orderId,
    why: ask.why,
    since: ask.since,
  };
}

/** The next wait is half of the time since `since`: at least 15 minutes, at most 6 hours. */
function nextAsk(since: Instant, now: Instant): Instant {
  const waited = Date.parse(now) - Date.parse(since);
  const gap = Math.min(LONGEST_MS, Math.max(SLOT_MS, waited / 2));
  return new Date(Math.floor((Date.parse(now) + gap) / SLOT_MS) * SLOT_MS).toISOString();
}

function readAsk(item: Item): DueAsk {
  const { pk, sk, ...ask } = askSchema.parse(item);
  return { key: { pk, sk }, ...ask };
}

function partition(source: Source): string {
  return `again#${source}`;
}

const SLOT_MS = 15 * 60_000;
const LONGEST_MS = 6 * 3_600_000;

const askSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  ref: z.string(),
  orderId: z.string(),
  why: z.enum(["not final", "unreadable", "not shown", "gone"]),
  since: z.string(),
});

import * as z from "zod";

import type { Observation } from "../../refund/observation/observation.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { Item, Key, Table } from "../ports.ts";
import type { Source } from "./source-state.ts";

/**
 * What must be read again by its id, whatever the reason: a payment that is not final, a document
 * that waits for approval, a record in quarantine. No platform promises to move a change time when
 * such a thing ends, so the windows alone would miss it.
 *
 * One item each, under the instant when it is due: it leaves when it was read and is final, and is
 * put forward when it is not. Nothing is listed in one place, so nothing falls off a list.
 */
export type AskAgain = {
  /** What the source's `byId` takes. */
  readonly ref: string;
  /** The storefront's order, which makes the question cheaper; empty where it is not known. */
  readonly orderId: string;
  readonly why: AskReason;
  readonly since: Instant;
};

/** "gone": it has left quarantine, because nothing finds it; asked for a week more. */
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
 * The oldest first, at most so many: what is left is still due in the next run. Read consistently:
 * what was answered a moment ago must not be asked for once more.
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

/** The new place first: a crash in between asks twice, and never forgets. */
export async function putForward(
  table: Table,
  source: Source,
  { key, ...ask }: DueAsk,
  now: Instant,
): Promise<void> {
  await table.put(itemOf(source, ask, now), "any");
  await table.remove(key);
}

/** From now on it is asked for as what is gone. */
export async function askUntilGone(
  table: Table,
  source: Source,
  ask: DueAsk,
  now: Instant,
): Promise<void> {
  await putForward(table, source, { ...ask, why: "gone", since: now }, now);
}

/** Everything that waits to be asked for again, for a person to know of. */
export async function allAsks(table: Table, source: Source): Promise<readonly DueAsk[]> {
  return (await table.query(partition(source))).map(readAsk);
}

export function isFinal(seen: Observation): boolean {
  return seen.role === "erp"
    ? seen.final
    : seen.transactions.every(({ status }) => status === "success" || status === "failure");
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

/** Half as long again as it has waited, in quarters of an hour: a quarter at first, six hours at most. */
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

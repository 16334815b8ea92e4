import * as z from "zod";

import type { Instant } from "../refund/observation.ts";
import type { Table } from "./ports.ts";

/** Which of a brand's systems: what `pull` is configured for. */
export type Source = "storefront" | "erp";

/**
 * How far a source has been read: one item, written once a page and once a run, and the only thing
 * that must be right for a pull to go on where another stopped.
 */
export type SourceState = {
  readonly version: number;
  /** The newest change time seen, by the source's own clock; null before the first pull. */
  readonly watermark: Instant | null;
  /** Everything the source showed by then was taken in. */
  readonly completeThrough: Instant | null;
  /** A pull that has more pages to read, and who reads them. */
  readonly underway: {
    readonly since: Instant;
    readonly until: Instant;
    readonly cursor: string;
    readonly highWater: Instant | null;
    readonly fetched: number;
    readonly reported: number | null;
    /** Who holds the lease, and until when; the item's version is its fencing token. */
    readonly holder: string;
    readonly leaseUntil: Instant;
  } | null;
  /** Hashes of what the last window held: seen again unchanged, it needs no look at the table. */
  readonly seen: readonly string[];
  /** Records that were not final when last seen: asked for again until they are. */
  readonly unsettled: readonly string[];
  /** Records in quarantine, to be let out when they can be read. */
  readonly quarantined: readonly string[];
  /** Of the last complete window. */
  readonly taken: number;
  readonly reported: number | null;
};

export async function readSourceState(table: Table, source: Source): Promise<SourceState> {
  const item = await table.get({ pk: "source", sk: source });
  if (item === null) return UNREAD;
  const { v, state } = itemSchema.parse(item);
  const value: unknown = JSON.parse(state);
  const { seen, ...rest } = stateSchema.parse(value);
  return { version: v, ...rest, seen: apart(seen ?? (await readLongSeen(table, source))) };
}

/**
 * A long list of what was seen has an item of its own, written first and only when it changed: the
 * state itself is written every run and must stay small. A list that a fenced-out run left behind
 * does no harm: it names only what is in the table.
 *
 * @returns false when another pull of this source saved in between: it holds the newer fencing
 * token, and this one must stop
 */
export async function saveSourceState(
  table: Table,
  source: Source,
  next: SourceState,
  before: SourceState,
): Promise<boolean> {
  const { version, seen, ...state } = next;
  const isLong = seen.length > MOST_SEEN_INLINE;
  const text = seen.join("");
  if (isLong && text !== before.seen.join("")) {
    await table.put({ pk: "source", sk: `${source}#seen`, seen: text }, "any");
  }
  const body = JSON.stringify({ ...state, ...(isLong ? {} : { seen: text }) });
  return table.put({ pk: "source", sk: source, v: version + 1, state: body }, version);
}

async function readLongSeen(table: Table, source: Source): Promise<string> {
  const item = await table.get({ pk: "source", sk: `${source}#seen` });
  return item === null ? "" : longSeenSchema.parse(item).seen;
}

/** Names of equal length, one after the other. */
function apart(seen: string): string[] {
  return seen.match(new RegExp(`.{${SEEN_LENGTH}}`, "g")) ?? [];
}

/**
 * Both sources are complete through this instant. A refund is judged as of it, so that nothing is
 * called missing because we have not looked.
 */
export function horizon(states: readonly SourceState[], now: Instant): Instant {
  return (
    [now, ...states.map(({ completeThrough }) => completeThrough ?? NEVER)].toSorted()[0] ?? NEVER
  );
}

const NEVER: Instant = "1970-01-01T00:00:00.000Z";

const UNREAD: SourceState = {
  version: 0,
  watermark: null,
  completeThrough: null,
  underway: null,
  seen: [],
  unsettled: [],
  quarantined: [],
  taken: 0,
  reported: null,
};

/** Characters of one name: 64 bits of a hash. */
export const SEEN_LENGTH = 11;
const MOST_SEEN_INLINE = 60;

const longSeenSchema = z.object({ seen: z.string() });
const itemSchema = z.object({ v: z.int(), state: z.string() });

const instant = z.string();
const stateSchema = z.object({
  watermark: instant.nullable(),
  completeThrough: instant.nullable(),
  underway: z
    .object({
      since: instant,
      until: instant,
      cursor: z.string(),
      highWater: instant.nullable(),
      fetched: z.int(),
      reported: z.int().nullable(),
      holder: z.string(),
      leaseUntil: instant,
    })
    .nullable(),
  /** Absent when the list has an item of its own. */
  seen: z.string().optional(),
  unsettled: z.array(z.string()),
  quarantined: z.array(z.string()),
  taken: z.int(),
  reported: z.int().nullable(),
});

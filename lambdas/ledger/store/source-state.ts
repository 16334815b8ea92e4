import * as z from "zod";

import type { Instant } from "../../refund/time/instant.ts";
import type { Table } from "../ports.ts";

/** Which of a brand's systems: what `pull` is configured for. */
export type Source = "storefront" | "erp";

/**
 * How far a source has been read: one item, written once a page and once a run, and the only thing
 * that must be right for a pull to go on where another stopped.
 */
export type SourceState = {
  readonly version: number;
  /** Which shop or account was read from the first pull on; null where it does not tell. */
  readonly identity: string | null;
  /** Fields and records that were absent at the first pull; null before it ended. */
  readonly absent: readonly string[] | null;
  /** Permissions that the product needs and that the source has not granted. */
  readonly missing: readonly string[];
  /** The UTC day on which permissions were last asked for. */
  readonly metOn: string | null;
  /** From when on the source was read: the beginning of the first window. */
  readonly watchedSince: Instant | null;
  /** The newest change time seen, by the source's own clock; null before the first pull. */
  readonly watermark: Instant | null;
  /** Everything the source showed by then was taken in. */
  readonly completeThrough: Instant | null;
  /** The newest window that was read to its end reached through this instant. */
  readonly readThrough: Instant | null;
  /** Windows with more pages to read: the newest, older ones after a long silence, the daily look back. */
  readonly underway: WindowProgress | null;
  readonly backlog: WindowProgress | null;
  readonly deep: WindowProgress | null;
  /** When the last daily look back began. */
  readonly deepAt: Instant | null;
  /** When a run saved this last; null before the first pull. */
  readonly savedAt: Instant | null;
  /** What was logged between these instants may be of a table that was restored since. */
  readonly unsureLog: { readonly from: Instant; readonly until: Instant } | null;
  /** Who reads, and until when; the item's version is its fencing token. */
  readonly lease: { readonly holder: string; readonly until: Instant } | null;
  /** Hashes of what the last window held: seen again unchanged, it needs no look at the table. */
  readonly seen: readonly string[];
  /** Some records that the source showed lately: it must still show one when a window is empty. */
  readonly shown: readonly string[];
  /** What to ask for to see the record at the watermark; null where that is not known. */
  readonly newest: string | null;
  /** Which window begins the next run, where there is a backlog. */
  readonly turn: "newest" | "backlog";
  /** How many records lie in quarantine. */
  readonly quarantined: number;
  /** Why the last window could not be believed; null when it could. */
  readonly trouble: string | null;
  /** Of the last complete window. */
  readonly taken: number;
  readonly reported: number | null;
  /** What the last complete window left out on purpose, counted by name. */
  readonly leftOut: Readonly<Record<string, number>>;
};

/** A window that is being read, and how far it has got. */
export type WindowProgress = {
  readonly since: Instant;
  readonly until: Instant;
  /** Null before its first page was read. */
  readonly cursor: string | null;
  readonly highWater: Instant | null;
  /** In the unit of `reported`. */
  readonly counted: number;
  readonly reported: number | null;
  /** What was left out on purpose so far, counted by name. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly startedAt: Instant;
};

export type ReadState = Omit<SourceState, "seen">;

/**
 * How far a source was read, for whoever does not read it. It may lag by moments: then less is taken
 * for complete than is, and nothing is called missing too early.
 */
export async function readSourceState(table: Table, source: Source): Promise<ReadState> {
  const { seen: _seen, ...state } = await storedState(table, source, false);
  return state;
}

/** With what the last window held, for the next pull. */
export async function readSourceToPull(table: Table, source: Source): Promise<SourceState> {
  const { seen, ...state } = await storedState(table, source, true);
  return { ...state, seen: apart(seen ?? (await readLongSeen(table, source))) };
}

async function storedState(
  table: Table,
  source: Source,
  consistent: boolean,
): Promise<ReadState & { readonly seen?: string | undefined }> {
  const item = await table.get({ pk: "source", sk: source }, { consistent });
  if (item === null) return { ...UNREAD, seen: "" };
  const { v, state } = itemSchema.parse(item);
  const value: unknown = JSON.parse(state);
  return { version: v, ...stateSchema.parse(value) };
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
  // An older list only means that some records are compared once more.
  const item = await table.get({ pk: "source", sk: `${source}#seen` }, { consistent: false });
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
export function horizon(
  states: readonly Pick<SourceState, "completeThrough">[],
  now: Instant,
): Instant {
  return (
    [now, ...states.map(({ completeThrough }) => completeThrough ?? NEVER)].toSorted()[0] ?? NEVER
  );
}

const NEVER: Instant = "1970-01-01T00:00:00.000Z";

const UNREAD: ReadState = {
  version: 0,
  identity: null,
  absent: null,
  missing: [],
  metOn: null,
  watchedSince: null,
  watermark: null,
  completeThrough: null,
  readThrough: null,
  underway: null,
  backlog: null,
  deep: null,
  deepAt: null,
  savedAt: null,
  unsureLog: null,
  lease: null,
  shown: [],
  newest: null,
  turn: "newest",
  quarantined: 0,
  trouble: null,
  taken: 0,
  reported: null,
  leftOut: {},
};

/** Characters of one name: 64 bits of a hash. */
export const SEEN_LENGTH = 11;
/** So that the state stays below the kilobyte that a write costs. */
const MOST_SEEN_INLINE = 30;

const longSeenSchema = z.object({ seen: z.string() });
const itemSchema = z.object({ v: z.int(), state: z.string() });

const instant = z.string();
const windowProgressSchema = z
  .object({
    since: instant,
    until: instant,
    cursor: z.string().nullable(),
    highWater: instant.nullable(),
    counted: z.int(),
    reported: z.int().nullable(),
    leftOut: z.record(z.string(), z.int()).default({}),
    startedAt: instant,
  })
  .nullable();

const stateSchema = z.object({
  identity: z.string().nullable(),
  absent: z.array(z.string()).nullable(),
  missing: z.array(z.string()),
  metOn: z.string().nullable(),
  watchedSince: instant.nullable(),
  watermark: instant.nullable(),
  completeThrough: instant.nullable(),
  readThrough: instant.nullable(),
  underway: windowProgressSchema,
  backlog: windowProgressSchema,
  deep: windowProgressSchema,
  deepAt: instant.nullable(),
  savedAt: instant.nullable().default(null),
  unsureLog: z.object({ from: instant, until: instant }).nullable().default(null),
  lease: z.object({ holder: z.string(), until: instant }).nullable(),
  /** Absent when the list has an item of its own. */
  seen: z.string().optional(),
  shown: z.array(z.string()),
  newest: z.string().nullable(),
  turn: z.enum(["newest", "backlog"]),
  quarantined: z.int(),
  trouble: z.string().nullable(),
  taken: z.int(),
  reported: z.int().nullable(),
  leftOut: z.record(z.string(), z.int()).default({}),
});

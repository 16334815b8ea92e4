import * as z from "zod";

import type { Instant } from "../../refund/time/instant.ts";
import type { Table } from "../ports.ts";

/** One of a brand's two systems; each pull function is configured for one of them. */
export type Source = "storefront" | "erp";

/**
 * How far a source has been read: one item, written once for each page and once for each run. A
 * pull needs only this item to continue where another pull stopped.
 */
export type SourceState = {
  readonly version: number;
  /** The shop or account that was read since the first pull; null when the source does not say. */
  readonly identity: string | null;
  /** Fields and records that were absent at the first pull; null before it ended. */
  readonly absent: readonly string[] | null;
  /** Permissions that the product needs and that the source has not granted. */
  readonly missing: readonly string[];
  /** The UTC day on which permissions were last checked. */
  readonly metOn: string | null;
  /** The source has been read from this time on: the beginning of the first window. */
  readonly watchedSince: Instant | null;
  /** The newest change time seen, by the source's own clock; null before the first pull. */
  readonly watermark: Instant | null;
  /** Everything that the source showed through this instant was stored. */
  readonly completeThrough: Instant | null;
  /** The end of the newest window that was read completely. */
  readonly readThrough: Instant | null;
  /**
   * Windows with more pages to read: the newest window, the older part after a long pause
   * (backlog), and the daily look back, which reads the last three days again (deep).
   */
  readonly underway: WindowProgress | null;
  readonly backlog: WindowProgress | null;
  readonly deep: WindowProgress | null;
  /** When the last daily look back began. */
  readonly deepAt: Instant | null;
  /** When a run saved this last; null before the first pull. */
  readonly savedAt: Instant | null;
  /** Log lines between these instants may not agree with the table, which was restored since. */
  readonly unsureLog: { readonly from: Instant; readonly until: Instant } | null;
  /** Which run reads now, and until when; the item's version is its fencing token. */
  readonly lease: { readonly holder: string; readonly until: Instant } | null;
  /** Hashes of the versions in the last window: an unchanged record needs no read of the table. */
  readonly seen: readonly string[];
  /**
   * Ids of records that the source showed recently: it must still show one if a window is empty.
   */
  readonly shown: readonly string[];
  /** The id with which to read the record at the watermark; null when it is not known. */
  readonly newest: string | null;
  /** The window that the next run reads first, when there is a backlog. */
  readonly turn: "newest" | "backlog";
  /** How many records are in quarantine. */
  readonly quarantined: number;
  /** Why the last window could not be believed; null when it could. */
  readonly trouble: string | null;
  /** Number of records in the last complete window, and the source's own count of them. */
  readonly taken: number;
  readonly reported: number | null;
  /** What the last complete window left out on purpose, counted by name. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** The source's own list of payments was read through this instant; null before the first time. */
  readonly paymentsThrough: Instant | null;
  /** How many companies the source's account has; null where it does not tell. */
  readonly companyCount: number | null;
  /** The companies that were read until now; null before the first pull. Empty means all. */
  readonly companiesRead: readonly string[] | null;
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
  /** A record that the window showed, also before it was read from its beginning again. */
  readonly showed?: string | undefined;
};

export type ReadState = Omit<SourceState, "seen">;

/**
 * How far a source was read, for jobs that do not read it themselves. The value may be a few
 * moments old. Then the source counts as less complete than it is, so nothing is called missing too
 * early.
 */
export async function readSourceState(table: Table, source: Source): Promise<ReadState> {
  const { seen: _seen, ...state } = await storedState(table, source, false);
  return state;
}

/** The same with the hashes of the last window, for the next pull. */
export async function readSourceToPull(table: Table, source: Source): Promise<SourceState> {
  const { seen, ...state } = await storedState(table, source, true);
  return { ...state, seen: splitNames(seen ?? (await readLongSeen(table, source))) };
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
 * A long list of hashes has its own item, which is written first and only when it changed, because
 * the state itself is written in every run and must stay small. A list from a fenced-out run does
 * no harm: it contains only records that are in the table.
 *
 * @returns false when another pull of this source saved in between: that pull has the newer fencing
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

/** Splits the text into names of equal length. */
function splitNames(seen: string): string[] {
  return seen.match(new RegExp(`.{${SEEN_LENGTH}}`, "g")) ?? [];
}

/**
 * The horizon: the instant through which both sources are complete. A refund is evaluated as of it,
 * so that nothing is called missing only because it was not read yet.
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
  paymentsThrough: null,
  companyCount: null,
  companiesRead: null,
};

/** Characters of one name: 64 bits of a hash. */
export const SEEN_LENGTH = 11;
/** The state must stay below 1 KB, because DynamoDB bills a write by the kilobyte. */
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
    showed: z.string().optional(),
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
  paymentsThrough: instant.nullable().default(null),
  companyCount: z.int().nullable().default(null),
  companiesRead: z.array(z.string()).nullable().default(null),
});

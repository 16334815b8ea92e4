import { createHash } from "node:crypto";

import * as z from "zod";

import { after } from "../../refund/time/instant.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { Item, Key, Table } from "../ports.ts";

/**
 * The due list. One item names all records of a page that become due in the same quarter of an
 * hour. An index that every pending refund enters and leaves would cost two more writes for each
 * refund; this costs one write for each page.
 *
 * An item that is due at once is removed after its evaluation, and its records are evaluated a
 * second time: the run that wrote the item writes the records later, and may not have done so yet.
 * An item that is due hours later is never removed by this program: the watch stores how far it has
 * evaluated, the same item is used at the stale threshold and at the checkpoint, and the table
 * expires it without cost.
 */
export type DueEntry = {
  /** Partition and sort key of the record. */
  readonly record: Key;
  readonly at: Instant;
};

export type DueItem = {
  readonly key: Key;
  /** "again" is the second evaluation of an item that was due at once. */
  readonly kind: "soon" | "again" | "later";
  readonly at: Instant;
  readonly records: readonly Key[];
};

export async function writeDue(
  table: Table,
  entries: readonly DueEntry[],
  now: Instant,
): Promise<void> {
  if (entries.length === 0) return;
  // A run with an earlier `now` must not write items for times that the watch has evaluated.
  const through = (await readEvaluatedThrough(table)) ?? now;
  const evaluatedThrough = through > now ? through : now;
  for (const item of dueItems(entries, now, evaluatedThrough)) await table.put(item, "any");
}

/** The same entries give the same items, so a page that is committed again adds nothing. */
function dueItems(entries: readonly DueEntry[], now: Instant, evaluatedThrough: Instant): Item[] {
  const bySlot = new Map<Instant, Set<string>>();
  for (const { record, at } of entries) {
    const slot = at <= now ? now : slotOf(at);
    bySlot.set(slot, (bySlot.get(slot) ?? new Set()).add(`${record.pk}|${record.sk}`));
  }
  return [...bySlot].flatMap(([slot, names]) =>
    chunks([...names].toSorted(), MOST_NAMES).map((records) =>
      dueItem(slot, records, evaluatedThrough),
    ),
  );
}

/** Items that are due at once, one page after `from`; the last page has fewer than `MOST_ITEMS`. */
export async function dueSoon(
  table: Table,
  now: Instant,
  from = "",
): Promise<{ readonly items: readonly DueItem[]; readonly next: string | null }> {
  const found = await table.query("due", {
    from,
    to: `${now}~`,
    consistent: true,
    limit: MOST_ITEMS,
  });
  const next = found.length < MOST_ITEMS ? null : (found.at(-1)?.sk ?? null);
  const items = found.map((item) =>
    parsed(item, item["again"] === undefined ? "soon" : "again", slotIn(item.sk)),
  );
  return { items, next };
}

/**
 * Removes an item that was due at once. While the run that wrote it may still be writing, a second
 * evaluation is scheduled before that.
 */
export async function markEvaluated(table: Table, item: DueItem, now: Instant): Promise<void> {
  if (item.kind === "later") return;
  if (item.kind === "soon" && item.at > earlier(now, WRITER_MS)) {
    const records = item.records.map(({ pk, sk }) => `${pk}|${sk}`);
    const { pk, sk } = dueItem(slotOf(later(now, WRITER_MS)), records, now);
    await table.put({ pk, sk, records, again: 1 }, "any");
  }
  await table.remove(item.key);
}

/**
 * Items that become due because time passes, in the order of their times: at the stale threshold
 * and again at the checkpoint.
 *
 * @param through how far the watch has evaluated; null before its first evaluation
 * @param againAfterMs from the stale threshold to the checkpoint
 */
export async function dueLater(
  table: Table,
  now: Instant,
  { through, againAfterMs }: { readonly through: Instant | null; readonly againAfterMs: number },
): Promise<readonly DueItem[]> {
  const offsets = againAfterMs > 0 ? [0, againAfterMs] : [0];
  const items: DueItem[] = [];
  for (const offset of offsets) {
    const from = through === null ? "" : `${earlier(through, offset)}~`;
    const found = await table.query("later", { from, to: `${earlier(now, offset)}~` });
    items.push(...found.map((item) => parsed(item, "later", later(slotIn(item.sk), offset))));
  }
  return items.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

/** Everything through this instant was evaluated, when this item is the first that was not. */
export function wasEvaluated({ at }: DueItem): Instant {
  return earlier(at, 1);
}

export async function readEvaluatedThrough(table: Table): Promise<Instant | null> {
  const item = await table.get(WATCH_KEY);
  return item === null ? null : evaluatedThroughSchema.parse(item).through;
}

export async function saveEvaluatedThrough(table: Table, through: Instant): Promise<void> {
  await table.put({ ...WATCH_KEY, through }, "any");
}

function dueItem(slot: Instant, records: readonly string[], evaluatedThrough: Instant): Item {
  const name = createHash("sha256").update(records.join("\n")).digest("base64url").slice(0, 12);
  const sk = `${slot}#${name}`;
  // A slow pull must not write items for times that the watch has evaluated meanwhile.
  if (slot <= later(evaluatedThrough, SOON_MS)) return { pk: "due", sk, records };
  return {
    pk: "later",
    sk,
    records,
    expiresAt: Math.ceil(Date.parse(slot) / 1_000) + KEPT_SECONDS,
  };
}

function parsed(item: Item, kind: DueItem["kind"], at: Instant): DueItem {
  const { pk, sk, records } = dueItemSchema.parse(item);
  return { key: { pk, sk }, kind, at, records: records.map(keyOf) };
}

function slotIn(sk: string): Instant {
  return sk.slice(0, sk.indexOf("#"));
}

function keyOf(name: string): Key {
  const [pk = "", sk = ""] = name.split("|");
  return { pk, sk };
}

/** The end of the quarter of an hour in which the instant is, never before the instant itself. */
function slotOf(at: Instant): Instant {
  return new Date(Math.ceil(Date.parse(at) / SLOT_MS) * SLOT_MS).toISOString();
}

function earlier(at: Instant, ms: number): Instant {
  return after(at, -ms);
}

function later(at: Instant, ms: number): Instant {
  return earlier(at, -ms);
}

function chunks<Part>(all: readonly Part[], size: number): Part[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

const SLOT_MS = 15 * 60_000;
const SOON_MS = 60 * 60_000;
/** No run takes longer. */
const WRITER_MS = 10 * 60_000;
const KEPT_SECONDS = 14 * 86_400;
const MOST_NAMES = 400;
const MOST_ITEMS = 200;
const WATCH_KEY = { pk: "source", sk: "watch" };

const evaluatedThroughSchema = z.object({ through: z.string() });
const dueItemSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  records: z.array(z.string()),
});

import * as z from "zod";
import { cursorIn } from "../../cursor.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import { PageError } from "../../http/page-error.ts";
import type { Window } from "../../source.ts";

/**
 * The position in the two lists of a window: billing documents and credit memo requests, each in the
 * order of the change time.
 *
 * The server's own next link (`__next`) may count rows, and then it loses one when a row changes and
 * moves to the end while the pages are read. So the next page is asked for by the change time of the
 * last row. Many rows can have that same time, and SAP keeps digits that its answer does not show;
 * so the next page begins at that time again, and the rows that were seen are recognised by id.
 */
export type SapCursor = { readonly billing: Position | null; readonly requests: Position | null };
export type Position = z.output<typeof positionSchema>;

export function startOf(window: Window, text: string | null): SapCursor {
  if (text === null) {
    const start: Position = { from: window.since, seen: [], skip: 0 };
    return { billing: start, requests: start };
  }
  return cursorIn(text, cursorSchema, "SAP");
}

/** Null after the last page of both lists. */
export function written(cursor: SapCursor): string | null {
  return cursor.billing === null && cursor.requests === null ? null : JSON.stringify(cursor);
}

/**
 * The position after a page; null after the last one. Where a page shows nothing new (more rows with
 * one change time than a page holds), the rows are skipped by number.
 *
 * A page after skipped rows begins with a row that was read before. When it does not, a skipped row
 * was changed meanwhile and has left its place, so the rows of this change time are read from the
 * first one again.
 *
 * @throws PageError where the pages do not end
 */
export function afterPage(position: Position, page: ReadPage): Position | null {
  const { rows, first, count, isFull, what } = page;
  const { from, skip } = position;
  const here = rows.flatMap(({ id, at }) => (at === from ? [id] : []));
  const seen = [...new Set([...position.seen, ...here])];
  // A server that ends its pages after one row can show no row twice.
  const isAlone = count === 1 && isFull;
  const isShifted =
    count === 0 || (!isAlone && first !== null && !isSeen(position, first.id, first.at));
  if (skip > 0 && isShifted) return { from, seen, skip: 0 };
  if (!isFull) return null;
  if (count === 0) throw new PageError(what, "an empty page that claims a next one");
  const isNews = rows.some(({ id, at }) => !isSeen(position, id, at));
  const last = rows.map(({ at }) => at).reduce(later, from);
  if (last !== from) {
    return { from: last, seen: rows.filter(({ at }) => at === last).map(({ id }) => id), skip: 0 };
  }
  if (isNews && skip === 0) return { from, seen, skip };
  // One row is read again, to see that no row before it has left its place.
  const next = skip + Math.max(1, count - 1);
  if (next > MOST_SKIPPED)
    throw new PageError(what, `no end after ${MOST_SKIPPED} rows of ${from}`);
  return { from, seen, skip: next };
}

/** Whether this version of the row was read already. */
export function isSeen({ from, seen }: Position, id: string, at: Instant): boolean {
  return at === from && seen.includes(id);
}

export type ReadPage = {
  readonly what: string;
  /** The change time and the id of each readable row, in the page's order. */
  readonly rows: readonly { readonly id: string; readonly at: Instant }[];
  /** The page's first row; null where it cannot be read. */
  readonly first: { readonly id: string; readonly at: Instant } | null;
  /** All rows, readable or not. */
  readonly count: number;
  readonly isFull: boolean;
};

function later(one: Instant, other: Instant): Instant {
  return one >= other ? one : other;
}

const positionSchema = z.object({
  from: z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  /** The rows with exactly this change time that were read. */
  seen: z.array(z.string().max(10)),
  skip: z.int().nonnegative(),
});
const cursorSchema = z.object({
  billing: positionSchema.nullable(),
  requests: positionSchema.nullable(),
});

/** A server that does not skip rows would be asked without an end. */
const MOST_SKIPPED = 200_000;

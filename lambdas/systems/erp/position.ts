import * as z from "zod";
import type { Instant } from "../../refund/time/instant.ts";
import { PageError } from "../http/page-error.ts";

/**
 * The position in a list that is read in the order of the change time, on a server whose pages are
 * counted by rows.
 *
 * A page by number loses a row when a row changes and moves to the end while the pages are read. So
 * the next page is asked for by the change time of the last row. Many rows can have that same time,
 * and a server may keep digits that its answer does not show; so the next page begins at that time
 * again, and the rows that were seen are recognised by id.
 */
export type Position = z.output<typeof positionSchema>;

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

/**
 * The change time by which a row has its place in the list. A time outside what was asked for is
 * wrong, and a page after it would leave rows out: such a row counts as one of the page's beginning.
 */
export function placeOf(at: Instant | null, { from }: Position, until: Instant): Instant | null {
  return at !== null && (at < from || at > until) ? from : at;
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

export const positionSchema = z.object({
  from: z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  /** The rows with exactly this change time that were read. */
  seen: z.array(z.string().max(40)),
  skip: z.int().nonnegative(),
});

/** A server that does not skip rows would be asked without an end. */
const MOST_SKIPPED = 200_000;

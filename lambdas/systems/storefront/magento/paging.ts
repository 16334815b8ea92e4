import * as z from "zod";
import type { Instant } from "../../../refund/time/instant.ts";
import { PageError } from "../../http/page-error.ts";
import type { Window } from "../../source.ts";
import { cursorIn } from "../../cursor.ts";
import { idIn, isGreater, type SearchPage, what } from "./client.ts";
import type { Search } from "./search.ts";

/**
 * The position in a window of credit memos, which are read in the order of their change time and
 * their id.
 *
 * A page by number loses a row when an earlier row is changed while the pages are read. So the next
 * page is asked for by the last row: first the rest of the rows with the same second, above the last
 * id, then all later rows.
 */
export type MagentoCursor = z.output<typeof cursorSchema>;

export function startOf(window: Window, text: string | null): MagentoCursor {
  if (text === null) return { from: wholeSecond(window.since), above: null };
  return cursorIn(text, cursorSchema, "Magento");
}

/** The search for the next page. */
export function searchAt(
  { from, above }: MagentoCursor,
  { until }: Window,
): Pick<Search, "filters" | "sort"> {
  if (above !== null) {
    return {
      filters: [
        ["updated_at", "eq", magentoTime(from)],
        ["entity_id", "gt", above],
      ],
      sort: ["entity_id"],
    };
  }
  return {
    filters: [
      ["updated_at", "gteq", magentoTime(from)],
      ...(until < NO_LIMIT
        ? [["updated_at", "lteq", magentoTime(until)] as const satisfies Search["filters"][number]]
        : []),
    ],
    sort: ["updated_at", "entity_id"],
  };
}

/**
 * The position after a page; null after the last one.
 *
 * @param timeOf the change time of a row; null where it cannot be read
 * @throws PageError where the rows do not follow the search, so that the next page is not known
 */
export function afterPage(
  cursor: MagentoCursor,
  page: SearchPage,
  window: Window,
  timeOf: (row: unknown) => Instant | null,
): MagentoCursor | null {
  const { from, above } = cursor;
  const places = page.rows.map((row) => ({ id: idIn(row, "entity_id"), at: timeOf(row) }));
  const about = what("creditmemos");
  if (!page.hasMore) {
    if (above === null) return null;
    const next = new Date(Date.parse(from) + SECOND_MS).toISOString();
    return next > window.until ? null : { from: next, above: null };
  }
  const last = places.at(-1);
  if (last === undefined || last.id === null || last.at === null) {
    throw new PageError(about, "a last row whose id or updated_at cannot be read");
  }
  const isInOrder = places.every(({ id, at }, index) => {
    const before = places[index - 1];
    if (id === null || at === null || before === undefined) return true;
    if (before.id === null || before.at === null) return true;
    return before.at < at || (before.at === at && isGreater(id, before.id));
  });
  const isWithin = places.every(({ id, at }) => {
    if (id === null || at === null) return true;
    return above === null ? at >= from : at === from && isGreater(id, above);
  });
  if (!isInOrder) throw new PageError(about, "rows that are not in the order that was asked for");
  if (!isWithin) throw new PageError(about, "rows outside of the search");
  return { from: last.at, above: last.id };
}

/** Times of Magento are UTC without a zone, in whole seconds. */
function magentoTime(at: Instant): string {
  return at.slice(0, 19).replace("T", " ");
}

function wholeSecond(at: Instant): Instant {
  return `${at.slice(0, 19)}.000Z`;
}

const cursorSchema = z.object({
  /** Rows that were changed at this second or later were not read yet. */
  from: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  /** Of the rows of exactly this second, those up to this id were read; null: none. */
  above: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .nullable(),
});

const SECOND_MS = 1_000;
/** A window without an end: the filter is left out. */
const NO_LIMIT = "9000";

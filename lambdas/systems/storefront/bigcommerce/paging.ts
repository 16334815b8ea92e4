import * as z from "zod";
import { cursorIn } from "../../cursor.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import type { Window } from "../../source.ts";

/**
 * The position in a window. The refunds come first, then the orders with the status Refunded, then
 * those with Partially Refunded.
 *
 * Pages by number lose a row when an earlier row goes away while they are read, and nothing promises
 * that the ids, by which the list is ordered, follow the time. So refunds are read in spans of time
 * that fit into one page: a full page is not used, and half of its span is read in its place. Orders
 * are read above the last order's id. Only where many refunds have one time, the next page by number
 * is read.
 */
export type BigCommerceCursor = z.output<typeof cursorSchema>;
export type Span = z.output<typeof spanSchema>;

export function startOf({ since, until }: Window, text: string | null): BigCommerceCursor {
  if (text === null) {
    const to = until < NO_LIMIT ? until : null;
    return { list: "refunds", span: { from: since, to, page: 1, isInner: false }, above: null };
  }
  return cursorIn(text, cursorSchema, "BigCommerce");
}

export function written(cursor: BigCommerceCursor): string {
  return JSON.stringify(cursor);
}

/** The first half of a span whose page was full; null where it is too short to be divided. */
export function halfOf(span: Span, now: Instant): Span | null {
  const from = Date.parse(span.from);
  // A span without an end holds refunds until now, and perhaps some that are dated in the future.
  const to = span.to === null ? Math.max(Date.parse(now), from) + DAY_MS : Date.parse(span.to);
  if (to - from < SHORTEST_MS || span.page > 1) return null;
  return { ...span, to: new Date(from + Math.floor((to - from) / 2)).toISOString() };
}

/**
 * The position after a page of refunds.
 *
 * @param whole the window
 */
export function afterRefunds(span: Span, isFull: boolean, whole: Window): BigCommerceCursor {
  if (isFull) return { list: "refunds", span: { ...span, page: span.page + 1 }, above: null };
  const end = whole.until < NO_LIMIT ? whole.until : null;
  if (span.to === end) return { list: "refunded", span: null, above: null };
  // The next span begins at the very end of this one, so that no fraction of a second is between.
  const from = span.to ?? span.from;
  const length = Math.max(Date.parse(from) - Date.parse(span.from), SHORTEST_MS);
  const to = new Date(Date.parse(from) + 2 * length).toISOString();
  const next = { from, to: end !== null && to > end ? end : to, page: 1, isInner: true };
  const isLast = end === null && Date.parse(to) > Date.parse(from) + LONGEST_MS;
  return { list: "refunds", span: isLast ? { ...next, to: null } : next, above: null };
}

/** The position after a page of orders; null after the last list. */
export function afterOrders(
  cursor: BigCommerceCursor,
  page: { readonly isFull: boolean; readonly ids: readonly string[] },
): BigCommerceCursor | null {
  const { list, above: before } = cursor;
  if (!page.isFull) return list === "refunded" ? { list: "partly", span: null, above: null } : null;
  const above = page.ids.reduce(greater, before ?? "0");
  // A page without a greater id would be asked for again and again.
  if (above === before || above === "0") throw new OrdersStuck(above);
  return { list, span: null, above };
}

/** Ids are whole numbers without leading zeros, which may be larger than a double can hold. */
function isGreater(one: string, other: string): boolean {
  return one.length === other.length ? one > other : one.length > other.length;
}

function greater(one: string, other: string): string {
  return isGreater(one, other) ? one : other;
}

class OrdersStuck extends Error {
  override readonly name = "OrdersStuck";
  constructor(above: string) {
    super(`BigCommerce orders: a full page without an id above ${above}: min_id is not applied`);
  }
}

const instant = z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const spanSchema = z.object({
  from: instant,
  /** Null: without an end. */
  to: instant.nullable(),
  page: z.int().positive(),
  /** It begins where another span ended: a refund of exactly that time was counted there. */
  isInner: z.boolean(),
});
const cursorSchema = z.object({
  list: z.enum(["refunds", "refunded", "partly"]),
  span: spanSchema.nullable(),
  /** Orders with a greater id were not read yet; null at the beginning of a list. */
  above: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullable(),
});

const DAY_MS = 86_400_000;
const SHORTEST_MS = 2_000;
/** After a span of this length without an end to come, the rest is read at once. */
const LONGEST_MS = 30 * DAY_MS;
/** A window without an end: the filter is left out. */
export const NO_LIMIT = "9000";

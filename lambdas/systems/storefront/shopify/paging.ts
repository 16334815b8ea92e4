import * as z from "zod";
import { cursorIn } from "../../cursor.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import { PageError } from "../../http/page-error.ts";
import type { Window } from "../../source.ts";

/**
 * The position in the list of changed orders.
 *
 * Shopify ends a connection after 25,000 objects. So before that, the reading starts again from the
 * newest change so far (orders of exactly that instant are read twice, which changes nothing).
 */
export type ShopifyCursor = z.output<typeof cursorSchema>;

export function startOf(window: Window, text: string | null): ShopifyCursor {
  if (text === null) return { since: window.since, after: null, walked: 0 };
  return cursorIn(text, cursorSchema, "Shopify");
}

/** The cursor of the page after this one; null when this page is the last one. */
export function nextCursor(
  cursor: ShopifyCursor,
  page: {
    readonly what: string;
    readonly hasNextPage: boolean;
    readonly endCursor: string | null;
    readonly orders: number;
    readonly newest: Instant | null;
  },
): string | null {
  if (!page.hasNextPage) return null;
  if (page.orders === 0) throw new PageError(page.what, "an empty page that claims a next one");
  if (page.endCursor === null || page.endCursor === cursor.after) {
    throw new PageError(page.what, "the same cursor as before");
  }
  const walked = cursor.walked + page.orders;
  if (walked < MOST_WALKED) return written({ ...cursor, after: page.endCursor, walked });
  if (page.newest === null || page.newest <= cursor.since) {
    throw new PageError(page.what, `over ${MOST_WALKED} orders changed at ${cursor.since}`);
  }
  return written({ since: page.newest, after: null, walked: 0 });
}

function written(cursor: ShopifyCursor): string {
  return JSON.stringify(cursor);
}

const cursorSchema = z.object({
  since: z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  after: z.string().nullable(),
  /** Orders read since the last start. */
  walked: z.int().nonnegative(),
});

/** With one more page of 250 orders, the total is still below 25,000. */
const MOST_WALKED = 24_500;

import * as z from "zod";
import { cursorIn } from "../../cursor.ts";
import type { Window } from "../../source.ts";
import { type Position, positionSchema } from "../position.ts";

/**
 * The position in the two lists of a window: billing documents and credit memo requests, each in the
 * order of the change time. The server's own next link (`__next`) is not used: it may count rows.
 */
export type SapCursor = { readonly billing: Position | null; readonly requests: Position | null };

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

const cursorSchema = z.object({
  billing: positionSchema.nullable(),
  requests: positionSchema.nullable(),
});

import { namesTicket } from "../../redact.ts";

/**
 * What may be known of a refund's note: whether there is one, and whether it names a ticket.
 *
 * A note may hold a customer's name or address, so its words are blacked out of an answer before it
 * is read or kept, whatever they are. What stands in their place says all that is asked of a note, so
 * an archived page read again gives the same refund.
 */
export function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => [
    name,
    name === "note" ? blackedOut(item) : withoutNotes(item),
  ]);
  return Object.fromEntries(entries);
}

function blackedOut(note: unknown): string | null {
  if (note === null || note === undefined) return null;
  if (typeof note !== "string") return "[note that is no text]";
  const text = note.trim();
  const reference = namesTicket(text) ? NAMES_REFERENCE : "";
  return text === "" ? "" : `[note of ${text.length} characters${reference}]`;
}

/** Reads what {@link withoutNotes} left. */
export function readNote(note: string | null): { hasNote: boolean; noteHasReference: boolean } {
  const text = note ?? "";
  return { hasNote: text !== "", noteHasReference: text.includes(NAMES_REFERENCE) };
}

const NAMES_REFERENCE = ", names a reference";

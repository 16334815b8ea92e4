import { namesTicket } from "../../redact.ts";

/**
 * Replaces the text of each note in an answer. Two facts are kept: whether there is a note, and
 * whether it names a ticket.
 *
 * A note may contain a customer's name or address, so every note is replaced before the answer is
 * parsed or stored. The replacement contains both facts, so an archived page that is read again
 * gives the same refund.
 */
export function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => [
    name,
    name === "note" ? replacementOf(item) : withoutNotes(item),
  ]);
  return Object.fromEntries(entries);
}

function replacementOf(note: unknown): string | null {
  if (note === null || note === undefined) return null;
  if (typeof note !== "string") return "[note that is no text]";
  const text = note.trim();
  const reference = namesTicket(text) ? NAMES_REFERENCE : "";
  return text === "" ? "" : `[note of ${text.length} characters${reference}]`;
}

/** Reads the text that {@link withoutNotes} wrote. */
export function readNote(note: string | null): { hasNote: boolean; noteHasReference: boolean } {
  const text = note ?? "";
  return { hasNote: text !== "", noteHasReference: text.includes(NAMES_REFERENCE) };
}

const NAMES_REFERENCE = ", names a reference";

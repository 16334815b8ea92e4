/**
 * What may be known of a refund's note: whether there is one, and whether it names a ticket.
 *
 * A note may hold a customer's name or address, so its words are blacked out of a body before it is
 * read or kept. What stands in their place says all that is asked of a note, so an archived page
 * read again gives the same refund.
 */
export function blackOutNotes(json: string): string {
  return json.replaceAll(NOTE_FIELD, (_whole, key: string, escaped: string) => {
    const note = unescaped(escaped).trim();
    const reference = REFERENCE.test(note.slice(0, LONGEST_READ)) ? NAMES_REFERENCE : "";
    return note === "" ? `${key}""` : `${key}"[note of ${note.length} characters${reference}]"`;
  });
}

/** Reads what {@link blackOutNotes} left. */
export function readNote(note: string | null): { hasNote: boolean; noteHasReference: boolean } {
  const text = note ?? "";
  return { hasNote: text !== "", noteHasReference: text.includes(NAMES_REFERENCE) };
}

function unescaped(escaped: string): string {
  try {
    return String(JSON.parse(`"${escaped}"`));
  } catch {
    return escaped; // not JSON: the reader of the body says so, and this text is thrown away
  }
}

/** A quote inside another text is escaped, so this matches keys only. */
const NOTE_FIELD = /("note"\s*:\s*)"([^"\\]*(?:\\.[^"\\]*)*)"/g;
const NAMES_REFERENCE = ", names a reference";

/** "ticket 4411", "RMA-2091", "case #88123", "approval no. 5521", "ZD 90211" */
const REFERENCE =
  /\b(?:ticket|case|rma|return|approval|approved|auth|zendesk|gorgias|jira|incident|request|inc|req|zd|cs)\b[ \t]{0,3}(?:no\.?|number|nr\.?|id)?[ \t]{0,3}[:#-]{0,3}[ \t]{0,3}[A-Z]{0,4}-?\d{2,}/i;
const LONGEST_READ = 5_000;

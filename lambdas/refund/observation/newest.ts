import type { ErpDocument, StorefrontRefund } from "./observation.ts";

/**
 * The newest of two versions of the same refund, the same whichever arrives first.
 *
 * The source's change time decides. A platform may settle a payment without moving it, so at the
 * same time the version with less still open wins, then the greater text: any fixed order will do,
 * as long as it does not depend on the order of arrival.
 */
export function newestRefund(one: StorefrontRefund, other: StorefrontRefund): StorefrontRefund {
  return newest(one, other, ageOfRefund);
}

/**
 * The newest where the order of reading is known: what was read later counts, unless it is older or
 * tells less. A source may change a record twice in one second, or without moving its change time;
 * what it shows now is then what is so.
 */
export function laterRefund(known: StorefrontRefund, read: StorefrontRefund): StorefrontRefund {
  // A time in the future was taken back: what was made of it is older than what is told now.
  if (isFutureDated(known) && !isFutureDated(read)) return read;
  return later(known, read, ageOfRefund);
}

function isFutureDated({ marks }: StorefrontRefund): boolean {
  return marks.includes("future_dated");
}

function ageOfRefund({ updatedAt, transactions }: StorefrontRefund): readonly string[] {
  const ended = transactions.filter(({ status }) => FINAL.has(status)).length;
  return [updatedAt, String(ended).padStart(6, "0")];
}

const FINAL: ReadonlySet<string> = new Set(["success", "failure"]);

/**
 * The same for a document; one whose payout is known is newer than one without. At the same time the
 * version that tells more wins: a field that was refused for one run must not wipe out what is known.
 */
export function newestDocument(one: ErpDocument, other: ErpDocument): ErpDocument {
  return newest(one, other, ageOfDocument);
}

/** As {@link laterRefund}. */
export function laterDocument(known: ErpDocument, read: ErpDocument): ErpDocument {
  return later(known, read, ageOfDocument);
}

function ageOfDocument(document: ErpDocument): readonly string[] {
  return [
    document.modifiedAt,
    document.state === "deleted" ? "1" : "0",
    `${document.settlement === null ? 0 : 1}${document.final ? 1 : 0}`,
    String(factsIn(document)).padStart(6, "0"),
  ];
}

/** How much a document tells: its fields that are known, its references and its lines. */
function factsIn(document: ErpDocument): number {
  const { references, lines, state, createdBy, modifiedBy } = document;
  const known = Object.values(document).filter((value) => value !== null).length;
  const people = [createdBy, modifiedBy].filter(({ id }) => id !== null).length;
  return known + people + references.length + (lines?.length ?? 0) + (state === "unknown" ? 0 : 1);
}

function newest<Seen>(one: Seen, other: Seen, age: (seen: Seen) => readonly string[]): Seen {
  const rank = (seen: Seen): string => [...age(seen), JSON.stringify(seen)].join("\n");
  return rank(one) >= rank(other) ? one : other;
}

function later<Seen>(known: Seen, read: Seen, age: (seen: Seen) => readonly string[]): Seen {
  return age(read).join("\n") >= age(known).join("\n") ? read : known;
}

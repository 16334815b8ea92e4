import { isClaim } from "./nothing-to-book.ts";
import type { ErpDocument, StorefrontRefund } from "./observation.ts";

/**
 * The newer one of two versions of the same refund. The result does not depend on which version
 * arrives first.
 *
 * The source's change time decides. A platform may settle a payment without a new change time, so
 * at equal times the version with more finished payments wins, then the one that knows more of their
 * states (a permission may be taken away), and after that the greater text. Any
 * fixed order is good, as long as it does not depend on the order of arrival.
 */
export function newestRefund(one: StorefrontRefund, other: StorefrontRefund): StorefrontRefund {
  return firstClaimed(newest(one, other, versionOfRefund), [one, other]);
}

/**
 * The newer version where the order of reading is known: the version that was read later counts,
 * unless its change time is older, or equal with fewer finished payments. A source may change a
 * record twice in one second, or without a new change time; then the version that was read last is
 * right.
 */
export function laterRefund(known: StorefrontRefund, read: StorefrontRefund): StorefrontRefund {
  // The source corrected a time in the future: the version with that time is older than the new
  // one, although its time is later.
  if (isFutureDated(known) && !isFutureDated(read)) return read;
  return firstClaimed(later(known, read, versionOfRefund), [known, read]);
}

/**
 * A claim has the change time of its order, which moves with every change of the order. The first of
 * these times is when the claim was seen.
 */
function firstClaimed(
  refund: StorefrontRefund,
  versions: readonly StorefrontRefund[],
): StorefrontRefund {
  if (!isClaim(refund)) return refund;
  const at = versions
    .filter(isClaim)
    .map(({ processedAt }) => processedAt)
    .toSorted()[0];
  return at === undefined || at >= refund.processedAt
    ? refund
    : { ...refund, createdAt: at, processedAt: at };
}

function isFutureDated({ marks }: StorefrontRefund): boolean {
  return marks.includes("future_dated");
}

function versionOfRefund({ updatedAt, transactions }: StorefrontRefund): readonly string[] {
  const finished = transactions.filter(({ status }) => FINAL.has(status)).length;
  const known = transactions.filter(({ status }) => status !== "unknown").length;
  return [updatedAt, String(finished).padStart(6, "0"), String(known).padStart(6, "0")];
}

const FINAL: ReadonlySet<string> = new Set(["success", "failure"]);

/**
 * As {@link newestRefund}, for a document. At equal change times a version with a payout is newer
 * than one without, a final one is newer than one that will change unless its state is unknown, and
 * after that the version with more known fields wins: if one run had no permission to read a field,
 * it must not delete the known value.
 */
export function newestDocument(one: ErpDocument, other: ErpDocument): ErpDocument {
  return firstMade(newest(one, other, versionOfDocument), [one, other]);
}

/** As {@link laterRefund}. */
export function laterDocument(known: ErpDocument, read: ErpDocument): ErpDocument {
  return firstMade(later(known, read, versionOfDocument), [known, read]);
}

/**
 * Where the ERP does not tell when a document was made, an earlier version shows an earlier time,
 * and that time is kept.
 */
function firstMade(document: ErpDocument, versions: readonly ErpDocument[]): ErpDocument {
  if (document.createdAtIsLatest !== true) return document;
  const [first] = versions.toSorted((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
  if (first === undefined || first.createdAt >= document.createdAt) return document;
  const { createdAtIsLatest: _, ...known } = document;
  return {
    ...known,
    createdAt: first.createdAt,
    ...(first.createdAtIsLatest === true && { createdAtIsLatest: true }),
  };
}

function versionOfDocument(document: ErpDocument): readonly string[] {
  return [
    document.modifiedAt,
    document.state === "deleted" ? "1" : "0",
    `${document.settlement === null ? 0 : 1}${document.final && document.state !== "unknown" ? 1 : 0}`,
    String(factsIn(document)).padStart(6, "0"),
  ];
}

/**
 * The number of facts in a document: its known fields, its known people, its references and its
 * lines.
 */
function factsIn(document: ErpDocument): number {
  const { references, lines, state, createdBy, modifiedBy } = document;
  const known = Object.entries(document).filter(
    ([name, value]) => value !== null && !SAYS_NO_MORE.has(name),
  ).length;
  const people = [createdBy, modifiedBy].filter(({ id }) => id !== null).length;
  return known + people + references.length + (lines?.length ?? 0) + (state === "unknown" ? 0 : 1);
}

/** Present in some states only, so their presence does not mean that more was read. */
const SAYS_NO_MORE: ReadonlySet<string> = new Set(["stateReason", "createdAtIsLatest"]);

function newest<Version>(
  one: Version,
  other: Version,
  versionOf: (version: Version) => readonly string[],
): Version {
  const rank = (version: Version): string =>
    [...versionOf(version), JSON.stringify(version)].join("\n");
  return rank(one) >= rank(other) ? one : other;
}

function later<Version>(
  known: Version,
  read: Version,
  versionOf: (version: Version) => readonly string[],
): Version {
  return versionOf(read).join("\n") >= versionOf(known).join("\n") ? read : known;
}

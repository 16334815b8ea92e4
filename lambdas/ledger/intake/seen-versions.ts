import { createHash } from "node:crypto";

import type { Instant } from "../../refund/time/instant.ts";
import { SEEN_LENGTH } from "../store/source-state.ts";

/**
 * The versions of records in the last window and in this one: a record that comes again unchanged
 * needs no read of the table. A newer version of a record replaces the older one, because a source
 * may go back to the older one. Each version is kept as a short name. Only the newest names are
 * kept; a name that is dropped only costs one read of the table.
 */
export class SeenVersions {
  readonly #known: Set<string>;
  /** Names of this window, with the time of the record's own last change when it is known. */
  readonly #seen = new Map<string, Instant | null>();
  /** The newest name of each record, by the part of the name that is made from the id. */
  readonly #newest: Map<string, string>;

  /** @param isUnfinished whether the window with these names is not finished */
  constructor(names: readonly string[], { isUnfinished }: { readonly isUnfinished: boolean }) {
    this.#known = new Set(names);
    this.#newest = new Map(names.map((name) => [idPart(name), name]));
    if (isUnfinished) for (const name of names) this.#seen.set(name, null);
  }

  /** Whether the last window had this version. */
  has(id: string, version: unknown): boolean {
    return this.#known.has(nameOf(id, version));
  }

  add(id: string, version: unknown, changed: Instant | null): void {
    const name = nameOf(id, version);
    const before = this.#newest.get(idPart(name));
    if (before !== undefined && before !== name) {
      this.#known.delete(before);
      this.#seen.delete(before);
    }
    this.#newest.set(idPart(name), name);
    this.#seen.set(name, changed);
  }

  /** All names so far, for a window that is not finished. */
  all(): string[] {
    return [...new Set([...this.#known, ...this.#seen.keys()])].slice(-MOST_SEEN);
  }

  /** Names of this window that changed since `from`: the next window shows them again. */
  changedSince(from: Instant): string[] {
    const again = [...this.#seen].filter(([, changed]) => changed === null || changed >= from);
    return again.map(([name]) => name).slice(-MOST_SEEN);
  }
}

/**
 * Hash of the id, then hash of the version. Two ids with one hash only cost a read of the table.
 */
function nameOf(id: string, version: unknown): string {
  const rest = SEEN_LENGTH - ID_LENGTH;
  return idPart(hashOf(id)) + hashOf(JSON.stringify(version)).slice(0, rest);
}

function idPart(name: string): string {
  return name.slice(0, ID_LENGTH);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

const ID_LENGTH = 4;
const MOST_SEEN = 800;

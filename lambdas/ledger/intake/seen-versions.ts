import { createHash } from "node:crypto";

import type { Instant } from "../../refund/time/instant.ts";
import { SEEN_LENGTH } from "../store/source-state.ts";

/**
 * The versions of records that the last window and this one held: what comes again as it was needs no
 * look at the table. A newer version of a record takes the older one's place, because a source may
 * go back to that. Each is kept as a short name; of very many the newest are kept, and what is
 * forgotten only costs a look at the table.
 */
export class SeenVersions {
  readonly #known: Set<string>;
  /** Of this window, with the time of the record's own last change where that is known. */
  readonly #seen = new Map<string, Instant | null>();
  /** The newest name of each record, by the part that stands for its id. */
  readonly #newest: Map<string, string>;

  /** @param isUnfinished whether the window that held these names goes on */
  constructor(names: readonly string[], { isUnfinished }: { readonly isUnfinished: boolean }) {
    this.#known = new Set(names);
    this.#newest = new Map(names.map((name) => [idPart(name), name]));
    if (isUnfinished) for (const name of names) this.#seen.set(name, null);
  }

  /** Whether the last window held this version. */
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

  /** What an unfinished window has held so far. */
  all(): string[] {
    return [...new Set([...this.#known, ...this.#seen.keys()])].slice(-MOST_SEEN);
  }

  /** Of this window, what changed since: the next one shows it again. */
  changedSince(from: Instant): string[] {
    const again = [...this.#seen].filter(([, changed]) => changed === null || changed >= from);
    return again.map(([name]) => name).slice(-MOST_SEEN);
  }
}

/** The id's hash, then the version's. Two ids with one hash only cost a look at the table. */
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

import type { Observation } from "../../refund/observation/observation.ts";
import type { SourcePage } from "../../systems/source.ts";

/**
 * The reason that most records of a page share, when it makes half of the page unreadable: then the
 * platform has changed its API, or a person has changed what the API sends. Null for single records.
 */
export function schemaDrift({ fetched, rejected }: DriftedPage): SchemaDrift | null {
  const groups = new Map<string, { count: number; reason: string }>();
  for (const { reason } of rejected) {
    const [first = reason] = reason.split("; ");
    const field = fieldOf(first);
    const group = groups.get(field) ?? { count: 0, reason: first };
    groups.set(field, { ...group, count: group.count + 1 });
  }
  for (const [field, { count, reason }] of groups) {
    if (count >= LEAST && count * 2 >= fetched) return { field, count, reason };
  }
  return null;
}

export type SchemaDrift = {
  /** The field as the reasons name it, with `#` for the numbers in it: `lines.#.amount`. */
  readonly field: string;
  /** How many records of the page cannot be read because of it. */
  readonly count: number;
  /** The reason of the first of them. */
  readonly reason: string;
};

type DriftedPage = Pick<SourcePage<Observation>, "fetched" | "rejected">;

/** A reason is `field: what was wanted`; the numbers in it are ids and places in a list. */
function fieldOf(reason: string): string {
  const [path = reason] = /^(?:[^:]+: )+/.exec(reason) ?? [];
  return path.replace(/: $/, "").replaceAll(/\d+/g, "#");
}

/** Fewer records than this are no pattern. */
const LEAST = 5;

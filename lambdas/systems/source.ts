import type { Instant, Observation } from "../refund/observation.ts";

/**
 * What every pulled system promises, whatever its role.
 *
 * `pull` asks for pages since an instant of the source's own clock and hands back the cursor of the
 * last page it committed. A page is whole or an error: never an empty page for a broken one.
 */
export type SourcePage<Seen extends Observation> = {
  /** The bodies as received, for the archive. They hold no secret and no customer's data. */
  readonly raw: readonly string[];
  readonly observations: readonly Seen[];
  /** Records that could not be read, each with its reason. */
  readonly rejected: readonly RejectedRecord[];
  /** Records left out on purpose, counted by name: `{ test_order: 2 }`. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Ids of records that the source says were deleted, where it tells; of its own clock's window. */
  readonly deleted?: readonly string[];
  /** Opaque text to ask for the next page; null after the last one. */
  readonly next: string | null;
  /** The newest change time in this page by the source's clock; null for a page without records. */
  readonly highWater: Instant | null;
  /** Records fetched, taken or not: observations + rejected + skipped. */
  readonly fetched: number;
  /** The source's own count for the whole window, where its API gives one (first page only). */
  readonly reported: number | null;
};

export type RejectedRecord = {
  /** The record's id where it could be read. */
  readonly id: string | null;
  /** Names the field, what was wanted and what came. */
  readonly reason: string;
  /** The record as received, JSON text. */
  readonly raw: string;
};

export type Window = {
  /** Inclusive. */
  readonly since: Instant;
  /** Inclusive; nothing later than the run's own now is asked for, so that a window is repeatable. */
  readonly until: Instant;
};

/** A storefront or an ERP, as `pull` reads either. */
export type System = {
  since(window: Window, cursor: string | null): Promise<SourcePage<Observation>>;
  byId(ids: readonly string[]): Promise<SourcePage<Observation>>;
};

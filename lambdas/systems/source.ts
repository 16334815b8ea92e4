import type { DocumentReference, Observation } from "../refund/observation/observation.ts";
import type { Instant } from "../refund/time/instant.ts";

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
  /** Records that the source says were deleted, where it tells; of its own clock's window. */
  readonly deleted?: readonly DeletedRecord[];
  /** Records that were read and are told as a part of another, such as the payout of a credit. */
  readonly partOf?: readonly string[];
  /** Of what `byId` was asked for: what the source knows nothing of. */
  readonly notShown?: readonly string[];
  /** What `byId` takes to show the record with `highWater` once more; absent where nothing is. */
  readonly newest?: string;
  /** What the page listed, read whole or known as it is (see `Known`); absent where nothing is. */
  readonly listed?: readonly Listing[];
  /** Opaque text to ask for the next page; null after the last one. */
  readonly next: string | null;
  /** The newest change time in this page by the source's clock; null for a page without records. */
  readonly highWater: Instant | null;
  /** Records fetched, taken or not: observations + rejected + skipped. */
  readonly fetched: number;
  /** The source's own count for the whole window, where its API gives one (first page only). */
  readonly reported: number | null;
  /** Of what `reported` counts, how many came with this page; `fetched` where it is absent. */
  readonly counted?: number;
};

export type DeletedRecord = {
  readonly id: string;
  readonly at: Instant;
  /** The source's own id of the user; null where it does not tell. */
  readonly by: string | null;
};

/** One version of a record as a list shows it: enough to know it again, and no more. */
export type Listing = {
  readonly id: string;
  readonly orderNumber: string;
  readonly orderId: string;
  readonly changedAt: Instant;
  /** The money that moved, in the source's own currency. */
  readonly settled: string;
};

/** Which of these versions are stored already: they need not be read again. */
export type Known = (listings: readonly Listing[]) => Promise<ReadonlySet<Listing>>;

export type RejectedRecord = {
  /** The record's id where it could be read. */
  readonly id: string | null;
  /** What to ask for (`byId`) to read it again; the id where it is absent, nothing where it is null. */
  readonly again?: string | null;
  /** What could be read of a document: it may be the booking of a refund that seems to lack one. */
  readonly mayBe?: {
    readonly references: readonly DocumentReference[];
    readonly currency: string | null;
    readonly total: string | null;
  };
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
  since(window: Window, cursor: string | null, known?: Known): Promise<SourcePage<Observation>>;
  /** @param orders the orders of some of these ids, where they make the question cheaper */
  byId(
    ids: readonly string[],
    orders?: ReadonlyMap<string, string>,
  ): Promise<SourcePage<Observation>>;
  /**
   * Asks who the source is and, where `whole`, what it lets us see; tells it what was so at the
   * first pull. What a platform cannot tell is null.
   */
  meet?(before: Acquaintance | null, whole: boolean): Promise<Acquaintance>;
  /** Fields and records that this source does not have, known at the end of a pull. */
  absent?(): readonly string[];
  /** When it first answered in this run, by its own clock; null where it does not tell. */
  readonly firstAnswerAt?: () => Instant | null;
  /** Whether any of these records, which it showed before, is still to be seen. */
  stillShows?(ids: readonly string[]): Promise<boolean>;
};

export type Acquaintance = {
  /** Which shop or account answers, such as "acme.myshopify.com". */
  readonly identity: string | null;
  /** Fields and records that were absent at the first pull; null before it ended. */
  readonly absent: readonly string[] | null;
  /** Permissions that the product needs and that were not granted. */
  readonly missing: readonly string[];
};

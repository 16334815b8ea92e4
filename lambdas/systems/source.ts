import type { DocumentReference, Observation } from "../refund/observation/observation.ts";
import type { PaymentBack } from "../refund/observation/payments-back.ts";
import type { Instant } from "../refund/time/instant.ts";

/**
 * One page of records, in the same form for every pulled system.
 *
 * `pull` asks for pages since an instant of the source's own clock, and passes the cursor of the
 * last page that it committed. A page is complete or an error: a source never returns an empty page
 * in place of a broken one.
 */
export type SourcePage<Seen extends Observation> = {
  /** The bodies as received, for the archive. They hold no secret and no customer's data. */
  readonly raw: readonly string[];
  readonly observations: readonly Seen[];
  /** Records that could not be read, each with its reason. */
  readonly rejected: readonly RejectedRecord[];
  /** Records left out on purpose, counted by name: `{ test_order: 2 }`. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Records deleted in the window, by the source's clock; absent where it reports no deletions. */
  readonly deleted?: readonly DeletedRecord[];
  /** Records that are reported as a part of another record, such as the payout of a credit. */
  readonly partOf?: readonly string[];
  /** The ids given to `byId` for which the source has nothing. */
  readonly notShown?: readonly string[];
  /** The id with which `byId` reads the record of `highWater` again; absent where there is none. */
  readonly newest?: string;
  /** The versions listed in the page, read now or stored already (see `Known`); absent for none. */
  readonly listed?: readonly Listing[];
  /** Opaque text to ask for the next page; null after the last one. */
  readonly next: string | null;
  /** The newest change time in this page by the source's clock; null for a page without records. */
  readonly highWater: Instant | null;
  /** All records that were fetched: observations + rejected + skipped. */
  readonly fetched: number;
  /** The source's own count for the whole window, where its API gives one (first page only). */
  readonly reported: number | null;
  /** How many of the objects in `reported` came with this page; where absent, `fetched` counts. */
  readonly counted?: number;
};

export type DeletedRecord = {
  readonly id: string;
  readonly at: Instant;
  /** The source's own id of the user; null where the source gives none. */
  readonly by: string | null;
};

/** One version of a record as a list shows it: only the fields needed to recognise it later. */
export type Listing = {
  readonly id: string;
  readonly orderNumber: string;
  readonly orderId: string;
  readonly changedAt: Instant;
  /** The money that moved, in the source's own currency. */
  readonly settled: string;
};

/** Returns the versions that are stored already: they need not be read again. */
export type Known = (listings: readonly Listing[]) => Promise<ReadonlySet<Listing>>;

export type RejectedRecord = {
  /** The record's id where it could be read. */
  readonly id: string | null;
  /** The id for `byId` to read the record again. Absent: `id`. Null: it cannot be read again. */
  readonly again?: string | null;
  /** The readable fields of a document: it may be the booking of a refund that seems unbooked. */
  readonly mayBe?: {
    readonly references: readonly DocumentReference[];
    readonly currency: string | null;
    readonly total: string | null;
  };
  /** Names the field, the expected value and the received value. */
  readonly reason: string;
  /** The record as received, JSON text. */
  readonly raw: string;
};

export type Window = {
  /** Inclusive. */
  readonly since: Instant;
  /** Inclusive, and never later than the run's own now, so that the window can be read again. */
  readonly until: Instant;
};

/** A storefront or an ERP, as `pull` reads it. */
export type System = {
  since(window: Window, cursor: string | null, known?: Known): Promise<SourcePage<Observation>>;
  /** @param orders the orders of some of these ids; with them, the query may cost less */
  byId(
    ids: readonly string[],
    orders?: ReadonlyMap<string, string>,
  ): Promise<SourcePage<Observation>>;
  /**
   * Asks which shop or account the source is and, if `whole`, which permissions are missing.
   * `before` is what the first pull found. A value that a platform cannot give is null.
   */
  identify?(before: SourceIdentity | null, whole: boolean): Promise<SourceIdentity>;
  /**
   * How many days the daily look back reads again; absent: three. A source that cannot list what
   * changed needs more.
   */
  readonly lookBackDays?: number;
  /**
   * A record that was deleted vanishes without a word. The daily look back then asks by id for those
   * that it does not show.
   */
  readonly deletesUnseen?: boolean;
  /** Fields and records that this source does not have, known at the end of a pull. */
  absent?(): readonly string[];
  /** Time of its first answer in this run, by its own clock; null where it sends no time. */
  readonly firstAnswerAt?: () => Instant | null;
  /** What a person wants to know before a brand is deployed; it may need extra queries. */
  examine?(): Promise<Examined>;
  /**
   * The ERP's own fields of some documents in which a connector may write ids, by document and by
   * the field's name; null when the ERP does not show them. Only a person's look at the source needs
   * it; nothing of it is stored.
   */
  ownFields?(
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Readonly<Record<string, string>>> | null>;
  /**
   * The payments that went back to buyers in this window, by the storefront's own list of payments;
   * absent where the platform has no such list, null where this source does not show it.
   */
  paymentsBack?(window: Window): Promise<PaymentsBack | null>;
  /** Whether the source still shows any of these records, which it showed before. */
  stillShows?(ids: readonly string[]): Promise<boolean>;
};

export type PaymentsBack = {
  readonly payments: readonly PaymentBack[];
  /** Rows of the list that could not be read. */
  readonly unreadable: number;
};

export type Examined = {
  /** The scopes that the source granted; null where it does not tell. */
  readonly scopes: readonly string[] | null;
  /** Companies of the ERP that the user may read, by id; null where the source has none. */
  readonly companies: readonly { readonly id: string; readonly name: string | null }[] | null;
  /** Its currency and its time zone; null where it does not tell. */
  readonly currency: string | null;
  readonly timeZone: string | null;
  /** What is left of the source's limit for calls, and the whole; null where it does not tell. */
  readonly budget: { readonly left: number; readonly of: number; readonly unit: string } | null;
};

export type SourceIdentity = {
  /** Which shop or account answers, such as "acme.myshopify.com". */
  readonly identity: string | null;
  /** Fields and records that were absent at the first pull; null before it ended. */
  readonly absent: readonly string[] | null;
  /** Permissions that the product needs and that were not granted. */
  readonly missing: readonly string[];
  /** How many companies the account has; absent where it does not tell, or was not asked. */
  readonly companyCount?: number | null;
};

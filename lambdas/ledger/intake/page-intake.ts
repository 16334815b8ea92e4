import { milliseconds } from "../../brand.ts";
import type { Brand } from "../../brand.ts";
import type { Log } from "../../log.ts";
import type { Observation } from "../../refund/observation/observation.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { Listing, RejectedRecord, SourcePage, System } from "../../systems/source.ts";
import { account, NOTHING_FETCHED } from "./page-counts.ts";
import { askAgain, isFinal } from "../store/ask-again.ts";
import type { AskAgain } from "../store/ask-again.ts";
import { commitPage, idOf } from "./commit-page.ts";
import type { Rules } from "../rules.ts";
import { deletedDocuments } from "./deleted-documents.ts";
import { knownFromLog, knownFromTable, listingKey } from "./known-listings.ts";
import type { KnownVersions } from "./known-listings.ts";
import { readPolicy } from "../policy.ts";
import { newestOfEach } from "./page-observations.ts";
import { payoutsStoredAlone } from "./payouts-stored-alone.ts";
import { againRef } from "../store/quarantine.ts";
import { QuarantineInRun } from "./quarantine-in-run.ts";
import { schemaDrift } from "./schema-drift.ts";
import { SeenVersions } from "./seen-versions.ts";
import type { Stores } from "../ports.ts";
import type { StoredRecord } from "../store/record-item.ts";
import { horizon, readSourceState } from "../store/source-state.ts";
import type { ReadState, Source, SourceState } from "../store/source-state.ts";

export type Reading = {
  readonly ports: Stores;
  readonly system: System;
  readonly brand: Brand;
  readonly source: Source;
  readonly now: Instant;
  /** Name of this run: a retry of the same event may use its own lease again. */
  readonly run: string;
  /** Time left until the run must end. */
  readonly remainingMs: () => number;
  readonly log: Log;
};

/** The window of a page, or "again" for records that were asked for by id. */
type Reason = "underway" | "backlog" | "deep" | "again";

export type PageContext = {
  readonly kind: Reason;
  /** The beginning of the page's window; `now` for records that were asked for by id. */
  readonly since: Instant;
  /** The ids that were asked for. */
  readonly asked?: ReadonlySet<string>;
};

export type PageResult = {
  /** Whether the page had anything that was not in the last window. */
  readonly hasNews: boolean;
  /** Records that could be read but not stored. */
  readonly refused: readonly RejectedRecord[];
};

/**
 * Stores the pages of one run. Known records are left out and the others are committed. Unreadable
 * records go into quarantine, and records that are not final are noted to be asked for again.
 */
export class PageIntake {
  readonly counts = { ...NOTHING_FETCHED, changed: 0, quarantined: 0, foundLate: 0, drifted: 0 };
  readonly #reading: Reading;
  readonly #state: () => SourceState;
  /** The versions in the last window and in this one. */
  readonly seen: SeenVersions;
  readonly quarantine: QuarantineInRun;
  readonly #shown: string[] = [];
  /** Everything that the look back showed in this run. */
  readonly #lookedBack = new Set<string>();
  /** A document created by this time may have been stored by an earlier run. */
  readonly #takenBefore: Instant;
  /** Documents that this run has stored. */
  readonly #taken = new Set<string>();
  /** Collections that `knownOf` read for the next page. */
  readonly #collections = new Map<string, readonly StoredRecord[]>();
  #newest: { readonly at: Instant; readonly ref: string | null } | null = null;
  #other: ReadState | null = null;
  #policy: Rules["policy"] | null = null;
  #versions: KnownVersions | null = null;

  /** @param state the source's state as it is now */
  constructor(reading: Reading, state: () => SourceState) {
    const { seen, underway, backlog, deep, readThrough, unsureLog } = state();
    this.#reading = reading;
    this.#state = state;
    this.seen = new SeenVersions(seen, { isUnfinished: underway !== null });
    this.quarantine = new QuarantineInRun(reading, () => state().quarantined);
    // An unfinished window, or a run that died, may have read further than `readThrough` says.
    const isUnfinished = [underway, backlog, deep].some((window) => window !== null);
    const isUnsure = unsureLog?.until === reading.now;
    this.#takenBefore = isUnfinished || isUnsure ? reading.now : (readThrough ?? "");
  }

  async take(
    page: SourcePage<Observation>,
    { kind, since, asked = NONE }: PageContext,
  ): Promise<PageResult> {
    const { ports, source, log } = this.#reading;
    const rules = await this.#rules();
    const observed = newestOfEach(page.observations, this.#reading.now);
    const unseen =
      kind === "deep"
        ? await this.#notInLog(observed)
        : observed.filter((seen) => !this.seen.has(idOf(seen), seen));
    const rejected = page.rejected.filter(
      (one) => kind === "deep" || !this.seen.has(rejectedId(one), one),
    );
    const deleted = (page.deleted ?? []).filter((one) => !this.seen.has(`deleted ${one.id}`, one));
    const { watchedSince } = this.#state();
    const from = { ...this.#reading, watchedSince };
    const gone = deleted.length === 0 ? [] : await deletedDocuments(from, deleted, rules.policy);
    const payouts = await payoutsStoredAlone(from, await this.#newParts(page, kind));
    const observations = [...unseen, ...gone, ...payouts];
    const fresh = { source, observations, rejected, raw: page.raw, since, watchedSince };
    const { changed, refused, outcomes } = await commitPage(
      ports,
      { ...fresh, collections: this.#collections },
      rules,
      ({ documentId, createdAt, createdAtIsLatest }) =>
        createdAtIsLatest === true || createdAt <= this.#takenBefore || this.#taken.has(documentId),
    );
    for (const seen of observations) if (seen.role === "erp") this.#taken.add(seen.documentId);
    const newNames = await this.#note([...rejected, ...refused], unseen, asked);
    const refusedIds = new Set(refused.map(({ id }) => id));
    await this.quarantine.removeReadable([
      ...page.observations.map(idOf).filter((id) => !refusedIds.has(id)),
      ...(page.partOf ?? []),
      ...(page.deleted ?? []).map(({ id }) => id),
      ...(page.listed ?? []).map(({ orderId }) => `order:${orderId}`),
    ]);
    this.#remember({ ...page, observations: observed }, kind, refusedIds);
    this.#collections.clear();
    const repeated = page.observations.length - observed.length;
    account(this.counts, page, { unseen, repeated, refused, outcomes });
    this.counts.changed += changed;
    this.counts.quarantined += newNames;
    if (kind === "deep") this.counts.foundLate += changed;
    const facts = { source, kind, fetched: page.fetched, changed, quarantined: rejected.length };
    log({ level: "info", code: "PAGE_COMMITTED", sentence: "Page stored.", facts });
    for (const { id, reason } of [...rejected, ...refused]) {
      const sentence = "Record put into quarantine: it cannot be read or stored.";
      log({ level: "warn", code: "QUARANTINED", sentence, facts: { source, id, reason } });
    }
    this.#tellDrift(page);
    return { hasNews: observations.length + rejected.length > 0, refused };
  }

  /** The listings that are stored in the same version: they need not be read again. */
  async knownOf(listings: readonly Listing[], kind: Reason): Promise<ReadonlySet<Listing>> {
    const { ports, brand } = this.#reading;
    const known = new Set(listings.filter((one) => this.seen.has(one.id, listingKey(one))));
    if (kind === "deep") {
      this.#versions ??= await knownFromLog(this.#reading, this.#state().unsureLog);
      for (const one of listings) if (this.#versions.hasListing(one)) known.add(one);
    }
    const rest = listings.filter((one) => !known.has(one));
    const stored = await knownFromTable(ports.table, rest, brand, this.#collections);
    return new Set([...known, ...stored]);
  }

  /** The id with which to read the newest record of the source again; null when it is not known. */
  get newest(): string | null {
    return this.#newest === null ? this.#state().newest : this.#newest.ref;
  }

  /** Documents of the log that a look back to this time did not show. */
  async unshownSince(since: Instant): Promise<readonly string[]> {
    this.#versions ??= await knownFromLog(this.#reading, this.#state().unsureLog);
    return this.#versions.documentsSince(since).filter((id) => !this.#lookedBack.has(id));
  }

  /** A few ids to ask for when the source no longer shows anything. */
  shownLately(): readonly string[] {
    // Those of earlier windows too: the newest ones alone may all be deleted.
    const all = [...this.#state().shown, ...this.#shown];
    return [...new Set(all.toReversed())].slice(0, MOST_SHOWN).toReversed();
  }

  #tellDrift(page: SourcePage<Observation>): void {
    const drift = schemaDrift(page);
    if (drift === null) return;
    const { source, log } = this.#reading;
    const { field, count, reason } = drift;
    this.counts.drifted += count;
    const sentence = `${count} of ${page.fetched} records of one page cannot be read, all because of ${field}: the API of the ${source} has probably changed.`;
    log({
      level: "error",
      code: "SCHEMA_DRIFT",
      sentence,
      facts: { source, field, count, reason },
    });
  }

  /**
   * Notes the records that must be asked for again. The notes are written after the page, because
   * after a crash the page is read again.
   *
   * @param asked ids that this page answers: the caller updates their notes
   * @returns how many records are new in quarantine
   */
  async #note(
    rejected: readonly RejectedRecord[],
    fresh: readonly Observation[],
    asked: ReadonlySet<string>,
  ): Promise<number> {
    const { ports, source, now } = this.#reading;
    const added = await this.quarantine.add(rejected);
    const asks: AskAgain[] = [
      ...rejected.flatMap((one) => {
        const ref = againRef(one);
        return ref === null ? [] : [{ ref, orderId: "", why: "unreadable" as const, since: now }];
      }),
      ...fresh
        .filter((seen) => !isFinal(seen))
        .map((seen) => ({
          ref: idOf(seen),
          orderId: seen.role === "storefront" ? seen.orderId : "",
          why: "not final" as const,
          since: seen.role === "storefront" ? seen.processedAt : seen.createdAt,
        })),
    ];
    // The waiting time counts from the record's own time, but never from a time in the future.
    const unasked = asks.filter(({ ref }) => !asked.has(ref));
    const since = (ask: AskAgain): Instant => (ask.since > now ? now : ask.since);
    await askAgain(
      ports.table,
      source,
      unasked.map((ask) => ({ ...ask, since: since(ask) })),
      now,
    );
    return added;
  }

  /**
   * Parts of other documents (such as payouts) that were not in the last window; in a look back,
   * those that are in the log.
   */
  async #newParts({ partOf = [] }: SourcePage<Observation>, kind: Reason): Promise<string[]> {
    if (kind !== "deep") return partOf.filter((id) => !this.seen.has(`part ${id}`, id));
    this.#versions ??= await knownFromLog(this.#reading, this.#state().unsureLog);
    const versions = this.#versions;
    return partOf.filter((id) => versions.hasDocument(id));
  }

  async #notInLog(observations: readonly Observation[]): Promise<readonly Observation[]> {
    this.#versions ??= await knownFromLog(this.#reading, this.#state().unsureLog);
    const versions = this.#versions;
    return observations.filter((seen) => !versions.has(seen));
  }

  /** A refused record does not count as known: it must be stored when it comes again. */
  #remember(
    page: SourcePage<Observation>,
    kind: Reason,
    refusedIds: ReadonlySet<string | null>,
  ): void {
    const { observations, rejected, listed, deleted, partOf, highWater, newest = null } = page;
    const before = this.#newest?.at ?? this.#state().watermark ?? "";
    if (highWater !== null && highWater >= before && kind !== "again" && kind !== "deep") {
      // A record that is dated in the future is in no window that ends now.
      const isAhead = highWater > this.#reading.now;
      this.#newest = { at: highWater, ref: isAhead ? null : newest };
    }
    const readIds = new Set(observations.map(idOf));
    const rejectedIds = new Set([...refusedIds, ...rejected.map(({ id }) => id)]);
    for (const one of listed ?? []) {
      if (!rejectedIds.has(one.id)) this.seen.add(one.id, listingKey(one), one.changedAt);
    }
    for (const one of observations) {
      if (listed === undefined && !refusedIds.has(idOf(one)))
        this.seen.add(idOf(one), one, changeOf(one));
    }
    for (const one of rejected) this.seen.add(rejectedId(one), one, null);
    for (const one of deleted ?? []) this.seen.add(`deleted ${one.id}`, one, null);
    for (const id of partOf ?? []) this.seen.add(`part ${id}`, id, null);
    this.#shown.push(...readIds);
    if (kind === "deep") {
      for (const id of [...readIds, ...rejectedIds]) if (id !== null) this.#lookedBack.add(id);
    }
  }

  async #rules(): Promise<Rules> {
    const { ports, source, brand, now } = this.#reading;
    const state = this.#state();
    this.#other ??= await readSourceState(ports.table, source === "erp" ? "storefront" : "erp");
    const storefront = source === "storefront" ? state : this.#other;
    const erp = source === "erp" ? state : this.#other;
    this.#policy ??= await readPolicy(ports.table, brand, { storefront, erp });
    return {
      policy: {
        ...this.#policy,
        watchedSince: storefront.watchedSince,
        erpWatchedSince: erp.watchedSince,
      },
      horizon: horizon([state, this.#other], now),
      now,
      retentionMs: milliseconds(brand.retention.matched),
    };
  }
}

function rejectedId({ id, raw }: RejectedRecord): string {
  return id ?? raw;
}

function changeOf(seen: Observation): Instant {
  return seen.role === "erp" ? seen.modifiedAt : seen.updatedAt;
}

const MOST_SHOWN = 10;
const NONE: ReadonlySet<string> = new Set();

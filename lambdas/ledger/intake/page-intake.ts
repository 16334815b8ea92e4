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
import { payoutsToldAlone } from "./payouts-told-alone.ts";
import { againRef } from "../store/quarantine.ts";
import { QuarantineInRun } from "./quarantine-in-run.ts";
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
  /** Names this run: a retry of the same event may take its own lease up again. */
  readonly run: string;
  /** Until the run must have ended. */
  readonly remainingMs: () => number;
  readonly log: Log;
};

/** The window that a page belongs to, or that it was asked for again. */
type Reason = "underway" | "backlog" | "deep" | "again";

export type Taking = {
  readonly kind: Reason;
  /** The beginning of the page's window; now for what was asked for by id. */
  readonly since: Instant;
  /** What was asked for by id. */
  readonly asked?: ReadonlySet<string>;
};

export type Taken = {
  /** Whether the page held anything that was not known from the last window. */
  readonly brought: boolean;
  /** What could be read and the store could not hold. */
  readonly refused: readonly RejectedRecord[];
};

/**
 * Takes the pages of one run in: what is known is left out, the rest is committed, what cannot be
 * read goes into quarantine and what is not final is noted to be asked for again.
 */
export class PageIntake {
  readonly counts = { ...NOTHING_FETCHED, changed: 0, quarantined: 0, foundLate: 0 };
  readonly #reading: Reading;
  readonly #state: () => SourceState;
  /** What the last window and this one held. */
  readonly seen: SeenVersions;
  readonly quarantine: QuarantineInRun;
  readonly #shown: string[] = [];
  /** What was created by then an earlier run may have taken in. */
  readonly #takenBefore: Instant;
  /** Documents that this run has taken in. */
  readonly #taken = new Set<string>();
  /** Collections that `knownOf` read for the page that comes next. */
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
    // A window that was not finished, or a run that died, may have reached further than is said.
    const isUnfinished = [underway, backlog, deep].some((window) => window !== null);
    const isUnsure = unsureLog?.until === reading.now;
    this.#takenBefore = isUnfinished || isUnsure ? reading.now : (readThrough ?? "");
  }

  async take(page: SourcePage<Observation>, { kind, since, asked = NONE }: Taking): Promise<Taken> {
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
    const payouts = await payoutsToldAlone(from, await this.#newParts(page, kind));
    const observations = [...unseen, ...gone, ...payouts];
    const fresh = { source, observations, rejected, raw: page.raw, since, watchedSince };
    const { changed, refused, fates } = await commitPage(
      ports,
      { ...fresh, collections: this.#collections },
      rules,
      ({ documentId, createdAt }) => createdAt <= this.#takenBefore || this.#taken.has(documentId),
    );
    for (const seen of observations) if (seen.role === "erp") this.#taken.add(seen.documentId);
    const newNames = await this.#note([...rejected, ...refused], unseen, asked);
    const refusedIds = new Set(refused.map(({ id }) => id));
    await this.quarantine.letOut([
      ...page.observations.map(idOf).filter((id) => !refusedIds.has(id)),
      ...(page.partOf ?? []),
      ...(page.deleted ?? []).map(({ id }) => id),
      ...(page.listed ?? []).map(({ orderId }) => `order:${orderId}`),
    ]);
    this.#remember({ ...page, observations: observed }, kind, refusedIds);
    this.#collections.clear();
    const repeated = page.observations.length - observed.length;
    account(this.counts, page, { unseen, repeated, refused, fates });
    this.counts.changed += changed;
    this.counts.quarantined += newNames;
    if (kind === "deep") this.counts.foundLate += changed;
    const facts = { source, kind, fetched: page.fetched, changed, quarantined: rejected.length };
    log({ level: "info", code: "PAGE_COMMITTED", sentence: "A page was taken in.", facts });
    for (const { id, reason } of [...rejected, ...refused]) {
      const sentence = "A record could not be read and is in quarantine.";
      log({ level: "warn", code: "QUARANTINED", sentence, facts: { source, id, reason } });
    }
    return { brought: observations.length + rejected.length > 0, refused };
  }

  /** Which of these listings are stored as they are shown: they need not be read again. */
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

  /** What to ask for to see the newest record of the source again; null where that is not known. */
  get newest(): string | null {
    return this.#newest === null ? this.#state().newest : this.#newest.ref;
  }

  /** A few ids to ask for when the source shows nothing any more. */
  shownLately(): readonly string[] {
    return this.#shown.length > 0 ? this.#shown.slice(-MOST_SHOWN) : this.#state().shown;
  }

  /**
   * What must be asked for again, written after the page: the page comes again after a crash.
   *
   * @param asked what this page answers: whoever asked puts it forward
   * @returns how many records have come into quarantine
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
    // From now on where the record itself is older: the question is due by when it was first seen.
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

  /** Parts of other documents that the last window did not hold; in a look back, that the log knows. */
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

  /** What was refused is not known: it must be taken in when it is met again. */
  #remember(
    page: SourcePage<Observation>,
    kind: Reason,
    refusedIds: ReadonlySet<string | null>,
  ): void {
    const { observations, rejected, listed, deleted, partOf, highWater, newest = null } = page;
    const before = this.#newest?.at ?? this.#state().watermark ?? "";
    if (highWater !== null && highWater >= before && kind !== "again" && kind !== "deep") {
      // What is dated in the future lies in no window that ends now.
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

const MOST_SHOWN = 3;
const NONE: ReadonlySet<string> = new Set();

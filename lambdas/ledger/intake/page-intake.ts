import { createHash } from "node:crypto";

import { milliseconds } from "../../brand.ts";
import type { Brand } from "../../brand.ts";
import type { Log } from "../../log.ts";
import { after } from "../../refund/instant-ms.ts";
import { laterDocument, laterRefund } from "../../refund/newest.ts";
import type { Instant, Observation } from "../../refund/observation.ts";
import type { Listing, RejectedRecord, SourcePage, System } from "../../systems/source.ts";
import { account, NOTHING_FETCHED } from "./accounts.ts";
import { allAsks, askAgain, isFinal } from "./ask-again.ts";
import type { AskAgain } from "./ask-again.ts";
import { commitPage, idOf } from "./commit-page.ts";
import type { Rules } from "./commit-page.ts";
import { deletedDocuments, payoutsToldAlone } from "./deleted-documents.ts";
import { knownFromLog, knownFromTable, listingKey } from "./known-listings.ts";
import type { KnownVersions } from "./known-listings.ts";
import { readPolicy } from "../policy.ts";
import { againRef, isNameless, quarantineName, readQuarantine, release } from "./quarantine.ts";
import type { Quarantined } from "./quarantine.ts";
import type { Stores } from "../ports.ts";
import type { StoredRecord } from "../record-item.ts";
import { horizon, readSourceState, SEEN_LENGTH } from "./source-state.ts";
import type { ReadState, Source, SourceState, Stretch } from "./source-state.ts";

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
  /** Names of what the last window held. */
  readonly #known: Set<string>;
  /** What this window held, by name, with the time of its own last change where that is known. */
  readonly #seen = new Map<string, Instant | null>();
  /** The name of each record's newest version, by the part that stands for its id. */
  readonly #nameOfId: Map<string, string>;
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
  #inQuarantine: Set<string> | null = null;

  /** @param state the source's state as it is now */
  constructor(reading: Reading, state: () => SourceState) {
    const { seen, underway, backlog, deep, readThrough, unsureLog } = state();
    this.#reading = reading;
    this.#state = state;
    this.#known = new Set(seen);
    this.#nameOfId = new Map(seen.map((name) => [name.slice(0, ID_LENGTH), name]));
    // A window that was not finished, or a run that died, may have reached further than is said.
    const isUnfinished = [underway, backlog, deep].some((window) => window !== null);
    const isUnsure = unsureLog?.until === reading.now;
    this.#takenBefore = isUnfinished || isUnsure ? reading.now : (readThrough ?? "");
    if (underway !== null) for (const hash of seen) this.#seen.set(hash, null);
  }

  async take(page: SourcePage<Observation>, { kind, since, asked = NONE }: Taking): Promise<Taken> {
    const { ports, source, log } = this.#reading;
    const rules = await this.#rules();
    const dated = newestOfEach(page.observations.map((seen) => this.#dated(seen)));
    const unseen =
      kind === "deep"
        ? await this.#notInLog(dated)
        : dated.filter((seen) => !this.#known.has(nameOf(idOf(seen), seen)));
    const rejected = page.rejected.filter(
      (one) => kind === "deep" || !this.#known.has(nameOf(rejectedId(one), one)),
    );
    const deleted = (page.deleted ?? []).filter(
      (one) => !this.#known.has(nameOf(`deleted ${one.id}`, one)),
    );
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
    await this.letOut([
      ...page.observations.map(idOf).filter((id) => !refusedIds.has(id)),
      ...(page.partOf ?? []),
      ...(page.deleted ?? []).map(({ id }) => id),
      ...(page.listed ?? []).map(({ orderId }) => `order:${orderId}`),
    ]);
    this.#remember(page, kind, refusedIds);
    this.#collections.clear();
    const repeated = page.observations.length - dated.length;
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
    const known = new Set(
      listings.filter((one) => this.#known.has(nameOf(one.id, listingKey(one)))),
    );
    if (kind === "deep") {
      this.#versions ??= await knownFromLog(this.#reading, this.#state().unsureLog);
      for (const one of listings) if (this.#versions.hasListing(one)) known.add(one);
    }
    const rest = listings.filter((one) => !known.has(one));
    const stored = await knownFromTable(ports.table, rest, brand, this.#collections);
    return new Set([...known, ...stored]);
  }

  /** What can be read now leaves quarantine. */
  async letOut(readable: readonly string[]): Promise<void> {
    if (readable.length === 0) return;
    const { ports, source } = this.#reading;
    const names = await this.#namesInQuarantine();
    for (const name of readable) {
      if (names.delete(name)) await release(ports.table, source, name);
    }
  }

  /**
   * A record that its id does not find leaves by not being there any more: the look back has read
   * its window again and did not meet it. Nobody asks for it any more: if it comes again, a window or
   * a look back meets it.
   */
  async releaseUnseen({ since, startedAt }: Stretch): Promise<void> {
    const { ports, source, log } = this.#reading;
    const names = await this.#namesInQuarantine();
    const asks = await allAsks(ports.table, source);
    for (const { name, seenAt, from } of await this.#notFoundById()) {
      if (seenAt >= startedAt || from < since || !names.delete(name)) continue;
      await release(ports.table, source, name);
      for (const { ref, key } of asks) if (ref === name) await ports.table.remove(key);
      const sentence = "A record left quarantine: the source does not show it any more.";
      log({ level: "warn", code: "NO_LONGER_SHOWN", sentence, facts: { source, name } });
    }
  }

  /** From when on the look back must read, to meet every record that its id does not find. */
  async notFoundSince(): Promise<Instant | null> {
    const from = (await this.#notFoundById()).map((entry) => entry.from);
    return from.toSorted()[0] ?? null;
  }

  /** What is in quarantine without an id to ask for, or was asked for and not shown. */
  async #notFoundById(): Promise<readonly Quarantined[]> {
    const { ports, source } = this.#reading;
    if ((await this.#namesInQuarantine()).size === 0) return [];
    const asks = await allAsks(ports.table, source);
    const notShown = new Set(asks.flatMap(({ ref, why }) => (why === "not shown" ? [ref] : [])));
    return (await readQuarantine(ports.table)).filter(
      (entry) => entry.source === source && (isNameless(entry.name) || notShown.has(entry.name)),
    );
  }

  /** How many records of the source are in quarantine. */
  get quarantined(): number {
    return this.#inQuarantine?.size ?? this.#state().quarantined;
  }

  /** What an unfinished window has held so far. */
  remembered(): string[] {
    return [...new Set([...this.#known, ...this.#seen.keys()])].slice(-MOST_SEEN);
  }

  /** Of what this window held, what the next one will show again: the rest would only be carried. */
  seenAgain(watermark: Instant): string[] {
    const from = after(
      watermark,
      -(milliseconds(this.#reading.brand.pull.overlap) + SOURCE_LOOK_BACK_MS),
    );
    const again = [...this.#seen].filter(([, changed]) => changed === null || changed >= from);
    return again.map(([hash]) => hash).slice(-MOST_SEEN);
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
    const names = await this.#namesInQuarantine();
    const before = names.size;
    for (const one of rejected) names.add(quarantineName(one));
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
    return names.size - before;
  }

  /**
   * Names of this source's records in quarantine, read once a run: a count that an earlier run left
   * behind may be of before it died.
   */
  async #namesInQuarantine(): Promise<Set<string>> {
    if (this.#inQuarantine === null) {
      const { ports, source, now } = this.#reading;
      const entries = await readQuarantine(ports.table);
      // Those of this very run are there already: they were written with their page.
      const own = entries.filter((entry) => entry.source === source && entry.since < now);
      this.#inQuarantine = new Set(own.map(({ name }) => name));
    }
    return this.#inQuarantine;
  }

  /**
   * A change time in the future is the source's clock or its mistake. Kept as it is, no true change
   * could ever follow it: it counts as changed now, and a refund is marked.
   */
  #dated(seen: Observation): Observation {
    const { now } = this.#reading;
    const limit = after(now, FUTURE_MS);
    if (seen.role === "erp") {
      const { createdAt, modifiedAt } = seen;
      if (modifiedAt <= limit && createdAt <= limit) return seen;
      return {
        ...seen,
        createdAt: createdAt > limit ? now : createdAt,
        modifiedAt: modifiedAt > limit ? now : modifiedAt,
      };
    }
    const { updatedAt, processedAt, createdAt, settledAt } = seen;
    if ([updatedAt, processedAt, createdAt, settledAt ?? ""].every((at) => at <= limit))
      return seen;
    return {
      ...seen,
      updatedAt: updatedAt > limit ? now : updatedAt,
      marks: [...new Set([...seen.marks, "future_dated" as const])],
    };
  }

  /** Parts of other documents that the last window did not hold; in a look back, that the log knows. */
  async #newParts({ partOf = [] }: SourcePage<Observation>, kind: Reason): Promise<string[]> {
    if (kind !== "deep") return partOf.filter((id) => !this.#known.has(nameOf(`part ${id}`, id)));
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
      if (!rejectedIds.has(one.id)) this.#see(one.id, listingKey(one), one.changedAt);
    }
    for (const one of observations) {
      if (listed === undefined && !refusedIds.has(idOf(one)))
        this.#see(idOf(one), this.#dated(one), changeOf(one));
    }
    for (const one of rejected) this.#see(rejectedId(one), one, null);
    for (const one of deleted ?? []) this.#see(`deleted ${one.id}`, one, null);
    for (const id of partOf ?? []) this.#see(`part ${id}`, id, null);
    this.#shown.push(...readIds);
  }

  /** A newer version of a record takes the older one's place: the source may go back to that. */
  #see(id: string, value: unknown, changed: Instant | null): void {
    const name = nameOf(id, value);
    const before = this.#nameOfId.get(name.slice(0, ID_LENGTH));
    if (before !== undefined && before !== name) {
      this.#known.delete(before);
      this.#seen.delete(before);
    }
    this.#nameOfId.set(name.slice(0, ID_LENGTH), name);
    this.#seen.set(name, changed);
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

/** One version of each record, where a page has several: the one that it tells last. */
function newestOfEach(observations: readonly Observation[]): readonly Observation[] {
  const byId = new Map<string, Observation>();
  for (const seen of observations) {
    const known = byId.get(idOf(seen));
    byId.set(idOf(seen), known === undefined ? seen : laterOf(known, seen));
  }
  return byId.size === observations.length ? observations : [...byId.values()];
}

function laterOf(known: Observation, seen: Observation): Observation {
  if (known.role === "erp" && seen.role === "erp") return laterDocument(known, seen);
  if (known.role === "storefront" && seen.role === "storefront") return laterRefund(known, seen);
  return seen;
}

function changeOf(seen: Observation): Instant {
  return seen.role === "erp" ? seen.modifiedAt : seen.updatedAt;
}

/** The id's hash, then the version's. Two ids with one hash only cost a look at the table. */
function nameOf(id: string, version: unknown): string {
  const rest = SEEN_LENGTH - ID_LENGTH;
  return hashOf(id).slice(0, ID_LENGTH) + hashOf(JSON.stringify(version)).slice(0, rest);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

const ID_LENGTH = 4;
const MOST_SEEN = 800;
const MOST_SHOWN = 3;
/** Clocks differ by minutes; what is further ahead is dated wrongly. */
const FUTURE_MS = 3_600_000;
/** What a source reads again of its own accord, for its clock's repeated hour. */
const SOURCE_LOOK_BACK_MS = 2 * 3_600_000;
const NONE: ReadonlySet<string> = new Set();

import { createHash } from "node:crypto";

import { milliseconds } from "../brand.ts";
import type { Brand } from "../brand.ts";
import type { Log } from "../log.ts";
import type { Instant, Observation } from "../refund/observation.ts";
import type { Listing, RejectedRecord, SourcePage, System } from "../systems/source.ts";
import { askAgain, asksDue, isFinal, putForward } from "./ask-again.ts";
import type { AskAgain, DueAsk } from "./ask-again.ts";
import { commitPage, idOf } from "./commit-page.ts";
import type { Rules } from "./commit-page.ts";
import { deletedDocuments } from "./deleted-documents.ts";
import { knownFromLog, knownFromTable, listingKey } from "./known-listings.ts";
import type { KnownVersions } from "./known-listings.ts";
import { readPolicy } from "./policy.ts";
import type { Stores } from "./ports.ts";
import { againRef, quarantineName, readQuarantine, release } from "./quarantine.ts";
import type { StoredRecord } from "./record-item.ts";
import { SEEN_LENGTH, horizon, readSourceState, saveSourceState } from "./source-state.ts";
import type { Source, SourceState, Stretch } from "./source-state.ts";

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

/** The windows of a source, as its state names them. */
type Kind = "underway" | "backlog" | "deep";

/**
 * Reads windows of one source and keeps its state in step: each page is committed before the cursor
 * is saved, and the watermark moves only after the last page, and never past the window.
 *
 * After a long silence the newest hours are read first and the rest as a second window, so that
 * what happens today does not wait for a week's backlog. Once a day the last three days are read
 * anew: what the source showed late is found there.
 */
export class WindowReader {
  /** True when time ran out: what is saved is where the next run goes on. */
  stopped = false;
  readonly counts = { fetched: 0, changed: 0, quarantined: 0, foundLate: 0 };
  readonly #reading: Reading;
  readonly #known: ReadonlySet<string>;
  /** What this window held, by hash, with the time of its own last change where that is known. */
  readonly #seen = new Map<string, Instant | null>();
  readonly #shown: string[] = [];
  /** Through which instant the source was read when this run began. */
  readonly #readBefore: Instant | null;
  #state: SourceState;
  #other: SourceState | null = null;
  #versions: KnownVersions | null = null;
  #inQuarantine: Set<string> | null = null;
  #isDoubted = false;

  constructor(reading: Reading, state: SourceState) {
    this.#reading = reading;
    this.#state = state;
    this.#known = new Set(state.seen);
    this.#readBefore = state.readThrough;
    if (state.underway !== null) for (const hash of state.seen) this.#seen.set(hash, null);
  }

  get state(): SourceState {
    return this.#state;
  }

  /** The newest window first, then what must be asked for again, the backlog, and the look back. */
  async read(): Promise<void> {
    const { now } = this.#reading;
    const resumed = this.#state.underway;
    const isOld = resumed !== null && resumed.until < plus(now, -BACKLOG_MS);
    if (isOld) this.#setBack(resumed);
    // Whatever the time: a run that reads no page at all would never get on.
    else if (resumed !== null) await this.#window("underway", resumed);
    const isRetry = this.#state.readThrough === now && this.#state.backlog !== null;
    const isRead = isRetry || (resumed !== null && !isOld && resumed.until === now);
    const isFirst = resumed === null || isOld;
    if (!isRead && (isFirst || this.#mayGoOn())) await this.#window("underway", this.#next());
    if (this.#mayGoOn()) await this.#askAgain();
    const { backlog } = this.#state;
    if (this.#mayGoOn() && backlog !== null) await this.#window("backlog", backlog);
    if (this.#mayGoOn() && this.#state.backlog === null) await this.#lookBack();
  }

  #mayGoOn(): boolean {
    this.stopped ||= this.#reading.remainingMs() <= 0;
    return !this.stopped && !this.#isDoubted;
  }

  /**
   * A window that nobody finished for an hour is a backlog, and the next one begins at its end. With
   * a backlog there already, the next one begins where this one has got to.
   */
  #setBack(old: Stretch): void {
    const { backlog, watermark } = this.#state;
    const reached = latest(old.since, old.highWater);
    this.#state = {
      ...this.#state,
      underway: null,
      backlog: backlog ?? old,
      watermark: backlog === null ? latest(watermark, old.until) : reached,
    };
  }

  /** From the source's own newest change time, less the overlap: never from our clock. */
  #next(): Stretch {
    const { now, brand } = this.#reading;
    const { watermark, backlog, readThrough } = this.#state;
    const since =
      watermark === null
        ? plus(now, -milliseconds(brand.pull.lookBack))
        : plus(watermark, -this.#overlapMs());
    const recent = plus(now, -RECENT_MS);
    const isUnread = readThrough === null || readThrough < plus(now, -LONG_MS);
    const isLong = backlog === null && isUnread && since < recent;
    this.#state = {
      ...this.#state,
      watchedSince: this.#state.watchedSince ?? since,
      ...(isLong && { backlog: newStretch(since, recent, now) }),
    };
    return newStretch(isLong ? plus(recent, -this.#overlapMs()) : since, now, now);
  }

  async #window(kind: Kind, from: Stretch): Promise<void> {
    let stretch = from;
    let isResumed = from.cursor !== null;
    for (;;) {
      const page = await this.#page(stretch, kind, isResumed);
      isResumed = false;
      if (page === null) {
        stretch = { ...stretch, cursor: null, counted: 0, reported: null };
        continue;
      }
      if (page.next !== null && page.next === stretch.cursor)
        throw new CursorStuck(this.#reading.source, page.next);
      const brought = await this.#commit(page, kind);
      stretch = {
        ...stretch,
        cursor: page.next,
        highWater: latest(stretch.highWater, earliest(page.highWater, stretch.until)),
        counted: stretch.counted + (page.counted ?? page.fetched),
        reported: stretch.reported ?? page.reported,
      };
      if (page.next === null) break;
      if (brought || this.stopped || kind !== "underway") {
        await this.#save({ [kind]: stretch, seen: this.#remembered(), lease: this.#lease() });
      }
      if (this.stopped) return;
    }
    await this.#finish(kind, stretch);
  }

  /** Null when the source no longer takes the saved cursor: the window begins again. */
  async #page(
    stretch: Stretch,
    kind: Kind,
    isResumed: boolean,
  ): Promise<SourcePage<Observation> | null> {
    const { system, source, log } = this.#reading;
    const { since, until, cursor } = stretch;
    const window = { since, until: kind === "deep" ? FAR_FUTURE : until };
    try {
      return await system.since(window, cursor, async (listings) => this.#knownOf(listings, kind));
    } catch (error) {
      // A cursor that was given moments ago is not stale: then the source itself fails.
      if (!isResumed) throw error;
      const reason = error instanceof Error ? error.name : "unknown";
      const sentence =
        "The source refused the saved cursor: the window is read from its beginning.";
      log({ level: "warn", code: "CURSOR_REFUSED", sentence, facts: { source, reason } });
      return null;
    }
  }

  async #finish(kind: Kind, stretch: Stretch): Promise<void> {
    const { source, log } = this.#reading;
    const { since, until, counted, reported } = stretch;
    const trouble = kind === "deep" ? null : await this.#doubt(stretch, kind);
    if (trouble !== null) {
      log({ level: "error", code: "WINDOW_DOUBTED", sentence: trouble, facts: { source, until } });
      // Nothing moves but the word of it: the window is read again from its beginning.
      this.#isDoubted = true;
      if (this.#state.trouble !== trouble)
        await this.#save({ trouble, underway: null, lease: null });
      return;
    }
    if (kind === "underway") await this.#finishNewest(stretch);
    if (kind === "backlog") {
      const watermark = latest(this.#state.watermark, earliest(stretch.highWater, until));
      await this.#save({
        backlog: null,
        watermark,
        seen: this.#seenAgain(watermark ?? until),
        shown: this.#shownLately(),
        quarantined: this.#quarantined(),
        completeThrough: this.#state.readThrough ?? until,
        taken: this.#state.taken + counted,
        reported: sumOf(this.#state.reported, reported),
        lease: null,
      });
    }
    if (kind === "deep") {
      await this.#releaseUnseen(stretch);
      await this.#save({ deep: null, quarantined: this.#quarantined(), lease: null });
    }
    const facts = { source, kind, since, until, counted, reported };
    log({ level: "info", code: "WINDOW_COMPLETE", sentence: "A window was read whole.", facts });
  }

  async #finishNewest({ until, highWater, counted, reported }: Stretch): Promise<void> {
    const { readThrough, backlog, completeThrough, trouble } = this.#state;
    const isRepeat = readThrough === until && this.counts.changed === 0 && trouble === null;
    if (isRepeat) return;
    const watermark = latest(this.#state.watermark, earliest(highWater, until));
    await this.#save({
      watermark,
      readThrough: until,
      completeThrough: backlog === null ? until : completeThrough,
      underway: null,
      lease: null,
      trouble: null,
      absent: this.#state.absent ?? this.#reading.system.absent?.() ?? [],
      shown: this.#shownLately(),
      quarantined: this.#quarantined(),
      seen: this.#seenAgain(watermark ?? until),
      taken: counted,
      reported,
    });
  }

  /** Why this window cannot be believed; null when it can. */
  async #doubt(stretch: Stretch, kind: Kind): Promise<string | null> {
    const { system, source } = this.#reading;
    const { counted, reported, since, until } = stretch;
    if (reported !== null && counted < reported) {
      // What was edited meanwhile has left the window: the source is asked for its count anew.
      const { reported: again } = await system.since(
        { since, until },
        null,
        async (all) => new Set(all),
      );
      if (again !== null && counted < again) {
        return `The ${source} says that ${again} records changed in this window, and showed ${counted}: the window stays open.`;
      }
    }
    const { shown } = this.#state;
    if (kind !== "underway" || counted > 0 || shown.length === 0) return null;
    if (system.stillShows === undefined || (await system.stillShows(shown))) return null;
    return `The ${source} shows nothing at all, not even records that it showed before: a permission may be lost, or a filter broken.`;
  }

  /** What was not final or could not be read, once it is due: each until it is read and final. */
  async #askAgain(): Promise<void> {
    const { ports, source, now, system } = this.#reading;
    while (this.#mayGoOn()) {
      const due = await asksDue(ports.table, source, now, ASKED_AT_ONCE);
      if (due.length === 0) return;
      const refs = [...new Set(due.map(({ ref }) => ref))];
      const orders = new Map(
        due.flatMap(({ ref, orderId }) => (orderId === "" ? [] : [[ref, orderId]])),
      );
      const page = await system.byId(refs, orders);
      await this.#commit(page, "again");
      for (const ask of due) await this.#answered(ask, page);
      if (this.#state.quarantined !== this.#quarantined()) {
        await this.#save({ quarantined: this.#quarantined() });
      }
    }
  }

  async #answered(ask: DueAsk, page: SourcePage<Observation>): Promise<void> {
    const { ports, source, now } = this.#reading;
    const seen = page.observations.find((one) => idOf(one) === ask.ref);
    const isUnread = page.rejected.some((one) => againRef(one) === ask.ref);
    const isDeleted = page.deleted?.some(({ id }) => id === ask.ref) === true;
    const isOrder = ask.ref.startsWith("order:") && !isUnread;
    if (isOrder) await this.#letOut([ask.ref]);
    if (isOrder || isDeleted || (seen !== undefined && isFinal(seen))) {
      await ports.table.remove(ask.key);
      return;
    }
    const why = seen === undefined && !isUnread ? "not shown" : ask.why;
    await putForward(ports.table, source, { ...ask, why }, now);
  }

  /** Once a day, the last three days anew: unchanged costs no write, and what is new came late. */
  async #lookBack(): Promise<void> {
    const { now } = this.#reading;
    const { deep, deepAt, watchedSince } = this.#state;
    if (deep !== null) return this.#window("deep", deep);
    if (deepAt === null) {
      // The first pull has just read these days.
      return this.#save({ deepAt: now });
    }
    if (now < plus(deepAt, DAY_MS)) return;
    const from = plus(now, -LOOK_BACK_MS);
    const since = watchedSince !== null && watchedSince > from ? watchedSince : from;
    const begun = newStretch(since, now, now);
    await this.#save({ deep: begun, deepAt: now });
    await this.#window("deep", begun);
  }

  /** @returns whether the page brought anything that was not known from the last window */
  async #commit(page: SourcePage<Observation>, kind: Kind | "again"): Promise<boolean> {
    const { ports, source, log, remainingMs } = this.#reading;
    const rules = await this.#rules();
    const isKnown = (value: unknown): boolean => this.#known.has(hashOf(value));
    const dated = page.observations.map((seen) => this.#dated(seen));
    const unseen =
      kind === "deep" ? await this.#notInLog(dated) : dated.filter((seen) => !isKnown(seen));
    const rejected = page.rejected.filter((one) => kind === "deep" || !isKnown(one));
    const deleted = (page.deleted ?? []).filter((one) => !isKnown(one));
    const gone =
      deleted.length === 0
        ? []
        : await deletedDocuments(
            { ...this.#reading, watchedSince: this.#state.watchedSince },
            deleted,
            rules.policy,
          );
    const observations = [...unseen, ...gone];
    const fresh = { source, observations, rejected, raw: page.raw, collections: this.#collections };
    const { changed, refused } = await commitPage(ports, fresh, rules, this.#readBefore);
    // What was asked for again is put forward by whoever asked.
    const newNames =
      kind === "again"
        ? await this.#note(refused, [], rules.now)
        : await this.#note([...rejected, ...refused], unseen, rules.now);
    await this.#letOut([
      ...page.observations.map(idOf),
      ...(page.listed ?? []).map(({ orderId }) => `order:${orderId}`),
    ]);
    this.#remember(page);
    this.#collections.clear();
    this.counts.fetched += page.fetched;
    this.counts.changed += changed;
    this.counts.quarantined += newNames;
    if (kind === "deep") this.counts.foundLate += changed;
    this.stopped = remainingMs() <= 0;

    const facts = { source, kind, fetched: page.fetched, changed, quarantined: rejected.length };
    log({ level: "info", code: "PAGE_COMMITTED", sentence: "A page was taken in.", facts });
    for (const { id, reason } of [...rejected, ...refused]) {
      const sentence = "A record could not be read and is in quarantine.";
      log({ level: "warn", code: "QUARANTINED", sentence, facts: { source, id, reason } });
    }
    return observations.length + rejected.length > 0;
  }

  /**
   * What must be asked for again, written after the page: the page comes again after a crash.
   *
   * @returns how many records have come into quarantine
   */
  async #note(
    rejected: readonly RejectedRecord[],
    fresh: readonly Observation[],
    now: Instant,
  ): Promise<number> {
    const { ports, source } = this.#reading;
    const names = await this.#namesInQuarantine(rejected.length > 0);
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
    await askAgain(
      ports.table,
      source,
      asks.map((ask) => ({ ...ask, since: ask.since > now ? now : ask.since })),
      now,
    );
    return names.size - before;
  }

  /** What can be read now leaves quarantine. */
  async #letOut(readable: readonly string[]): Promise<void> {
    const { ports, source } = this.#reading;
    const names = await this.#namesInQuarantine(false);
    for (const name of readable) {
      if (names.delete(name)) await release(ports.table, source, name);
    }
  }

  /**
   * A record without an id leaves by not being there any more: the look back has read the days
   * again and did not meet it.
   */
  async #releaseUnseen({ since, startedAt }: Stretch): Promise<void> {
    const { ports, source } = this.#reading;
    const names = await this.#namesInQuarantine(false);
    if (names.size === 0) return;
    for (const entry of await readQuarantine(ports.table)) {
      const isNameless = /^(?:unnamed|odd)-/.test(entry.name);
      if (entry.source !== source || !isNameless) continue;
      if (entry.seenAt < startedAt && entry.since >= since && names.delete(entry.name)) {
        await release(ports.table, source, entry.name);
      }
    }
  }

  /** Names of this source's records in quarantine, read once a run and only when there are any. */
  async #namesInQuarantine(isNeeded: boolean): Promise<Set<string>> {
    if (this.#inQuarantine === null && (isNeeded || this.#state.quarantined > 0)) {
      const { ports, source, now } = this.#reading;
      const entries = await readQuarantine(ports.table);
      // Those of this very run are there already: they were written with their page.
      const own = entries.filter((entry) => entry.source === source && entry.since < now);
      this.#inQuarantine = new Set(own.map(({ name }) => name));
    }
    return this.#inQuarantine ?? new Set();
  }

  #quarantined(): number {
    return this.#inQuarantine?.size ?? this.#state.quarantined;
  }

  /** A change time in the future is the source's clock or its mistake: it is marked as that. */
  #dated(seen: Observation): Observation {
    const limit = plus(this.#reading.now, FUTURE_MS);
    if (seen.role === "erp" || seen.updatedAt <= limit) return seen;
    return seen.marks.includes("future_dated")
      ? seen
      : { ...seen, marks: [...seen.marks, "future_dated"] };
  }

  readonly #collections = new Map<string, readonly StoredRecord[]>();

  async #knownOf(listings: readonly Listing[], kind: Kind): Promise<ReadonlySet<Listing>> {
    const { ports, brand } = this.#reading;
    const known = new Set(listings.filter((one) => this.#known.has(hashOf(listingKey(one)))));
    if (kind === "deep") {
      this.#versions ??= await knownFromLog(this.#reading, LOG_DAYS);
      for (const one of listings) if (this.#versions.hasListing(one)) known.add(one);
    }
    const rest = listings.filter((one) => !known.has(one));
    const stored = await knownFromTable(ports.table, rest, brand, this.#collections);
    return new Set([...known, ...stored]);
  }

  async #notInLog(observations: readonly Observation[]): Promise<readonly Observation[]> {
    this.#versions ??= await knownFromLog(this.#reading, LOG_DAYS);
    const versions = this.#versions;
    return observations.filter((seen) => !versions.has(seen));
  }

  #remember({ observations, rejected, listed, deleted }: SourcePage<Observation>): void {
    const readIds = new Set(observations.map(idOf));
    const rejectedIds = new Set(rejected.map(({ id }) => id));
    for (const one of listed ?? []) {
      if (!rejectedIds.has(one.id)) this.#seen.set(hashOf(listingKey(one)), one.changedAt);
    }
    for (const one of observations) {
      if (listed === undefined) this.#seen.set(hashOf(this.#dated(one)), changeOf(one));
    }
    for (const one of [...rejected, ...(deleted ?? [])]) this.#seen.set(hashOf(one), null);
    this.#shown.push(...readIds);
  }

  async #rules(): Promise<Rules> {
    const { ports, source, brand, now } = this.#reading;
    this.#other ??= await readSourceState(ports.table, source === "erp" ? "storefront" : "erp");
    const storefront = source === "storefront" ? this.#state : this.#other;
    const erp = source === "erp" ? this.#state : this.#other;
    this.#policy ??= await readPolicy(ports.table, brand, { storefront, erp });
    return {
      policy: { ...this.#policy, watchedSince: storefront.watchedSince },
      horizon: horizon([this.#state, this.#other], now),
      now,
      retentionMs: milliseconds(brand.retention.matched),
    };
  }

  #policy: Rules["policy"] | null = null;

  #overlapMs(): number {
    return milliseconds(this.#reading.brand.pull.overlap);
  }

  #lease(): SourceState["lease"] {
    const { run, now } = this.#reading;
    return { holder: run, until: plus(now, LEASE_MS) };
  }

  #remembered(): string[] {
    return [...new Set([...this.#known, ...this.#seen.keys()])].slice(-MOST_SEEN);
  }

  /** Of what this window held, what the next one will show again: the rest would only be carried. */
  #seenAgain(watermark: Instant): string[] {
    const from = plus(watermark, -(this.#overlapMs() + SOURCE_LOOK_BACK_MS));
    const again = [...this.#seen].filter(([, changed]) => changed === null || changed >= from);
    return again.map(([hash]) => hash).slice(-MOST_SEEN);
  }

  #shownLately(): readonly string[] {
    return this.#shown.length > 0 ? this.#shown.slice(-MOST_SHOWN) : this.#state.shown;
  }

  /** Fenced by the version that this run read: whoever saved in between holds the newer token. */
  async #save(change: Partial<SourceState>): Promise<void> {
    const { ports, source } = this.#reading;
    const next = { ...this.#state, ...change };
    if (!(await saveSourceState(ports.table, source, next, this.#state)))
      throw new FencedOut(source);
    this.#state = { ...next, version: next.version + 1 };
  }
}

function newStretch(since: Instant, until: Instant, startedAt: Instant): Stretch {
  return { since, until, cursor: null, highWater: null, counted: 0, reported: null, startedAt };
}

function changeOf(seen: Observation): Instant {
  return seen.role === "erp" ? seen.modifiedAt : seen.updatedAt;
}

function hashOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value))
    .digest("base64url")
    .slice(0, SEEN_LENGTH);
}

function plus(instant: Instant, ms: number): Instant {
  return new Date(Date.parse(instant) + ms).toISOString();
}

function sumOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}

function latest(one: Instant | null, other: Instant | null): Instant | null {
  return one === null || (other !== null && other > one) ? other : one;
}

function earliest(one: Instant | null, other: Instant): Instant | null {
  return one === null || one < other ? one : other;
}

class FencedOut extends Error {
  override readonly name = "FencedOut";
  constructor(source: Source) {
    super(`another pull of the ${source} saved meanwhile: this one stops, nothing is lost`);
  }
}

class CursorStuck extends Error {
  override readonly name = "CursorStuck";
  constructor(source: Source, cursor: string) {
    const shown = cursor.slice(0, 80);
    super(`the ${source} gave the same cursor twice (${shown}): the window stays open`);
  }
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** As long as a run can live: a lease never ends under a run that still holds it. */
const LEASE_MS = 10 * 60_000;
/** An unfinished window that is older waits behind the newest. */
const BACKLOG_MS = HOUR_MS;
/** A window that would be longer is read in two, the last hours of it first. */
const LONG_MS = DAY_MS;
const RECENT_MS = 6 * HOUR_MS;
const LOOK_BACK_MS = 3 * DAY_MS;
/** The days of the log that hold what the look back meets. */
const LOG_DAYS = 4;
const MOST_SEEN = 800;
const MOST_SHOWN = 3;
const ASKED_AT_ONCE = 100;
/** Clocks differ by minutes; what is further ahead is dated wrongly. */
const FUTURE_MS = HOUR_MS;
/** The look back asks without an upper bound: what is dated in the future is met there. */
const FAR_FUTURE: Instant = "9999-12-31T00:00:00.000Z";
/** What a source reads again of its own accord, for its clock's repeated hour. */
const SOURCE_LOOK_BACK_MS = 2 * HOUR_MS;

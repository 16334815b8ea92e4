import { milliseconds } from "../../brand.ts";
import { after } from "../../refund/time/instant.ts";
import type { Observation } from "../../refund/observation/observation.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { SourcePage } from "../../systems/source.ts";
import { askAgain, asksDue, isFinal, postpone } from "../store/ask-again.ts";
import type { DueAsk } from "../store/ask-again.ts";
import { idOf } from "./commit-page.ts";
import { LOOK_BACK_DAYS } from "./known-listings.ts";
import { PageIntake } from "./page-intake.ts";
import type { Reading, PageResult, PageContext } from "./page-intake.ts";
import { againRef } from "../store/quarantine.ts";
import { doubtOf } from "./window-doubt.ts";
import type { Canary } from "./window-doubt.ts";
import { saveSourceState } from "../store/source-state.ts";
import { addCounts, fromBeginning, earliest, latest, newWindow, sumOf } from "./window-progress.ts";
import type { Source, SourceState, WindowProgress } from "../store/source-state.ts";

/** The windows of a source, as its state names them. */
type Kind = "underway" | "backlog" | "deep";

/**
 * Reads windows of one source and saves how far it has read. Each page is committed before its
 * cursor is saved. The watermark moves only after the last page, and never past the window's end.
 *
 * After a long pause the newest hours are read first and the rest as a second window (backlog), so
 * that today's refunds do not wait for a week of older ones. Once a day the last three days are
 * read again (look back), to find records that the source showed late.
 */
export class WindowReader {
  /** True when time ran out: the next run continues from the saved state. */
  stopped = false;
  readonly #reading: Reading;
  readonly #intake: PageIntake;
  #state: SourceState;
  #isDoubted = false;

  constructor(reading: Reading, state: SourceState) {
    this.#reading = reading;
    this.#state = state;
    this.#intake = new PageIntake(reading, () => this.#state);
  }

  get counts(): PageIntake["counts"] {
    return this.#intake.counts;
  }

  get state(): SourceState {
    return this.#state;
  }

  /** The newest window first, then the records to ask for again, the backlog, and the look back. */
  async read(): Promise<void> {
    const { now } = this.#reading;
    const { turn, backlog: waiting } = this.#state;
    if (turn === "backlog" && waiting !== null) {
      await this.#window("backlog", waiting);
      if (!this.#mayGoOn()) return;
    }
    const resumed = this.#state.underway;
    const isOld = resumed !== null && resumed.until < after(now, -BACKLOG_MS);
    if (isOld) this.#setBack(resumed);
    // Even when no time is left: a run that reads no page at all would make no progress.
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
   * A window that was not finished for an hour becomes the backlog, and the next window begins at
   * its end. If there is a backlog already, the next window begins where this one stopped.
   */
  #setBack(old: WindowProgress): void {
    const { backlog, watermark } = this.#state;
    const reached = latest(old.since, old.highWater);
    this.#state = {
      ...this.#state,
      underway: null,
      backlog: backlog ?? old,
      watermark: latest(watermark, backlog === null ? old.until : reached),
      // The newest known record is before that watermark: the newest window need not show it.
      newest: null,
    };
  }

  /** Begins at the source's own newest change time minus the overlap, never at our own time. */
  #next(): WindowProgress {
    const { now, brand } = this.#reading;
    const { watermark, backlog, readThrough } = this.#state;
    const since =
      watermark === null
        ? after(now, -milliseconds(brand.pull.lookBack))
        : after(watermark, -milliseconds(this.#reading.brand.pull.overlap));
    const recent = after(now, -RECENT_MS);
    const isUnread = readThrough === null || readThrough < after(now, -LONG_MS);
    const isLong = backlog === null && isUnread && since < recent;
    this.#state = {
      ...this.#state,
      watchedSince: this.#state.watchedSince ?? since,
      ...(isLong && { backlog: newWindow(since, recent, now) }),
    };
    return newWindow(
      isLong ? after(recent, -milliseconds(this.#reading.brand.pull.overlap)) : since,
      now,
      now,
    );
  }

  async #window(kind: Kind, from: WindowProgress): Promise<void> {
    let progress = from;
    let isResumed = from.cursor !== null;
    let hasNews = false;
    const seenCursors = new Set<string>();
    for (;;) {
      const page = await this.#page(progress, kind, isResumed);
      isResumed = false;
      if (page === null) {
        progress = fromBeginning(progress);
        continue;
      }
      if (page.next !== null && (page.next === progress.cursor || seenCursors.has(page.next)))
        throw new CursorStuck(this.#reading.source, page.next);
      if (page.next !== null) seenCursors.add(page.next);
      ({ hasNews } = await this.#take(page, { kind, since: progress.since }));
      const counted = page.counted ?? page.fetched;
      progress = {
        ...progress,
        cursor: page.next,
        highWater: latest(progress.highWater, earliest(page.highWater, progress.until)),
        counted: progress.counted + counted,
        reported: progress.reported ?? page.reported,
        leftOut: addCounts(progress.leftOut, page.skipped),
        ...(page.newest !== undefined && counted > 0 && { showed: page.newest }),
      };
      if (page.next === null) break;
      if (hasNews || this.stopped || kind !== "underway") {
        const turn = kind === "backlog" ? { turn: "newest" as const } : {};
        const seen = kind === "deep" ? this.#seenToKeep(hasNews) : this.#intake.seen.all();
        await this.#save({ [kind]: progress, ...turn, seen, lease: this.#lease() });
      }
      if (this.stopped) return;
    }
    await this.#finish(kind, progress, hasNews);
  }

  /** Null when the source no longer accepts the saved cursor: the window is read again. */
  async #page(
    progress: WindowProgress,
    kind: Kind,
    isResumed: boolean,
  ): Promise<SourcePage<Observation> | null> {
    const { system, source, log } = this.#reading;
    const { since, until, cursor } = progress;
    const window = { since, until: kind === "deep" ? FAR_FUTURE : until };
    try {
      return await system.since(window, cursor, async (listings) =>
        this.#intake.knownOf(listings, kind),
      );
    } catch (error) {
      // A cursor that the source gave in this run is not too old: then the source itself fails.
      if (!isResumed) throw error;
      const reason = error instanceof Error ? error.name : "unknown";
      const sentence =
        "The source refused the saved cursor: the window is read from its beginning.";
      log({ level: "warn", code: "CURSOR_REFUSED", sentence, facts: { source, reason } });
      return null;
    }
  }

  async #finish(kind: Kind, progress: WindowProgress, hasNews: boolean): Promise<void> {
    const { source, log } = this.#reading;
    const { since, until, counted, reported } = progress;
    const trouble =
      kind === "deep" ? null : await doubtOf(this.#reading, progress, this.#canary(kind, progress));
    if (trouble !== null) {
      log({ level: "error", code: "WINDOW_DOUBTED", sentence: trouble, facts: { source, until } });
      // Only the reason is saved: the next run reads the window again from its beginning.
      this.#isDoubted = true;
      await this.#save({
        trouble,
        [kind]: kind === "underway" ? null : fromBeginning(progress),
        lease: null,
      });
      return;
    }
    if (kind === "underway") await this.#finishNewest(progress);
    if (kind === "backlog") {
      const watermark = latest(this.#state.watermark, earliest(progress.highWater, until));
      await this.#save({
        backlog: null,
        turn: "newest",
        watermark,
        newest: this.#intake.newest,
        seen: this.#seenAgain(watermark ?? until),
        shown: this.#intake.shownLately(),
        completeThrough: this.#state.readThrough ?? until,
        taken: this.#state.taken + counted,
        reported: sumOf(this.#state.reported, reported),
        lease: null,
      });
    }
    if (kind === "deep") {
      await this.#askForUnshown(progress);
      await this.#intake.quarantine.releaseUnseen(progress);
      await this.#save({ deep: null, seen: this.#seenToKeep(hasNews), lease: null });
    }
    const facts = { source, kind, since, until, counted, reported };
    log({ level: "info", code: "WINDOW_COMPLETE", sentence: "Window complete.", facts });
  }

  /**
   * Where deletions are not told, documents that the look back does not show are asked for by id from
   * now on. A look back that another run began did not see all pages in this run.
   */
  async #askForUnshown({ since, startedAt, counted }: WindowProgress): Promise<void> {
    const { system, source, ports, now } = this.#reading;
    if (system.deletesUnseen !== true || startedAt !== now || counted === 0) return;
    const ids = await this.#intake.unshownSince(since);
    for (let at = 0; at < ids.length && this.#mayGoOn(); at += UNSHOWN_AT_ONCE) {
      const { notShown = [] } = await system.byId(ids.slice(at, at + UNSHOWN_AT_ONCE));
      const asks = notShown.map((ref) => ({
        ref,
        orderId: "",
        why: "not shown" as const,
        since: now,
      }));
      await askAgain(ports.table, source, asks, now);
    }
  }

  /**
   * The instant through which the source can be complete. The source dates its records by its own
   * clock, and our clock may be ahead of it.
   */
  #toldThrough(until: Instant): Instant {
    const { system, source, log } = this.#reading;
    const answeredAt = system.firstAnswerAt?.() ?? null;
    if (answeredAt === null || answeredAt >= until) return until;
    const behindMs = Date.parse(until) - Date.parse(answeredAt);
    if (behindMs > CLOCKS_DIFFER_MS) {
      const sentence =
        "The source's clock is behind ours: the source counts as complete through its own time.";
      log({ level: "warn", code: "CLOCKS_DIFFER", sentence, facts: { source, behindMs } });
    }
    return answeredAt;
  }

  async #finishNewest({
    until: asked,
    highWater,
    counted,
    reported,
    leftOut,
    showed,
  }: WindowProgress): Promise<void> {
    const { readThrough, backlog, completeThrough, trouble } = this.#state;
    const until = latest(readThrough, this.#toldThrough(asked)) ?? asked;
    const isRepeat = readThrough === until && this.counts.changed === 0 && trouble === null;
    if (isRepeat) return;
    const watermark = latest(this.#state.watermark, earliest(highWater, until));
    await this.#save({
      watermark,
      // After a window without any record, the newest known record no longer exists.
      newest: counted === 0 && highWater === null ? null : (this.#intake.newest ?? showed ?? null),
      // When time runs out and there is a backlog, the next run begins with the backlog.
      turn: backlog !== null && !this.#mayGoOn() ? "backlog" : "newest",
      readThrough: until,
      completeThrough: backlog === null ? until : completeThrough,
      underway: null,
      lease: null,
      trouble: null,
      absent: this.#state.absent ?? this.#reading.system.absent?.() ?? [],
      shown: this.#intake.shownLately(),
      seen: this.#seenAgain(watermark ?? until),
      taken: counted,
      reported,
      leftOut,
    });
  }

  /**
   * What the source must still show when the newest window is empty: the record at the watermark,
   * and one of the records that it showed before.
   */
  #canary(kind: Kind, { since }: WindowProgress): Canary {
    const { shown, newest, watermark, trouble } = this.#state;
    if (kind !== "underway") return { shown: [], newest: null, trouble };
    const isInside = watermark !== null && watermark >= since;
    return { shown, newest: isInside ? newest : null, trouble };
  }

  /** Reads due records that were not final or not readable, until they are final and readable. */
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
      const { refused } = await this.#take(page, {
        kind: "again",
        since: now,
        asked: new Set(refs),
      });
      const rejected = [...page.rejected, ...refused];
      for (const ask of due) await this.#answered(ask, { ...page, rejected });
      if (this.#state.quarantined !== this.#intake.quarantine.count) {
        await this.#save({});
      }
    }
  }

  async #answered(ask: DueAsk, page: SourcePage<Observation>): Promise<void> {
    const { ports, source, system, now } = this.#reading;
    const seen = page.observations.find((one) => idOf(one) === ask.ref);
    const isUnread = page.rejected.some((one) => againRef(one) === ask.ref);
    const isDeleted = page.deleted?.some(({ id }) => id === ask.ref) === true;
    const isMissing = page.notShown?.includes(ask.ref) === true;
    // One empty answer proves nothing; an order that is not shown for a week is gone.
    const isLong = ask.since < after(now, -WEEK_MS);
    const isGone = isMissing && ask.why === "not shown" && isLong;
    const isForgotten = ask.why === "gone" && seen === undefined && !isUnread && isLong;
    const isOrder = ask.ref.startsWith("order:") && !isUnread && (!isMissing || isGone);
    if (isOrder) await this.#intake.quarantine.removeReadable([ask.ref]);
    const isPart = page.partOf?.includes(ask.ref) === true;
    const isRead = seen !== undefined && isFinal(seen) && !isUnread;
    const isVanished =
      system.deletesUnseen === true &&
      isMissing &&
      ask.why === "not shown" &&
      ask.since < after(now, -DAY_MS);
    if (isVanished) {
      const deleted = [{ id: ask.ref, at: now, by: null }];
      await this.#take({ ...NO_ROWS, deleted }, { kind: "again", since: now });
    }
    if (isOrder || isPart || isDeleted || isRead || isForgotten || isVanished) {
      await ports.table.remove(ask.key);
      return;
    }
    const why = whyStill(ask, { isShown: seen !== undefined, isUnread });
    await postpone(ports.table, source, { ...ask, why }, now);
  }

  /**
   * Once a day, reads the last days again, three unless the source needs more: an unchanged record costs no write, and a new
   * record came late. It reads further back when a record in quarantine cannot be found by its id.
   */
  async #lookBack(): Promise<void> {
    const { now } = this.#reading;
    const { deep, deepAt, watchedSince } = this.#state;
    if (deep !== null) return this.#window("deep", deep);
    if (deepAt === null) {
      // The first pull has just read these days.
      return this.#save({ deepAt: now });
    }
    if (now < after(deepAt, DAY_MS)) return;
    const notFound = await this.#intake.quarantine.notFoundSince();
    const { lookBackDays = LOOK_BACK_DAYS } = this.#reading.system;
    const usual = after(now, -lookBackDays * DAY_MS);
    const from = notFound !== null && notFound < usual ? notFound : usual;
    const since = watchedSince !== null && watchedSince > from ? watchedSince : from;
    const begun = newWindow(since, now, now);
    await this.#save({ deep: begun, deepAt: now });
    await this.#window("deep", begun);
  }

  /**
   * A page of the look back without new versions does not change the list: writing the list with
   * every page would cost more than all reads of the look back. A new version replaces an older
   * version in the list.
   */
  #seenToKeep(hasNews: boolean): readonly string[] {
    const { seen, watermark } = this.#state;
    return hasNews && watermark !== null ? this.#seenAgain(watermark) : seen;
  }

  /** The versions of this window that the next window shows again; the others are not needed. */
  #seenAgain(watermark: Instant): string[] {
    const { brand } = this.#reading;
    const back = milliseconds(brand.pull.overlap) + SOURCE_LOOK_BACK_MS;
    return this.#intake.seen.changedSince(after(watermark, -back));
  }

  #lease(): SourceState["lease"] {
    const { run, now } = this.#reading;
    return { holder: run, until: after(now, LEASE_MS) };
  }

  async #take(page: SourcePage<Observation>, context: PageContext): Promise<PageResult> {
    const result = await this.#intake.take(page, context);
    this.stopped = this.#reading.remainingMs() <= 0;
    return result;
  }

  /**
   * On condition of the version that this run read: a run that saved in between has a newer one.
   */
  async #save(change: Partial<SourceState>): Promise<void> {
    const { ports, source, now } = this.#reading;
    const quarantined = this.#intake.quarantine.count;
    const next = { ...this.#state, quarantined, savedAt: now, ...change };
    if (!(await saveSourceState(ports.table, source, next, this.#state)))
      throw new FencedOut(source);
    this.#state = { ...next, version: next.version + 1 };
  }
}

/** Why it must be asked for again: a record that was gone may have come back. */
function whyStill(
  { why }: DueAsk,
  { isShown, isUnread }: { readonly isShown: boolean; readonly isUnread: boolean },
): DueAsk["why"] {
  if (!isShown && !isUnread) return why === "gone" ? why : "not shown";
  if (why !== "gone") return why;
  return isUnread ? "unreadable" : "not final";
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
    super(`the ${source} gave the same cursor twice (${shown}): the next run tries again`);
  }
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** A slow answer takes seconds; a larger difference comes from the clocks. */
const CLOCKS_DIFFER_MS = 60_000;
/** The longest time that a run can take, so that a lease never ends before its run. */
const LEASE_MS = 10 * 60_000;
const UNSHOWN_AT_ONCE = 50;
const NO_ROWS: SourcePage<Observation> = {
  raw: [],
  observations: [],
  rejected: [],
  skipped: {},
  next: null,
  highWater: null,
  reported: null,
  fetched: 0,
};
/** An unfinished window that is older than this becomes the backlog. */
const BACKLOG_MS = HOUR_MS;
/** A window that would be longer is read in two parts, its last hours first. */
const LONG_MS = DAY_MS;
const RECENT_MS = 6 * HOUR_MS;
/** A source itself reads this much again, for the hour that its clock repeats in autumn. */
const SOURCE_LOOK_BACK_MS = 2 * HOUR_MS;
const ASKED_AT_ONCE = 100;
/** The look back has no upper bound, so that it finds records that are dated in the future. */
const FAR_FUTURE: Instant = "9999-12-31T00:00:00.000Z";

import { createHash } from "node:crypto";

import { milliseconds } from "../brand.ts";
import type { Brand } from "../brand.ts";
import type { Log } from "../log.ts";
import type { Instant, Observation } from "../refund/observation.ts";
import type { SourcePage, System, Window } from "../systems/source.ts";
import { commitPage } from "./commit-page.ts";
import type { Rules } from "./commit-page.ts";
import { policyOf } from "./policy.ts";
import type { Stores } from "./ports.ts";
import { release } from "./quarantine.ts";
import { SEEN_LENGTH, horizon, readSourceState, saveSourceState } from "./source-state.ts";
import type { Source, SourceState } from "./source-state.ts";
import { idOf, stillUnfinished } from "./unfinished.ts";

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

/**
 * Reads windows of one source and keeps its state in step: each page is committed before the cursor
 * is saved, and the watermark moves only after the last page.
 */
export class WindowReader {
  /** True when time ran out: the saved cursor is where the next run goes on. */
  stopped = false;
  readonly counts = { fetched: 0, changed: 0, quarantined: 0 };
  readonly #reading: Reading;
  readonly #known: ReadonlySet<string>;
  /** What this window held, by hash, with the time of its own last change where that is known. */
  readonly #seen = new Map<string, Instant | null>();
  #state: SourceState;
  #other: SourceState | null = null;

  constructor(reading: Reading, state: SourceState) {
    this.#reading = reading;
    this.#state = state;
    this.#known = new Set(state.seen);
    if (state.underway !== null) for (const hash of state.seen) this.#seen.set(hash, null);
  }

  /** From the source's own newest change time, less the overlap: never from our clock. */
  nextWindow(): Window {
    const { now, brand } = this.#reading;
    const { watermark } = this.#state;
    const since =
      watermark === null
        ? plus(now, -milliseconds(brand.pull.lookBack))
        : plus(watermark, -milliseconds(brand.pull.overlap));
    return { since, until: now };
  }

  /** What was not final when last seen: no platform promises to move its change time when it is. */
  async rereadUnsettled(): Promise<void> {
    const { unsettled } = this.#state;
    if (unsettled.length > 0) await this.#commit(await this.#reading.system.byId(unsettled));
  }

  async read(window: Window & Partial<NonNullable<SourceState["underway"]>>): Promise<void> {
    const { since, until } = window;
    const progress = {
      cursor: window.cursor ?? null,
      highWater: window.highWater ?? null,
      fetched: window.fetched ?? 0,
      reported: window.reported ?? null,
    };
    for (;;) {
      const page = await this.#reading.system.since({ since, until }, progress.cursor);
      if (page.next !== null && page.next === progress.cursor)
        throw new CursorStuck(this.#reading.source, page.next);
      const brought = await this.#commit(page);
      progress.highWater = latest(progress.highWater, page.highWater);
      progress.fetched += page.fetched;
      progress.reported ??= page.reported;
      progress.cursor = page.next;
      if (page.next === null) break;
      const underway = { since, until, ...progress, cursor: page.next, ...this.#lease() };
      if (brought || this.stopped) await this.#save({ underway, seen: this.#remembered() });
      if (this.stopped) return;
    }
    await this.#finish(until, progress);
  }

  async #finish(
    until: Instant,
    {
      highWater,
      fetched,
      reported,
    }: Pick<NonNullable<SourceState["underway"]>, "highWater" | "fetched" | "reported">,
  ): Promise<void> {
    const { source, log } = this.#reading;
    const isRepeat = this.#state.completeThrough === until && this.counts.changed === 0;
    if (!isRepeat) {
      await this.#save({
        watermark: latest(this.#state.watermark, highWater),
        completeThrough: until,
        underway: null,
        seen: this.#seenAgain(latest(this.#state.watermark, highWater) ?? until),
        taken: fetched,
        reported,
      });
    }
    const facts = { source, until, fetched, reported };
    log({ level: "info", code: "WINDOW_COMPLETE", sentence: "A window was read whole.", facts });
  }

  /** @returns whether the page brought anything that was not known from the last window */
  async #commit(page: SourcePage<Observation>): Promise<boolean> {
    const { ports, source, log, remainingMs } = this.#reading;
    const observations = page.observations.filter((seen) => !this.#known.has(hashOf(seen)));
    const rejected = page.rejected.filter((one) => !this.#known.has(hashOf(one)));
    const fresh = { source, observations, rejected, raw: page.raw };
    const changed = await commitPage(ports, fresh, await this.#rules());
    const readable = new Set(page.observations.map(idOf));
    for (const name of this.#state.quarantined) {
      if (readable.has(name)) await release(ports.table, source, name);
    }
    for (const one of page.observations) this.#seen.set(hashOf(one), changeOf(one));
    for (const one of page.rejected) this.#seen.set(hashOf(one), null);
    this.#state = { ...this.#state, ...stillUnfinished(this.#state, page) };
    this.counts.fetched += page.fetched;
    this.counts.changed += changed;
    this.counts.quarantined += rejected.length;
    this.stopped = remainingMs() <= 0;

    const facts = { source, fetched: page.fetched, changed, quarantined: rejected.length };
    log({ level: "info", code: "PAGE_COMMITTED", sentence: "A page was taken in.", facts });
    for (const { id, reason } of rejected) {
      const sentence = "A record could not be read and is in quarantine.";
      log({ level: "warn", code: "QUARANTINED", sentence, facts: { source, id, reason } });
    }
    return observations.length + rejected.length > 0;
  }

  async #rules(): Promise<Rules> {
    const { ports, source, brand, now } = this.#reading;
    this.#other ??= await readSourceState(ports.table, source === "erp" ? "storefront" : "erp");
    return {
      policy: policyOf(brand),
      horizon: horizon([this.#state, this.#other], now),
      now,
      retentionMs: milliseconds(brand.retention.matched),
    };
  }

  #lease(): { holder: string; leaseUntil: Instant } {
    const { run, now } = this.#reading;
    return { holder: run, leaseUntil: plus(now, LEASE_MS) };
  }

  #remembered(): string[] {
    return [...new Set([...this.#known, ...this.#seen.keys()])].slice(-MOST_SEEN);
  }

  /** Of what this window held, what the next one will show again: the rest would only be carried. */
  #seenAgain(watermark: Instant): string[] {
    const overlap = milliseconds(this.#reading.brand.pull.overlap) + SOURCE_LOOK_BACK_MS;
    const from = plus(watermark, -overlap);
    const again = [...this.#seen].filter(([, changed]) => changed === null || changed >= from);
    return again.map(([hash]) => hash).slice(-MOST_SEEN);
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

function latest(one: Instant | null, other: Instant | null): Instant | null {
  return one === null || (other !== null && other > one) ? other : one;
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

/** As long as a run can live: a lease never ends under a run that still holds it. */
const LEASE_MS = 10 * 60_000;
const MOST_SEEN = 800;
/** What a source reads again of its own accord, for its clock's repeated hour. */
const SOURCE_LOOK_BACK_MS = 2 * 3_600_000;

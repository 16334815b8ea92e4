import type { Log } from "../../log.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { RejectedRecord } from "../../systems/source.ts";
import type { Stores } from "../ports.ts";
import { allAsks, askUntilGone } from "../store/ask-again.ts";
import type { DueAsk } from "../store/ask-again.ts";
import { isNameless, quarantineName, readQuarantine, release } from "../store/quarantine.ts";
import type { Quarantined } from "../store/quarantine.ts";
import type { Source, WindowProgress } from "../store/source-state.ts";

/** The list of a source's unreadable records, as one run reads and changes it. */
export class QuarantineInRun {
  readonly #of: RunContext;
  readonly #countBefore: () => number;
  #names: Set<string> | null = null;

  /** @param countBefore the count that an earlier run saved */
  constructor(run: RunContext, countBefore: () => number) {
    this.#of = run;
    this.#countBefore = countBefore;
  }

  /** How many records of the source are in quarantine. */
  get count(): number {
    return this.#names?.size ?? this.#countBefore();
  }

  /** @returns how many are new in quarantine */
  async add(rejected: readonly RejectedRecord[]): Promise<number> {
    const names = await this.#own();
    const before = names.size;
    for (const one of rejected) names.add(quarantineName(one));
    return names.size - before;
  }

  /** Removes the records that can be read now. */
  async removeReadable(readable: readonly string[]): Promise<void> {
    if (readable.length === 0) return;
    const names = await this.#own();
    for (const name of readable) {
      if (names.delete(name)) await release(this.#of.ports.table, this.#of.source, name);
    }
  }

  /**
   * Removes records that cannot be found by id and that the look back did not find in their window
   * either. A record with an id is asked for one more week.
   */
  async releaseUnseen({ since, startedAt }: WindowProgress): Promise<void> {
    const { ports, source, now, log } = this.#of;
    const names = await this.#own();
    for (const { entry, ask } of await this.#notFound()) {
      const { name, seenAt, from } = entry;
      if (seenAt >= startedAt || from < since || !names.delete(name)) continue;
      await release(ports.table, source, name);
      if (ask !== null) await askUntilGone(ports.table, source, ask, now);
      const sentence = "Record removed from quarantine: the source no longer shows it.";
      log({ level: "warn", code: "NO_LONGER_SHOWN", sentence, facts: { source, name } });
    }
  }

  /** The look back must begin at this time to find every record that cannot be found by id. */
  async notFoundSince(): Promise<Instant | null> {
    const from = (await this.#notFound()).map(({ entry }) => entry.from);
    return from.toSorted()[0] ?? null;
  }

  /** Entries that have no id to ask for, or that were asked for and not shown. */
  async #notFound(): Promise<readonly NotFound[]> {
    const { ports, source } = this.#of;
    if ((await this.#own()).size === 0) return [];
    const asks = await allAsks(ports.table, source);
    const notShown = new Map(
      asks.flatMap((ask) => (ask.why === "not shown" ? [[ask.ref, ask]] : [])),
    );
    return (await readQuarantine(ports.table)).flatMap((entry) => {
      const ask = notShown.get(entry.name) ?? null;
      const isOne = entry.source === source && (isNameless(entry.name) || ask !== null);
      return isOne ? [{ entry, ask }] : [];
    });
  }

  /** Read once in each run: an earlier run may have died before it saved the count. */
  async #own(): Promise<Set<string>> {
    if (this.#names === null) {
      const { ports, source, now } = this.#of;
      const entries = await readQuarantine(ports.table);
      // Entries of this run are left out here, because they were already written with their page.
      const own = entries.filter((entry) => entry.source === source && entry.since < now);
      this.#names = new Set(own.map(({ name }) => name));
    }
    return this.#names;
  }
}

type RunContext = {
  readonly ports: Stores;
  readonly source: Source;
  readonly now: Instant;
  readonly log: Log;
};

type NotFound = { readonly entry: Quarantined; readonly ask: DueAsk | null };

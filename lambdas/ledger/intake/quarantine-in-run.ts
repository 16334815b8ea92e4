import type { Log } from "../../log.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { RejectedRecord } from "../../systems/source.ts";
import type { Stores } from "../ports.ts";
import { allAsks, askUntilGone } from "../store/ask-again.ts";
import type { DueAsk } from "../store/ask-again.ts";
import { isNameless, quarantineName, readQuarantine, release } from "../store/quarantine.ts";
import type { Quarantined } from "../store/quarantine.ts";
import type { Source, WindowProgress } from "../store/source-state.ts";

/** The register of a source's unreadable records, as one run reads and changes it. */
export class QuarantineInRun {
  readonly #of: Of;
  readonly #countBefore: () => number;
  #names: Set<string> | null = null;

  /** @param countBefore as an earlier run left it behind */
  constructor(of: Of, countBefore: () => number) {
    this.#of = of;
    this.#countBefore = countBefore;
  }

  /** How many records of the source are in quarantine. */
  get count(): number {
    return this.#names?.size ?? this.#countBefore();
  }

  /** @returns how many were not there yet */
  async add(rejected: readonly RejectedRecord[]): Promise<number> {
    const names = await this.#own();
    const before = names.size;
    for (const one of rejected) names.add(quarantineName(one));
    return names.size - before;
  }

  /** What can be read now leaves. */
  async letOut(readable: readonly string[]): Promise<void> {
    if (readable.length === 0) return;
    const names = await this.#own();
    for (const name of readable) {
      if (names.delete(name)) await release(this.#of.ports.table, this.#of.source, name);
    }
  }

  /**
   * A record that its id does not find leaves by not being there any more: the look back has read
   * its window again and did not meet it. It is still asked for, for a week.
   */
  async releaseUnseen({ since, startedAt }: WindowProgress): Promise<void> {
    const { ports, source, now, log } = this.#of;
    const names = await this.#own();
    for (const { entry, ask } of await this.#notFound()) {
      const { name, seenAt, from } = entry;
      if (seenAt >= startedAt || from < since || !names.delete(name)) continue;
      await release(ports.table, source, name);
      if (ask !== null) await askUntilGone(ports.table, source, ask, now);
      const sentence = "A record left quarantine: the source does not show it any more.";
      log({ level: "warn", code: "NO_LONGER_SHOWN", sentence, facts: { source, name } });
    }
  }

  /** From when on the look back must read, to meet every record that its id does not find. */
  async notFoundSince(): Promise<Instant | null> {
    const from = (await this.#notFound()).map(({ entry }) => entry.from);
    return from.toSorted()[0] ?? null;
  }

  /** What has no id to ask for, or was asked for and not shown. */
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

  /** Read once a run: the count that an earlier run left behind may be of before it died. */
  async #own(): Promise<Set<string>> {
    if (this.#names === null) {
      const { ports, source, now } = this.#of;
      const entries = await readQuarantine(ports.table);
      // Those of this very run are there already: they were written with their page.
      const own = entries.filter((entry) => entry.source === source && entry.since < now);
      this.#names = new Set(own.map(({ name }) => name));
    }
    return this.#names;
  }
}

type Of = {
  readonly ports: Stores;
  readonly source: Source;
  readonly now: Instant;
  readonly log: Log;
};

type NotFound = { readonly entry: Quarantined; readonly ask: DueAsk | null };

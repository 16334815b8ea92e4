import type { Item, Key, Ports } from "../../lambdas/ledger/ports.ts";

/** Thrown at a chosen operation: the process is gone, nothing after it runs. */
export class Crash extends Error {}

/**
 * The ports in memory, with what the real ones promise: conditional puts by version, keys in order.
 * Every operation that writes is counted, and one of them can be the last thing this process did.
 */
export class MemoryPorts implements Ports {
  readonly items = new Map<string, Item>();
  readonly files = new Map<string, Uint8Array>();
  readonly published: Parameters<Ports["notifier"]["publish"]>[0][] = [];
  writes: string[] = [];
  reads = 0;
  /** Crash at the write of this number (1 is the first), before or after it takes effect. */
  crashAt: { write: number; when: "before" | "after" } | null = null;
  #isDead = false;

  readonly table: Ports["table"] = {
    get: async (key) => this.#read(() => this.items.get(name(key)) ?? null),
    query: async (pk, { from = "", to, limit = Infinity } = {}) =>
      this.#read(() =>
        [...this.items.values()]
          .filter((item) => item.pk === pk && item.sk > from && (to === undefined || item.sk <= to))
          .toSorted((a, b) => (a.sk < b.sk ? -1 : 1))
          .slice(0, limit),
      ),
    queryOpen: async () =>
      this.#read(() => [...this.items.values()].filter((item) => item["openPk"] === "open")),
    put: async (item, expected) =>
      this.#write(`put ${name(item)}`, () => {
        const stored = this.items.get(name(item));
        if (expected !== "any" && (stored?.["v"] ?? 0) !== expected) return false;
        this.items.set(name(item), structuredClone(item));
        return true;
      }),
    remove: async (key) =>
      this.#write(`remove ${name(key)}`, () => void this.items.delete(name(key))),
  };

  readonly objects: Ports["objects"] = {
    put: async (key, body) =>
      this.#write(`object ${key}`, () => void this.files.set(key, Buffer.from(body))),
    get: async (key) => this.#read(() => this.files.get(key) ?? null),
    list: async (prefix) =>
      this.#read(() => [...this.files.keys()].filter((key) => key.startsWith(prefix)).toSorted()),
  };

  readonly notifier: Ports["notifier"] = {
    publish: async (message) =>
      this.#write(`publish ${message.dedupeKey}`, () => void this.published.push(message)),
  };

  /** What is kept, without the counters that only say how often it was written. */
  state(prefixes: readonly string[] = ["order#", "loose#"]): unknown {
    return [...this.items.values()]
      .filter(({ pk }) => prefixes.some((prefix) => pk.startsWith(prefix)))
      .map(({ v: _version, ...item }) => ({ ...item, sides: String(item["sides"]) }))
      .toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
  }

  #read<Value>(what: () => Value): Value {
    this.reads += 1;
    this.#refuseIfDead();
    return what();
  }

  #write<Value>(what: string, effect: () => Value): Value {
    this.#refuseIfDead();
    const number = this.writes.push(what);
    const isLast = this.crashAt?.write === number;
    this.#isDead = isLast;
    if (isLast && this.crashAt?.when === "before") throw new Crash(what);
    const value = effect();
    if (isLast) throw new Crash(what);
    return value;
  }

  /** A process that is gone does nothing more, whatever it would catch. */
  #refuseIfDead(): void {
    if (this.crashAt === null) this.#isDead = false;
    if (this.#isDead) throw new Crash("the process is gone");
  }
}

function name({ pk, sk }: Key): string {
  return `${pk}|${sk}`;
}

import { ItemRefused } from "../../lambdas/ledger/ports.ts";
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
          .toSorted((a, b) => Buffer.compare(Buffer.from(a.sk), Buffer.from(b.sk)))
          .slice(0, limit),
      ),
    queryOpen: async () =>
      this.#read(() => [...this.items.values()].filter((item) => item["openPk"] === "open")),
    put: async (item, expected) =>
      this.#write(`put ${name(item)}`, () => {
        refuseTooLarge(item);
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

/** The limits of DynamoDB: 400 KB an item, 2,048 and 1,024 bytes a key. */
function refuseTooLarge(item: Item): void {
  const { pk, sk } = item;
  const bytes = Object.entries(item).reduce(
    (sum, [key, value]) => sum + key.length + sizeOf(value),
    0,
  );
  const keysAreLong = Buffer.byteLength(pk) > 2_048 || Buffer.byteLength(sk) > 1_024;
  if (bytes > 400 * 1_024 || keysAreLong)
    throw new ItemRefused(item, "it is too large or malformed");
}

function sizeOf(value: Item[string]): number {
  if (typeof value === "number") return 8;
  if (typeof value === "string") return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.byteLength;
  return value.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 3);
}

function name({ pk, sk }: Key): string {
  return `${pk}|${sk}`;
}

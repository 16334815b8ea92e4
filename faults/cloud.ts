import type { Item, Key, Ports } from "../lambdas/ledger/ports.ts";
import { MemoryPorts } from "../test/fakes/memory-ports.ts";
import type { Actor, Op, Stage, Trouble } from "./stage.ts";

/**
 * The brand's table, bucket and topics in memory. Every call of an invocation is a step of the
 * stage, and a fault may affect it.
 */
export class SimulatedCloud {
  readonly memory = new MemoryPorts();
  readonly published: Published[] = [];
  /** Every write to the table, with the item that it replaced. */
  readonly puts: Put[] = [];
  #changes: { readonly at: number; readonly key: string; readonly before: Item | null }[] = [];
  readonly #stage: Stage;
  readonly #troubleOf: (op: Op) => Trouble | null;

  constructor(stage: Stage, troubleOf: (op: Op) => Trouble | null) {
    this.#stage = stage;
    this.#troubleOf = troubleOf;
  }

  portsOf(actor: Actor): Ports {
    const marksSent = (of: Pick<Op, "what" | "name">, trouble: Trouble | null): void => {
      if (trouble === null || of.what !== "put" || !of.name.startsWith("sent|")) return;
      const key = of.name.slice("sent|".length);
      for (const one of this.published) if (one.dedupeKey === key) one.wasUnmarked = true;
    };
    const step = async <Value>(
      of: Pick<Op, "port" | "what" | "name" | "writes">,
      costMs: number,
      effect: (trouble: Trouble | null) => Promise<Value> | Value,
    ): Promise<Value> => {
      actor.ops += 1;
      const op = { actor, nth: actor.ops, ...of };
      const troubleOf = (one: Op): Trouble | null => {
        const trouble = this.#troubleOf(one);
        marksSent(of, trouble);
        return trouble;
      };
      return this.#stage.step(op, costMs, troubleOf, effect);
    };
    const table = { port: "table", writes: false } as const;
    const tableWrite = { port: "table", writes: true } as const;
    const { memory } = this;
    return {
      table: {
        get: async (key, options) =>
          step({ ...table, what: "get", name: nameOf(key) }, 4, async (trouble) => {
            const stale = options?.consistent === false ? lagOf(trouble) : 0;
            if (stale > 0) return this.#asOf(stale).get(nameOf(key)) ?? null;
            return memory.table.get(key, options);
          }),
        query: async (pk, options) =>
          step({ ...table, what: "query", name: pk }, 5, async (trouble) => {
            const stale = options?.consistent === true ? 0 : lagOf(trouble);
            if (stale === 0) return memory.table.query(pk, options);
            const past = new MemoryPorts();
            for (const [key, item] of this.#asOf(stale)) past.items.set(key, item);
            return past.table.query(pk, options);
          }),
        queryOpen: async () =>
          step({ ...table, what: "queryOpen", name: "open" }, 6, async (trouble) => {
            const stale = lagOf(trouble);
            if (stale === 0) return memory.table.queryOpen();
            return [...this.#asOf(stale).values()].filter((item) => item["openPk"] === "open");
          }),
        put: async (item, expected) =>
          step({ ...tableWrite, what: "put", name: nameOf(item) }, 6, async () => {
            const before = memory.items.get(nameOf(item)) ?? null;
            const isDone = await memory.table.put(item, expected);
            if (isDone) this.#note(actor, nameOf(item), item, before);
            return isDone;
          }),
        remove: async (key) =>
          step({ ...tableWrite, what: "remove", name: nameOf(key) }, 6, async () => {
            const before = memory.items.get(nameOf(key)) ?? null;
            await memory.table.remove(key);
            if (before !== null) this.#note(actor, nameOf(key), null, before);
          }),
      },
      objects: {
        put: async (key, body, contentType) =>
          step({ port: "objects", what: "put", name: key, writes: true }, 30, async () =>
            memory.objects.put(key, body, contentType),
          ),
        get: async (key) =>
          step({ port: "objects", what: "get", name: key, writes: false }, 20, async () =>
            memory.objects.get(key),
          ),
        list: async (prefix) =>
          step({ port: "objects", what: "list", name: prefix, writes: false }, 20, async () =>
            memory.objects.list(prefix),
          ),
      },
      notifier: {
        publish: async (message) =>
          step(
            { port: "notifier", what: "publish", name: message.dedupeKey, writes: true },
            40,
            (trouble) => {
              const { ms: at } = this.#stage.clock;
              this.published.push({
                ...message,
                at,
                actor,
                isReplyLost: trouble !== null,
                wasUnmarked: false,
              });
            },
          ),
      },
    };
  }

  /** Restores the table to its content at `at`. The bucket and the topics do not change. */
  restoreTable(at: number): void {
    const past = this.#asOf(this.#stage.clock.ms - at);
    this.memory.items.clear();
    for (const [key, item] of past) this.memory.items.set(key, item);
    this.#changes = [];
  }

  #note(actor: Actor, key: string, item: Item | null, before: Item | null): void {
    const at = this.#stage.clock.ms;
    this.#changes.push({ at, key, before });
    this.puts.push({ at, actor, key, item, before });
  }

  /** The content of the table `agoMs` milliseconds ago. */
  #asOf(agoMs: number): Map<string, Item> {
    const since = this.#stage.clock.ms - agoMs;
    const past = new Map(this.memory.items);
    for (const { at, key, before } of this.#changes.toReversed()) {
      if (at < since) break;
      if (before === null) past.delete(key);
      else past.set(key, before);
    }
    return past;
  }
}

export type Published = Parameters<Ports["notifier"]["publish"]>[0] & {
  readonly at: number;
  readonly actor: Actor;
  /** SNS accepted it, but the publisher does not know that. */
  readonly isReplyLost: boolean;
  /** The write of its sent mark had a fault, so no run can know that it was sent. */
  wasUnmarked: boolean;
};

export type Put = {
  readonly at: number;
  readonly actor: Actor;
  readonly key: string;
  /** Null if the item was removed. */
  readonly item: Item | null;
  readonly before: Item | null;
};

function nameOf({ pk, sk }: Key): string {
  return `${pk}|${sk}`;
}

function lagOf(trouble: Trouble | null): number {
  return trouble?.kind === "stale" ? trouble.ms : 0;
}
